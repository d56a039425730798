"""Japanese broken into lines where a reader would pause, for what cannot wrap by itself: SVG and its PDF.

Widths are counted in ems: a full-width letter is 1, a half-width one about half of it (core letters of the system
fonts are at most 0.6 wide).
"""

import re
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any
from unicodedata import east_asian_width

NEVER_FIRST = frozenset(
    "、。，．・：；？！）」』】〕》〉”’ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ…％%)]}.,!?:;"
)
NEVER_LAST = frozenset("（「『【〔《〈“‘([{")
KANJI = re.compile(r"[\u3400-\u9fff]")
WIDE, NARROW = 1.0, 0.56
WHOLE = re.compile(
    r"(?:担い|受け|送り|聞き|話し|語り|作り|つくり|働き)手|くふう|ほっとする"
)  # torn by the model
MORE = "…"
PAUSES = ("、", "。", "，", "・", "　")


def width(text: str) -> float:
    """In ems. Never less than the fonts we draw with take."""
    return sum(WIDE if east_asian_width(letter) in "WFA" else NARROW for letter in text)


@lru_cache(maxsize=8192)
def lines(text: str, ems: float, most: int = 0) -> tuple[str, ...]:
    """`text` in lines of at most `ems`; a phrase longer than a line is cut between letters.

    With `most` lines given, what does not fit is cut off with …; 0 means as many as it takes. The text's own line breaks
    are kept as breaks; no letter is lost otherwise.
    """
    kept = [line for paragraph in text.splitlines() for line in _broken(paragraph.strip(), ems)]
    if most and len(kept) > most:
        return (*kept[: most - 1], shortened("".join(kept[most - 1 :]), ems))
    return tuple(kept)


def _broken(text: str, ems: float) -> list[str]:
    """The fewest lines; among those the evenest, and rather after a comma than elsewhere."""
    pieces = [piece for phrase in _phrases(text) for piece in _cut(phrase, ems)]
    best: list[tuple[int, float, int]] = [
        (0, 0.0, 0)
    ]  # up to each piece: lines, unevenness, where the line began
    for end in range(1, len(pieces) + 1):
        ways = []
        for begin in range(end - 1, -1, -1):
            line = "".join(pieces[begin:end]).strip()
            if width(line) > ems and begin < end - 1:
                break
            slack = ems - width(line)
            pause = 0.0 if line.endswith(PAUSES) else (ems / 5) ** 2
            ways.append((best[begin][0] + 1, best[begin][1] + slack**2 + pause, begin))
        best.append(min(ways))
    found: list[str] = []
    end = len(pieces)
    while end:
        begin = best[end][2]
        found.append("".join(pieces[begin:end]).strip())
        end = begin
    return [line for line in reversed(found) if line]


def shortened(text: str, ems: float) -> str:
    """One line; … stands for what is left out."""
    if width(text) <= ems:
        return text
    kept = ""
    for letter in text:
        if width(kept + letter + MORE) > ems:
            break
        kept += letter
    return kept.rstrip() + MORE


def _phrases(text: str) -> list[str]:
    """Phrases with closing marks held to what they close, opening ones to what they open, and kanji to kanji: there the
    model is sometimes wrong."""
    joined: list[str] = []
    for phrase in _parsed(text) if text else []:
        if joined and (
            phrase[0] in NEVER_FIRST
            or joined[-1][-1] in NEVER_LAST
            or (KANJI.match(phrase) and KANJI.match(joined[-1][-1]))
        ):
            joined[-1] += phrase
        else:
            joined.append(phrase)
    return joined


def _parsed(text: str) -> list[str]:
    """The model's phrases; a word it is known to tear begins one of its own."""
    begins = {0}
    for phrase in _parser().parse(text):
        begins.add(max(begins) + len(phrase))
    for word in WHOLE.finditer(text):
        begins = {place for place in begins if not word.start() < place < word.end()} | {word.start()}
    ordered = sorted(begins | {len(text)})
    return [text[begin:end] for begin, end in pairwise(ordered)]


def _cut(phrase: str, ems: float) -> list[str]:
    pieces, piece = [], ""
    for place, letter in enumerate(phrase):
        following = phrase[place + 1 : place + 2]
        room = width(piece + letter) + (width(following) if following in NEVER_FIRST and following else 0)
        if piece and room > ems:
            pieces.append(piece)
            piece = ""
        piece += letter
    return [*pieces, piece]


@cache
def _parser() -> Any:
    import budoux  # reads its model from a file: only a process that draws needs it

    return budoux.load_default_japanese_parser()
