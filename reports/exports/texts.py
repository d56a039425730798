"""Texts as a cell can hold them: what is written goes through here, and what is read is compared after it."""

import re

UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # XML has no place for them
EXCEL_RETURN = "_x000D_"  # how Excel writes a carriage return


def plain(text: str) -> str:
    """One kind of line end, no control letters, nothing at the ends."""
    lines = text.replace(EXCEL_RETURN, "").replace("\r\n", "\n").replace("\r", "\n")
    return UNWRITABLE.sub("", lines).strip()
