"""A plan in a table: rows of text become a draft, the draft is compared with the plan in force, a plan becomes rows."""
