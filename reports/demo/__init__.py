"""The demonstration: the source document's own case, with invented figures, sentences and people.

`facts` and `plans` hold what was agreed, `stories` what the months said, `months` puts both on the calendar
(pure data, always the same), and `build` writes it into the database.
"""
