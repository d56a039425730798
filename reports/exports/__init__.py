"""Workbooks, both ways. Nothing else in the house knows openpyxl, and it is imported inside functions only: a third of a
second that pages without a workbook need not pay."""
