"""The heads of columns and the names of kinds, as the forms of foundations have them."""

import re
from enum import StrEnum

from django.utils.translation import gettext_noop as _  # the words are data; a page translates them

from grants.plan_text.numbering import CIRCLE, plain


class Column(StrEnum):
    """The ten columns of a plan in their order, and three that a table may have besides."""

    KIND = "kind"
    NUMBER = "number"
    TEXT = "text"
    INDICATOR = "indicator"
    BASELINE = "baseline"
    TARGET = "target"
    DUE = "due"
    MEANS = "means"
    ACTIVITY = "activity"
    PERIOD = "period"
    SERVES = "serves"
    METHOD = "method"
    OTHER = "other"  # columns that mean nothing here, with their heads


TEN = tuple(Column)[:10]
HEADS = {  # what the export writes and the pages say
    Column.KIND: _("種別"),
    Column.NUMBER: _("番号"),
    Column.TEXT: _("内容"),
    Column.INDICATOR: _("指標"),
    Column.BASELINE: _("初期値"),
    Column.TARGET: _("目標値"),
    Column.DUE: _("達成時期"),
    Column.MEANS: _("把握方法"),
    Column.ACTIVITY: _("活動"),
    Column.PERIOD: _("時期"),
    Column.SERVES: _("対応"),
    Column.METHOD: _("数え方"),
    Column.OTHER: _("その他"),
}


class Kind(StrEnum):
    LONG_TERM = "long_term"
    OUTCOME = "outcome"
    OUTPUT = "output"
    ACTIVITY = "activity"


KIND_LABELS = {
    Kind.LONG_TERM: _("中長期アウトカム"),
    Kind.OUTCOME: _("短期アウトカム"),
    Kind.OUTPUT: _("アウトプット"),
    Kind.ACTIVITY: _("活動"),
}
KINDS = {
    "中長期アウトカム": Kind.LONG_TERM, "中長期": Kind.LONG_TERM, "長期アウトカム": Kind.LONG_TERM, "長期": Kind.LONG_TERM,
    "最終アウトカム": Kind.LONG_TERM, "中期アウトカム": Kind.LONG_TERM, "インパクト": Kind.LONG_TERM, "上位目標": Kind.LONG_TERM,
    "中長期的アウトカム": Kind.LONG_TERM,
    "短期アウトカム": Kind.OUTCOME, "短期": Kind.OUTCOME, "アウトカム": Kind.OUTCOME, "直接アウトカム": Kind.OUTCOME,
    "初期アウトカム": Kind.OUTCOME, "短期的アウトカム": Kind.OUTCOME, "成果": Kind.OUTCOME,
    "アウトプット": Kind.OUTPUT, "結果": Kind.OUTPUT, "直接の結果": Kind.OUTPUT, "産出": Kind.OUTPUT,
    "活動": Kind.ACTIVITY, "アクティビティ": Kind.ACTIVITY, "活動内容": Kind.ACTIVITY, "主な活動": Kind.ACTIVITY,
    "事業活動": Kind.ACTIVITY, "具体的活動": Kind.ACTIVITY,
    "outcome": Kind.OUTCOME, "output": Kind.OUTPUT, "activity": Kind.ACTIVITY,
}  # fmt: skip
COLUMNS = {
    Column.KIND: ("種別", "種類", "区分", "分類", "階層", "レベル", "項目種別", "kind", "type"),
    Column.NUMBER: ("番号", "no", "no.", "№", "#", "項番", "number"),
    Column.TEXT: ("内容", "項目", "目標", "文", "記述", "説明", "内容・項目", "アウトカム・アウトプット", "アウトカム／アウトプット", "アウトカム/アウトプット", "content"),
    Column.INDICATOR: ("指標", "評価指標", "成果指標", "指標名", "モニタリング指標", "測定指標", "indicator"),
    Column.BASELINE: ("初期値", "初期状態", "現状", "現状値", "ベースライン", "基準値", "開始時", "はじめの値", "事前値", "baseline"),
    Column.TARGET: ("目標値", "目標状態", "目標", "ターゲット", "達成目標", "目標水準", "target"),
    Column.DUE: ("達成時期", "目標達成時期", "達成期限", "期限", "達成年月", "目標時期", "目標年月", "due"),
    Column.MEANS: ("把握方法", "指標の把握方法", "測定方法", "指標の測定方法", "入手方法", "入手手段", "データ入手方法", "確認方法", "評価方法", "データ収集方法", "測定手段", "指標入手手段", "means"),
    Column.ACTIVITY: ("主な活動", "活動", "活動内容", "具体的活動", "具体的な活動", "事業活動"),
    Column.PERIOD: ("時期", "実施時期", "活動時期", "実施期間", "スケジュール", "期間", "period"),
    Column.SERVES: ("対応", "対応アウトカム", "対応するアウトカム", "関連アウトカム", "対応するアウトプット", "対応アウトプット", "関連", "つながり", "つながる先"),
    Column.METHOD: ("数え方", "集計方法", "集計"),
}  # fmt: skip
BY_HEAD = {head: column for column, heads in COLUMNS.items() for head in heads}
EITHER = re.compile(r"[/／・]|または|及び|と")


def normalised(text: str) -> str:
    """Of 「目標値／目標状態（※）」 the words that matter: no white space, no numbering, no bracket at the end."""
    flat = re.sub(r"\s", "", plain(text)).lower()
    flat = re.sub(rf"^(?:{CIRCLE}|\(\d+\)|\d+[.)]|[■◆●○◇□▼※*]|【)+", "", flat)
    return re.sub(r"(?:[（(][^（）()]*[)）]|[※*】:：]|欄)+$", "", flat)


def kind_named(text: str) -> Kind | None:
    """短期アウトカム, アウトプット①: the kind; None for anything else."""
    words = re.sub(rf"(?:{CIRCLE}|[0-9-])+$", "", normalised(text))
    return KINDS.get(words)


def column_named(text: str) -> tuple[Column | None, Kind | None]:
    """Which column stands under this head; a kind when the head names it (短期アウトカム as the head of its texts)."""
    words = normalised(text)
    if words in BY_HEAD and BY_HEAD[words] not in (Column.TEXT, Column.ACTIVITY):
        return BY_HEAD[words], None
    if (kind := KINDS.get(words)) is not None:
        return (Column.ACTIVITY if kind == Kind.ACTIVITY else Column.TEXT), kind
    if words in BY_HEAD:
        return BY_HEAD[words], None
    either = {BY_HEAD[part] for part in EITHER.split(words) if part in BY_HEAD}
    return (either.pop(), None) if len(either) == 1 else (None, None)
