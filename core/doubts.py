"""What in a free text could tell who a young person is: a warning, never a refusal. The writer decides.

Reads text as typed and never changes it. It guesses: 看護師さん is nobody's name, 山田さん is; some names slip
through, and some words are asked about for nothing. All repetition in the patterns is bounded and possessive,
so the work is linear in the length of the text.
"""

import itertools
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext

from core.digits import TABLE
from core.doubt_names import Script, people_in, run_before, script_of
from core.doubt_words import NOT_A_FACILITY, NOT_ITS_NAME


class Kind(StrEnum):
    PERSON = "person"
    PHONE = "phone"
    MAIL = "mail"
    POSTCODE = "postcode"
    ADDRESS = "address"
    AGE = "age"  # together with the name of a facility


@dataclass(frozen=True, slots=True)
class Doubt:
    kind: Kind
    text: str
    start: int


# One letter for one letter, so that a place in the plain text is the same place in the typed one.
PLAIN = {code: plain for code, plain in TABLE.items() if chr(code) not in "\n\rー"} | {
    ord("＠"): "@", ord("〜"): "~", ord("～"): "~"
} | {code: chr(code - 0xFEE0) for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}  # fmt: skip
KANJI_DIGITS = "一二三四五六七八九十〇"
NUMBER = rf"[0-9{KANJI_DIGITS}]{{1,5}}+"

DASH = "[-ー]"
END_OF_NUMBER = rf"(?![0-9])(?!{DASH}[0-9])"

FORMATTED_PHONE = re.compile(
    r"(?<![0-9\-ー])\(?0[0-9]{1,4}+[\-ー() ]{1,2}+[0-9]{1,4}+[\-ー() ]{1,2}+[0-9]{3,4}+" + END_OF_NUMBER
)
BARE_PHONE = re.compile(r"(?<![0-9\-ー])0(?:[5-9]0[0-9]{8}|[1-9][0-9]{8})" + END_OF_NUMBER)
FOREIGN_PHONE = re.compile(r"\+81[\-ー ()0]{0,5}+[1-9](?:[\-ー ]?+[0-9]){7,9}+(?![0-9])")
LOCAL_PHONE = re.compile(
    rf"(?:電話|携帯|でんわ|TEL|Tel|tel|℡)[^0-9\n]{{0,6}}+[0-9]{{2,4}}+{DASH}[0-9]{{4}}{END_OF_NUMBER}"
)
PHONES = (FORMATTED_PHONE, BARE_PHONE, FOREIGN_PHONE, LOCAL_PHONE)
POSTCODE = re.compile(
    rf"〒 ?[0-9]{{3}}{DASH}?[0-9]{{4}}(?![0-9])"
    rf"|(?<![0-9\-ー])[0-9]{{3}}{DASH}[0-9]{{4}}{END_OF_NUMBER}(?! ?[円人名回件年冊枚個月部%])"
)
MAIL_NAME = re.compile(r"[A-Za-z0-9._%+\-]{1,64}+$")
MAIL_HOST = re.compile(r"[A-Za-z0-9\-]{1,63}+(?:\.[A-Za-z0-9\-]{1,63}+){1,5}+")
BLOCK = re.compile(
    rf"{NUMBER}(?:(?P<sure>番地|番{NUMBER}(?:号|{DASH}[0-9])|丁目 ?{NUMBER})|丁目|{DASH}[0-9]{{1,4}}+)"
    rf"[0-9{KANJI_DIGITS}\-ー丁目番地号]{{0,16}}+(?P<unit>[円人名回件年月割歳時分個枚部%~つか週日]?)"
)
ROOM = re.compile(
    r"(?:荘|ハイツ|コーポ|メゾン|マンション|アパート|レジデンス|ハイム|団地)"
    r"[^\s0-9。、]{0,10}+ ?[0-9]{1,4}+(?:号|[-ー][0-9]{1,4}+)"
)
AGE = re.compile(
    r"(?<![0-9~\-.])(?:[0-3]?[0-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
    r" ?(?:歳|才|さい)(?!以上|以下|未満|まで|から|前後|代|~|-|成人|成年)"
)
FACILITY = re.compile(
    r"(?P<named>学園|学院|園|ホーム|寮|ハウス)(?![芸長児庭祭母費生内]|ページ|レス|ステイ|ヘルパー|ルーム|ワーク|センター)"
    r"|(?:児童養護施設|自立援助ホーム|児童自立支援施設|児童心理治療施設|母子生活支援施設|乳児院|シェルター)"
)
PATTERNS = (*PHONES, POSTCODE, MAIL_NAME, MAIL_HOST, BLOCK, ROOM, AGE, FACILITY)

PLACE_SIGNS = "市区町村郡"
NEAR = 30  # letters between an age and a facility that are read together


def doubts_in(text: str, known: Collection[str] = ()) -> list[Doubt]:
    """In the order of the text. `known` are names of organisations: はこぶねさん is no person."""
    plain = text.translate(PLAIN)
    phones = _merged(span for pattern in PHONES for span in _spans(pattern, plain) if _is_phone(plain, span))
    found = {
        Kind.PERSON: list(people_in(text, known)),
        Kind.PHONE: phones,
        Kind.MAIL: list(_mails(plain)),
        Kind.POSTCODE: _outside(_spans(POSTCODE, plain), phones),
        Kind.ADDRESS: _merged([*_addresses(plain), *_spans(ROOM, plain)]),
        Kind.AGE: list(_ages_at_facilities(plain)),
    }
    doubts = [Doubt(kind, text[start:end], start) for kind, spans in found.items() for start, end in spans]
    return sorted(doubts, key=lambda doubt: doubt.start)


def words_about(doubts: Collection[Doubt]) -> str:
    """What a reader may take the pieces for, in a sentence for each kind."""
    sentences = {
        Kind.PERSON: gettext("%(pieces)sは人の名前のように読めます。"),
        Kind.PHONE: gettext("%(pieces)sは電話番号のように読めます。"),
        Kind.MAIL: gettext("%(pieces)sはメールアドレスのように読めます。"),
        Kind.POSTCODE: gettext("%(pieces)sは郵便番号のように読めます。"),
        Kind.ADDRESS: gettext("%(pieces)sは住所のように読めます。"),
        Kind.AGE: gettext("%(pieces)sは、年齢と施設の名前から、本人と分かるかもしれません。"),
    }
    told = []
    for kind, sentence in sentences.items():
        texts = dict.fromkeys(doubt.text for doubt in doubts if doubt.kind == kind)
        if texts:
            told.append(sentence % {"pieces": quoted(texts)})
    return "".join(told)


def quoted(texts: Collection[str]) -> str:
    return "".join(f"「{text}」" for text in texts)


Span = tuple[int, int]


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    return (match.span() for match in pattern.finditer(text))


def _merged(spans: Collection[Span] | Iterator[Span]) -> list[Span]:
    """Sorted; of spans that overlap the first."""
    kept: list[Span] = []
    for start, end in sorted(spans):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def _outside(spans: Iterator[Span], others: list[Span]) -> list[Span]:
    """Those that touch none of `others`; both are sorted."""
    kept, index = [], 0
    for start, end in spans:
        while index < len(others) and others[index][1] <= start:
            index += 1
        if index == len(others) or others[index][0] >= end:
            kept.append((start, end))
    return kept


def _is_phone(plain: str, span: Span) -> bool:
    digits = sum(letter in "0123456789" for letter in plain[slice(*span)])
    return digits in (10, 11, 12) or plain[span[0]] not in "0("  # the other patterns have counted already


def _mails(plain: str) -> Iterator[Span]:
    at = plain.find("@")
    while at >= 0:
        name = MAIL_NAME.search(plain[max(0, at - 64) : at])
        host = MAIL_HOST.match(plain, at + 1)
        if name and host:
            yield at - len(name[0]), host.end()
        at = plain.find("@", at + 1)


# --- addresses ---------------------------------------------------------------------------------------------------


def _addresses(plain: str) -> Iterator[Span]:
    """船橋市本町1-2-3, 西船4丁目12番3号; a street alone needs its town, 1-2回 is no address."""
    for match in BLOCK.finditer(plain):
        start, end = match.start(), match.end() - len(match["unit"])
        at = start - 1 if start and plain[start - 1] == " " else start
        place = _place_before(plain, at)
        begins = _begin_of_town(place)
        if begins is not None and not match["unit"]:
            yield at - len(place) + begins, end
        elif match["sure"] and place and script_of(place[-1]) is Script.KANJI:
            kanji = run_before(plain, at)
            yield at - len(kanji), end


def _place_before(plain: str, at: int) -> str:
    start = at
    while start > max(0, at - 24) and script_of(plain[start - 1]) in (
        Script.KANJI, Script.KATAKANA, Script.HIRAGANA,
    ):  # fmt: skip
        start -= 1
    return plain[start:at]


def _begin_of_town(place: str) -> int | None:
    """Where the name of the prefecture or town begins; None when there is none."""
    for index, letter in enumerate(place):
        if letter in PLACE_SIGNS and index and place[index - 1] not in "各全同当他本小の市区町村":
            begin = 1 + max(place.rfind(particle, 0, index - 1) for particle in "はにをがのとで")
            return begin if begin < index else None
    return None


# --- an age together with a facility ---------------------------------------------------------------------------------


def _ages_at_facilities(plain: str) -> Iterator[Span]:
    """Neighbours in the text, an age and a facility, with few letters between them and on one line."""
    ages = [(start, end, True) for start, end in _spans(AGE, plain) if not _is_range(plain, start)]
    if not ages:
        return
    facilities = [(start, end, False) for start, end in _facilities(plain)]
    marks, taken = sorted([*ages, *facilities]), -1
    for one, two in itertools.pairwise(marks):
        between = plain[one[1] : two[0]] if two[0] - one[1] <= NEAR else "\n"
        if one[2] != two[2] and one[0] > taken and "\n" not in between:
            taken = one[0] if two[2] else two[0]
            yield one[0], max(one[1], two[1])


def _is_range(plain: str, start: int) -> bool:
    return plain[max(0, start - 2) : start].endswith(("から", "平均"))


def _facilities(plain: str) -> Iterator[Span]:
    for match in FACILITY.finditer(plain):
        start, end = match.span()
        if not match["named"]:
            if length := _name_after(plain, end):
                yield start, end + length
            continue
        name = run_before(plain, start)
        if any(plain.endswith(word, 0, end) for word in NOT_A_FACILITY) or not _is_own_name(name):
            continue
        yield start - len(name), end


def _is_own_name(name: str) -> bool:
    """ひまわり, 若葉, グリーン; but not 近くの, 新しい."""
    if len(name) < 2 or script_of(name[0]) in (Script.OTHER, Script.LATIN):
        return False
    if script_of(name[0]) is Script.HIRAGANA and not name.endswith("あけぼの"):
        return name[-1] not in "のなたくがはをにでもとやるっ" and not name.endswith("しい")
    return True


def _name_after(plain: str, end: int) -> int:
    """How many letters after the kind of facility (児童養護施設) are its own name; 0 for none."""
    after = plain[end : end + 12]
    if after[:1] in ("「", "『"):
        close = max(after.find("」"), after.find("』"))
        return close + 1 if close > 0 else len(after)
    if not after or after.startswith(NOT_ITS_NAME):
        return 0
    script = script_of(after[0])
    length = next((i for i, letter in enumerate(after) if script_of(letter) is not script), len(after))
    if script is Script.HIRAGANA:
        return length if length > 2 and after[0] not in "でのをかにはがもとやへよまだなどさしいえおっ" else 0
    return length if script in (Script.KANJI, Script.KATAKANA) and length > 1 else 0
