"""Full-width digits and signs, and nothing else.

NFKC would do more than is wanted: it turns ① into 1 and ㈱ into (株). So numbers and dates go through
this table, and free text goes through nothing.
"""

SIGNS = {
    "，": ",", "、": ",", "．": ".", "：": ":", "／": "/", "％": "%", "＋": "+", "￥": "¥",
    "－": "-", "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "―": "-", "ー": "-", "▲": "-", "△": "-",
    "（": "(", "）": ")",
}  # fmt: skip
SPACES = "\u3000\u00a0\u2002\u2003\u2007\u2009\u202f\t\n\r"
TABLE = str.maketrans(
    {chr(0xFF10 + digit): str(digit) for digit in range(10)} | SIGNS | dict.fromkeys(SPACES, " ")
)


def to_ascii(text: str) -> str:
    """Full-width digits and every kind of minus, comma and space as their plain forms; ends stripped."""
    return text.translate(TABLE).strip()


CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def circled(number: int) -> str:
    """1 → ①; beyond 20 the plain number in brackets."""
    return CIRCLED[number] if 0 <= number < len(CIRCLED) else f"({number})"
