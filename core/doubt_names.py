"""People called by name in a text: what stands before さん, くん, ちゃん, さま, 君, 様, 氏.

Every look is at a fixed number of letters around one honorific, so the whole is linear in the text.
"""

import re
from collections.abc import Collection, Iterator
from enum import Enum

from core.doubt_words import (
    ENDINGS,
    KANA_NAMES,
    KANA_PETS,
    KANA_WORDS,
    KATAKANA_WORDS,
    KU_VERBS,
    LATIN_WORDS,
    NAMES,
    OFFICES,
    PERSONAL_ENDINGS,
    WORDS,
)

HONORIFIC = re.compile("さん|ちゃん|くん|さま|君|様|氏")
# What makes the honorific the beginning of another word: ちゃんこ, くんれん, さんか(する), 様子, 氏名, 君津.
OTHER_WORDS = {
    "さん": ("ぽ", "すう", "せい", "さく", "ざん", "どう", "ぎょう", "にん", "ねん", "かし", "かす", "かさ"),
    "ちゃん": ("こ", "ば", "ぽ"),
    "くん": ("れん", "せい"),
    "さま": ("ざ",),
    "君": ("津", "主", "臨", "子", "が代"),
    "様": ("子", "式", "々", "相", "変", "似", "態", "な", "に"),
    "氏": ("名", "族", "神", "子"),
}
# A pseudonym that says so.
ALIAS = ("（仮", "(仮", "＝仮", "=仮")
LONGEST = 12  # letters of one script that are looked at
LONGEST_KANJI = 8
PARTICLES = "はがをにもとのでやへ"


class Script(Enum):
    KANJI = 1
    KATAKANA = 2
    HIRAGANA = 3
    LATIN = 4
    OTHER = 5


def script_of(letter: str) -> Script:
    if (
        "一" <= letter <= "鿿"
        or letter in "々〆ヶヵ"
        or "\uf900" <= letter <= "\ufaff"
        or letter >= "\U00020000"
    ):
        return Script.KANJI
    if "ァ" <= letter <= "ヿ" or "ｦ" <= letter <= "ﾟ":
        return Script.KATAKANA
    if "ぁ" <= letter <= "ゟ":
        return Script.HIRAGANA
    if (letter.isascii() and letter.isalpha()) or "Ａ" <= letter <= "ｚ":
        return Script.LATIN
    return Script.OTHER


def run_before(text: str, at: int, longest: int = LONGEST) -> str:
    """The letters of one script that end at `at`; ー belongs to either kana."""
    if at == 0:
        return ""
    script, start = script_of(text[at - 1]), at
    if text[at - 1] == "ー" and at > 1:
        script = script_of(text[at - 2])
    while start > max(0, at - longest):
        letter = text[start - 1]
        if script_of(letter) is not script and not (letter == "ー" and script is Script.HIRAGANA):
            break
        start -= 1
    return text[start:at]


def people_in(text: str, known: Collection[str] = ()) -> Iterator[tuple[int, int]]:
    """Start and end of each, honorific included. `known` names are of organisations, which are called さん too."""
    for match in HONORIFIC.finditer(text):
        at, end = match.span()
        after = text[end : end + 3]
        if at == 0 or after.startswith(OTHER_WORDS[match[0]]) or after.startswith(ALIAS):
            continue
        if any(text.startswith(name, at - len(name)) for name in known if name and len(name) <= at):
            continue
        if text[at - 1] in " \u3000" and match[0] not in ("ちゃん", "くん") and at > 1:
            at -= 1  # 山田　様
            if script_of(text[at - 1]) is not Script.KANJI:
                continue
        length = _name_length(text, at, match[0], after)
        if length:
            yield at - length, end


def _name_length(text: str, at: int, honorific: str, after: str) -> int:
    """How many letters before `at` are a name; 0 when it is an everyday word."""
    run = run_before(text, at)
    if not run:
        return 0
    script = script_of(run[-1] if run[-1] != "ー" or len(run) == 1 else run[-2])
    if script is Script.KANJI:
        return _kanji_name(text, at, honorific, after)
    if script is Script.KATAKANA:
        return _katakana_name(run)
    if script is Script.HIRAGANA:
        return _kana_name(text, at, run, honorific, after)
    if script is Script.LATIN:
        return _latin_name(run)
    return 0


def _kanji_name(text: str, at: int, honorific: str, after: str) -> int:
    run = run_before(text, at, LONGEST_KANJI)
    before = text[max(0, at - len(run) - 2) : at - len(run)]
    if honorific == "くん" and run[-1] in KU_VERBS and after[:1] in ("だ", "で", "な", "じ"):
        return 0
    if run in NAMES:
        return len(run)
    if honorific == "ちゃん" and after.startswith("と"):
        return _known_ending(run, NAMES)  # 今日ちゃんと
    if len(run) < 3 and before.endswith(("お", "ご", "御")) and before != "なお":
        return 0  # お隣さん, ご近所さん
    if not _is_word(run, honorific):
        return len(run)
    return len(run) if _is_name_with_office(run) else 0


def _is_word(run: str, honorific: str) -> bool:
    if any(run[start:] in WORDS and (len(run) - start > 1 or start == 0) for start in range(len(run))):
        return True
    if honorific in ("くん", "ちゃん", "君") or len(run) < 2:
        return False
    return run[-1] in ENDINGS or (run[-1] == "士" and len(run) > 2)


def _is_name_with_office(run: str) -> bool:
    """田中園長, 佐藤先生; but not 大和会."""
    for length in (2, 3):
        name, rest = run[:length], run[length:]
        if name in NAMES and rest and (rest in OFFICES or (len(rest) > 1 and rest[-1] in PERSONAL_ENDINGS)):
            return True
    return False


def _known_ending(run: str, names: Collection[str]) -> int:
    return next((len(run) - start for start in range(len(run)) if run[start:] in names), 0)


def _katakana_name(run: str) -> int:
    name = run.lstrip("・ー")
    if len(name) < 2 or any(name[start:] in KATAKANA_WORDS for start in range(len(name))):
        return 0
    return len(name) if len(name) <= 10 or "・" in name else 0  # longer: a firm


def _latin_name(run: str) -> int:
    """Mike, anna; but not A, NPO, Zoom."""
    is_name = len(run) > 2 and not run.isupper() and run.lower() not in LATIN_WORDS
    return len(run) if is_name else 0


def _kana_name(text: str, at: int, run: str, honorific: str, after: str) -> int:
    known = _known_ending(run, KANA_NAMES)
    words = (
        KANA_PETS if honorific == "ちゃん" else KANA_WORDS if honorific in ("さん", "さま") else frozenset()
    )
    if _known_ending(run, words) >= max(known, 2) or run == "とう":
        return 0
    if known:
        return known
    is_ambiguous = (
        honorific in ("さま", "君", "様", "氏")  # 生きるさま, この様
        or (honorific == "ちゃん" and after.startswith("と"))  # 家でちゃんと
        or (honorific == "くん" and after[:1] in ("だ", "で", "な", "じ"))  # はたらくんだ, とりくんで
        or (honorific == "さん" and run[-1] == "は" and after[:1] in ("だ", "で"))  # はさんで
    )
    if is_ambiguous or len(run) < 2:
        return 0
    stands_alone = at == len(run) or script_of(text[at - len(run) - 1]) is Script.OTHER
    if stands_alone and len(run) < 7:
        return len(run)
    cut = max(run.rfind(particle, 0, len(run) - 2) for particle in PARTICLES)
    return len(run) - cut - 1
