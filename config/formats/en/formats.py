"""English pages are read in Japan: day before month, and dates typed the ISO way."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "G:i"
DATETIME_FORMAT = "j F Y, G:i"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
SHORT_DATE_FORMAT = "Y-m-d"
SHORT_DATETIME_FORMAT = "Y-m-d G:i"
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%Y/%m/%d"]
