"""How an indicator is counted, as far as its name and its target tell (the six methods of grants.models.Indicator)."""

import re

from django.utils.translation import gettext

from core.figures import format_figure
from grants.plan_text.doubts import Doubt
from grants.plan_text.quantities import FLOWS, PEOPLE, PERCENT, STOCKS
from grants.plan_text.targets import (
    LATEST,
    NEW_UNIQUE,
    PRESENCE,
    RATIO,
    STATE,
    SUM,
    Target,
)

IN_BRACKETS = re.compile(r"[（(](?:単位\s*[:：]\s*)?([^（()）]{1,10})[)）]\s*$")
SPREAD_NAMES = re.compile(
    r"のべ|延べ|延人|延数|来所|来場|参加者数|参加人数|参加者|受講者|相談件数|来館|視聴|動員"
)
STANDING_NAMES = re.compile(r"会員|登録|ボランティア|担い手|サポーター|職員|スタッフ|里親|在籍|構成|マンスリー|フォロワー|常勤|定員|ひらいている|運営|掲載|参加している|連携|協力|受け入れ|受入|訪問")  # fmt: skip
STANDING_THINGS = re.compile(r"ている|掲載|登録|現在|保有")
# As they may be written in brackets behind a target (targets.LABELS); the export writes them so.
LABEL_OF = {
    SUM: "合計",
    NEW_UNIQUE: "新規の実人数",
    LATEST: "最新値",
    RATIO: "割合",
    STATE: "状態",
    PRESENCE: "有無",
}
LENGTHS = ("日", "時間", "分", "点")  # 日数 and 時間 are mostly averages
RATIO_NAMES = re.compile(r"割合|比率|率(?:$|[（(])|[%％]|満足度")


def unit_in_name(name: str) -> str:
    """Of 利用者数（人） the 人; empty when what stands in brackets counts nothing."""
    match = IN_BRACKETS.search(name)
    known = (*PEOPLE, *FLOWS, *STOCKS, *PERCENT, "％")
    return match[1] if match and match[1] in known else ""


def guess_method(name: str, target: Target, unit: str) -> tuple[str, Doubt | None]:
    """The text's own word first, then the unit, then the name. A doubt where two ways of counting are possible."""
    if target.method and target.method != STATE:
        return target.method, None
    if unit in (*PERCENT, "％") or (not unit and target.is_figure and RATIO_NAMES.search(name)):
        return RATIO, None
    if target.value is None:
        return _without_figure(name, target)
    if unit in PEOPLE:
        method, is_sure = _of_people(name)
    elif not unit or (unit in FLOWS and unit not in LENGTHS and not STANDING_THINGS.search(name)):
        method, is_sure = SUM, True
    else:
        method, is_sure = _of_things(name, unit)
    return method, None if is_sure else _unsure(method, f"{format_figure(target.value)}{unit}")


def _without_figure(name: str, target: Target) -> tuple[str, Doubt | None]:
    if target.state:
        return STATE, None
    if RATIO_NAMES.search(name):
        return RATIO, None
    if "有無" in name:
        return PRESENCE, None
    method = SUM if re.search(r"数$|回数|人数|件数|額|のべ|延べ|数[（(]", name) else STATE
    words = gettext("目標が書かれていません。数え方は「%(method)s」としました。")
    return method, Doubt("no_target", words % {"method": gettext(LABEL_OF[method])})


def _of_people(name: str) -> tuple[str, bool]:
    if re.search("実人数|実数|新規", name):
        return NEW_UNIQUE, True
    if SPREAD_NAMES.search(name):
        return SUM, re.search("のべ|延べ|延人|延数", name) is not None
    return (LATEST if STANDING_NAMES.search(name) else NEW_UNIQUE), False


def _of_things(name: str, unit: str) -> tuple[str, bool]:
    if re.search("のべ|延べ|累計|合計", name):
        return SUM, True
    if unit in LENGTHS:
        return (LATEST if re.search("日数|時間|平均|まで", name) else SUM), False
    return (LATEST if unit in (*STOCKS, *FLOWS) else SUM), False


def _unsure(method: str, figure: str) -> Doubt:
    """The other ways are named with the figure itself, so that one of them can be copied into the cell."""
    others = [
        label for code, label in LABEL_OF.items() if code != method and code in (SUM, NEW_UNIQUE, LATEST)
    ]
    words = gettext(
        "数え方が書かれていません。「%(method)s」としました。ちがうときは「%(one)s」か「%(other)s」と書いてください。"
    )
    one, other = (f"{figure}（{label}）" for label in others)
    return Doubt("method_unsure", words % {"method": gettext(LABEL_OF[method]), "one": one, "other": other})
