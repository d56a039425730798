"""Search that folds width, case, kana and spaces: ちばのWA finds ちばのＷＡ and チバノwa."""

import unicodedata

KATAKANA_TO_HIRAGANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}


def fold(text: str) -> str:
    """For comparing only; what a person wrote is stored as written."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(KATAKANA_TO_HIRAGANA)
    return "".join(folded.replace("\0", "").split())  # PostgreSQL takes no NUL
