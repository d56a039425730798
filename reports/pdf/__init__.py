"""Documents on paper. Nothing else in the house knows WeasyPrint."""
