"""How people write a plan, read: numbers of a list, figures and targets, years, dates. Pure: no database, no clock."""
