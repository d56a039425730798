"""Lists inside a cell (①… ②…) and the numbers of a plan (①, ①-1, ①-1-2).

The forms of foundations put several indicators into one cell and number them; the same marks elsewhere are
references (「アウトカム①に向けて」「①-1」), which are never torn apart.
"""

import re
from dataclasses import dataclass

from core.digits import SIGNS, TABLE, circled

# As long as the text itself, so that a place found here is a place there. Unlike core.digits.to_ascii it leaves
# the long vowel of メンバー, the comma of a sentence and the signs of a minus alone.
PLAIN = {key: value for key, value in TABLE.items() if chr(key) not in "、ー―△▲"}

CIRCLES: dict[str, int] = {}
for _first, _count, _number in (
    (0x2460, 20, 1), (0x3251, 15, 21), (0x32B1, 15, 36),  # ① ㉑ ㊱
    (0x2776, 10, 1), (0x24EB, 10, 11),  # ❶ ⓫
    (0x2474, 20, 1), (0x2488, 20, 1),  # ⑴ ⒈
):  # fmt: skip
    CIRCLES.update({chr(_first + n): _number + n for n in range(_count)})
CIRCLE = f"[{''.join(CIRCLES)}]"
DASH = (
    "[-"
    + "".join(re.escape(sign) for sign, plain in SIGNS.items() if plain == "-" and sign not in "▲△")
    + "]"
)

# After a circled number these say that it is spoken of, and does not begin an item. 「②のべ400人」 begins one.
SPOKEN_OF = re.compile(
    rf"\s*(?:{DASH}\s*[\d０-９]|{CIRCLE}|を|の(?!べ)|が(?![ぁ-ん])|に(?:対|向|つ|お|よ|関|は|も|、|\s)|"
    rf"[はともや](?:、|\s|{CIRCLE})|へ|、|,|・|〜|～|[)）\]」])"
)
MARKS = {  # how a mark looks at the place where an item may begin; the sequence decides whether it does
    "paren": re.compile(r"\((\d{1,2})\)"),
    "closing": re.compile(r"(\d{1,2})\)"),
    "dot": re.compile(r"(\d{1,2})[.:](?!\d)"),
}
BULLET = re.compile(r"[・●■◆◇○□*※▪•-]")


def plain(text: str) -> str:
    """Full-width digits, brackets and spaces as their plain forms, every letter in its place."""
    return text.translate(PLAIN)


@dataclass(frozen=True, slots=True)
class Item:
    mark: str  # as written; empty when the whole text is one item
    number: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Split:
    """`preamble`, marks and texts together are the text, but for white space."""

    preamble: str
    items: tuple[Item, ...]

    @property
    def is_numbered(self) -> bool:
        return self.items[0].number is not None

    @property
    def is_list(self) -> bool:
        return len(self.items) > 1


def split_numbered(text: str) -> Split:
    """①… ②…, (1)… (2)…, 1)… and lines with 1. or ・ as items; anything else is one item."""
    text = text.strip()
    start = text[:1]
    if start in CIRCLES:
        return _cut(text, _circles(text, 0))
    places = _typed_marks(text, 0) or _bullets(text)
    if places:
        return _cut(text, places)
    return _after_preamble(text) or Split("", (Item("", None, text),))


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    number: int | None


def _cut(text: str, places: list[_Place]) -> Split:
    if not places:
        return Split("", (Item("", None, text),))
    ends = [place.start for place in places[1:]] + [len(text)]
    items = [
        Item(text[place.start : place.end], place.number, text[place.end : end].strip())
        for place, end in zip(places, ends, strict=True)
    ]
    if any(not item.text for item in items):
        return Split("", (Item("", None, text),))
    return Split(text[: places[0].start].strip(), tuple(items))


def _circles(text: str, start: int) -> list[_Place]:
    """From the mark at `start` on, each next number of its own kind, but where it is only spoken of."""
    family = _family(text[start])
    places: list[_Place] = []
    wanted = CIRCLES[text[start]]
    for index in range(start, len(text)):
        if text[index] == family.get(wanted) and not SPOKEN_OF.match(text, index + 1):
            places.append(_Place(index, index + 1, wanted))
            wanted += 1
        elif not places:
            return []
    return places


def _family(mark: str) -> dict[int, str]:
    """The signs that count on in the same style."""
    black, brackets, dots = "❶❷❸❹❺❻❼❽❾❿⓫⓬⓭⓮⓯⓰⓱⓲⓳⓴", (0x2474, 0x2487), (0x2488, 0x249B)
    if mark in black:
        return {CIRCLES[sign]: sign for sign in black}
    for low, high in (brackets, dots):
        if low <= ord(mark) <= high:
            return {CIRCLES[chr(code)]: chr(code) for code in range(low, high + 1)}
    others = [s for s in CIRCLES if s not in black and not 0x2474 <= ord(s) <= 0x249B]
    return {CIRCLES[sign]: sign for sign in others}


def _typed_marks(text: str, start: int) -> list[_Place]:
    flat = plain(text)
    for style, mark in MARKS.items():
        first = mark.match(flat, start)
        if first is None or (style == "dot" and not _is_line_start(text, start)):
            continue
        places = [_Place(first.start(), first.end(), int(first[1]))]
        for found in mark.finditer(flat, first.end()):
            begins = _is_line_start(text, found.start()) or (
                style != "dot" and flat[found.start() - 1] in " \u3000。"
            )
            if begins and int(found[1]) == (places[-1].number or 0) + 1:
                places.append(_Place(found.start(), found.end(), int(found[1])))
        if style == "paren" or len(places) > 1:
            return places
    return []


def _bullets(text: str) -> list[_Place]:
    """Two or more lines, each of them with a bullet."""
    starts = [match.start() for match in re.finditer(r"^[ \t\u3000]*(?=\S)", text, re.MULTILINE)]
    places = []
    for start in starts:
        place = len(text[:start]) + len(text[start:]) - len(text[start:].lstrip())
        if not BULLET.match(text, place):
            return []
        places.append(_Place(place, place + 1, None))
    return places if len(places) > 1 else []


def _is_line_start(text: str, index: int) -> bool:
    return text[:index].rpartition("\n")[2].strip() == ""


def _after_preamble(text: str) -> Split | None:
    """A line of words, then ①… and ②… each at the start of a line."""
    for match in re.finditer(rf"^[ \t\u3000]*({CIRCLE})", text, re.MULTILINE):
        places = [p for p in _circles(text, match.start(1)) if _is_line_start(text, p.start)]
        if len(places) > 1:
            return _cut(text, places)
        return None
    return None


# --- the numbers of a plan ----------------------------------------------------------------------------------

WORDS = re.compile(
    r"中長期|長期|短期|アウトカム|アウトプット|活動|指標|outcome|output|no\.?|№|番号|番|第|#", re.IGNORECASE
)
REFERENCE = re.compile(r"-?\d{1,2}(?:-\d{1,2}){0,2}")
RANGE = re.compile(r"(\d{1,2}) *[〜~] *(\d{1,2})")
# A spreadsheet takes 1-1 for a date and says nothing.
TURNED_INTO_DATE = re.compile(r"(?:\d{4}[-/.年])?0?(\d{1,2})[-/.月]0?(\d{1,2})日(?: 0:00:00)?|\d{4}[-/]0?(\d{1,2})[-/]0?(\d{1,2})(?: 0{1,2}:00:00)?")  # fmt: skip
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
Path = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """The place of a row in the plan. (1,) stands for ①, (1, 2) for ①-2; (0, 2) for －2, under no outcome."""

    path: Path  # empty: none, or not readable
    also: tuple[Path, ...]  # what else it leads to: ①-1（②③）
    is_readable: bool = True
    was_date: bool = False
    says_also: bool = (
        False  # there are brackets or further numbers: （－） says that it leads to nothing else
    )


def read_number(text: str) -> Number:
    """①, 1, (1), アウトカム1, ①-1, 1-1, ①-1-2; further numbers behind it, as in ①-1（②③）, are what it serves too."""
    flat = plain(text).strip()
    if not flat:
        return Number((), ())
    if (date := _date_taken_for(flat)) is not None:
        return Number(date, (), was_date=True)
    run = re.match(rf"({CIRCLE})({CIRCLE}+)\s*{DASH}\s*(\d{{1,2}}|{CIRCLE})(?!\d)(.*)", flat, re.DOTALL)
    if run:  # ①②-1 stands under ① and serves ② too
        flat = f"{run[1]}-{run[3]}({run[2]}){run[4]}"
    bare = re.sub(rf"\(\s*(?:{DASH}|なし)?\s*\)$", "", flat)
    paths, rest = _references(bare)
    path, also = (paths[0] if paths else ()), tuple(dict.fromkeys(paths[1:]))
    return Number(path, also, not rest and bool(paths), says_also=bool(also) or bare != flat)


def references(text: str) -> tuple[Path, ...]:
    """Every number in a cell that holds nothing else (「①②」「①-1、②-1」「①〜③」); none when it holds words too."""
    paths, rest = _references(plain(text).strip())
    return () if rest else tuple(dict.fromkeys(paths))


def trailing_references(text: str) -> tuple[Path, ...]:
    """Of 「居場所をひらく（①②）」 the ① and the ②."""
    match = re.search(rf"[（(]\s*((?:アウトカム|{CIRCLE}|[-－0-9０-９、,・\s])+)[)）]\s*$", text)
    if match is None or not re.search(CIRCLE, match[1]):
        return ()
    return references(match[1])


def _references(flat: str) -> tuple[list[Path], str]:
    text = re.sub(CIRCLE, lambda m: f" {CIRCLES[m[0]]} ", WORDS.sub(" ", flat))
    text = re.sub(rf"\((\d{{1,2}})\)(?= *{DASH} *\d)", r" \1", text)  # (21)-1
    text = re.sub(rf"(?<=\d) *(?:{DASH}|\.|の|_) *(?=\d)", "-", text)
    text = RANGE.sub(lambda m: " ".join(str(n) for n in range(int(m[1]), int(m[2]) + 1)), text)
    text = re.sub(rf"(?<![\d-]){DASH} *(?=\d)", "-", text)
    paths: list[Path] = []
    for match in REFERENCE.finditer(text):
        typed = match[0]
        path = tuple(int(part) for part in typed.lstrip("-").split("-"))
        paths.append((0, *path) if typed.startswith("-") else path)
    rest = re.sub(r"[\s()（）、,・/と\[\].:]", "", REFERENCE.sub("", text))
    return paths, rest


def _date_taken_for(flat: str) -> Path | None:
    if match := TURNED_INTO_DATE.fullmatch(flat):
        return (int(match[1] or match[3]), int(match[2] or match[4]))
    if match := re.fullmatch(r"(?:(\d{1,2})-([A-Za-z]{3})|([A-Za-z]{3})-(\d{1,2}))", flat):
        name = (match[2] or match[3]).lower()
        if name in MONTHS:
            return (MONTHS.index(name) + 1, int(match[1] or match[4]))
    return None


def number_label(path: Path) -> str:
    """(1, 2) → ①-2, (0, 2) → －2."""
    if not path:
        return ""
    head = "－" if path[0] == 0 else circled(path[0])
    if len(path) == 1:
        return head
    tail = "-".join(str(part) for part in path[1:])
    return f"{head}{tail}" if path[0] == 0 else f"{head}-{tail}"


def number_in_text(text: str) -> tuple[str, str]:
    """「①-1 居場所がひらかれる」 as its number and its words; an empty number when it begins with words."""
    match = re.match(
        rf"\s*((?:{CIRCLE}|[0-9０-９]{{1,2}})\s*{DASH}\s*[0-9０-９]{{1,2}}(?:\s*{DASH}\s*[0-9０-９]{{1,2}})?)[\s:：.．、]+(?=\S)",
        text,
    )
    if match:
        return match[1], text[match.end() :].strip()
    split = split_numbered(text)
    if split.is_numbered and not split.is_list:
        return split.items[0].mark, split.items[0].text
    return "", text
