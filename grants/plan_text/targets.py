"""Targets as people write them: 「8割以上」「のべ400人」「84人(月間3人×28か月)」「①30万円/100名」.

A figure is read only when every word around it is understood; what remains is kept as a target state, as it was
written. Whatever could be meant in two ways is a doubt. docs/decisions/0010 gives the reasons.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext

from core.figures import format_figure
from grants.plan_text.doubts import Doubt
from grants.plan_text.numbering import plain
from grants.plan_text.quantities import FLOWS, PEOPLE, STOCKS, Quantity, quantities
from grants.plan_text.years import EACH, YearFigure, split_years

MARK = "□"  # stands for one quantity in the pattern of a text
SUM, NEW_UNIQUE, LATEST, RATIO, STATE, PRESENCE = "sum", "new_unique", "latest", "ratio", "state", "presence"

SPREAD = ("のべ人数", "延べ人数", "延人数", "のべ数", "延べ数", "のべ", "延べ", "延")
UNIQUE = ("実人数", "実人員", "実数", "ユニーク")
GROWN = ("累計", "累積", "通算", "合計", "総計", "総数", "トータル", "計")
NEW = ("新規の実人数", "新規に", "新規", "新たに", "新しく")
METHOD_WORDS = {
    **dict.fromkeys((*SPREAD, *GROWN), SUM),
    **dict.fromkeys((*UNIQUE, *NEW), NEW_UNIQUE),
    **dict.fromkeys(("最新値", "現在数", "時点の数"), LATEST),
}
LABELS = {  # in brackets behind a target they settle how it is counted; the export writes them
    "合計": SUM, "のべ": SUM, "延べ": SUM, "のべ人数": SUM, "延べ人数": SUM, "延人数": SUM, "累計": SUM,
    "新規の実人数": NEW_UNIQUE, "実人数": NEW_UNIQUE, "実数": NEW_UNIQUE, "新規": NEW_UNIQUE,
    "最新値": LATEST, "割合": RATIO, "累計どうしの割合": RATIO, "直近の割合": RATIO, "状態": STATE, "有無": PRESENCE,
}  # fmt: skip
LATEST_PAIR = "直近の割合"
LONGEST_UNIT = 10
RATES = ("年間", "年度ごとに", "毎年度", "毎年", "各年度", "各年", "月間", "毎月", "週間", "毎週", "週に", "月に", "年に", "週", "月", "年", "毎回", "各回", "毎日", "1回あたり")  # fmt: skip
ABOUT = (
    "およそ",
    "おおよそ",
    "おおむね",
    "概ね",
    "ほぼ",
    "約",
    "程度",
    "ほど",
    "くらい",
    "ぐらい",
    "前後",
    "弱",
    "強",
)
AT_LEAST = ("少なくとも", "最低でも", "最低", "以上")
AT_MOST = ("最大でも", "最大", "上限", "以下", "以内")
STRICT = ("未満", "を超える", "を超す", "を上回る", "を下回る", "超", "より多い", "より少ない")
CHANGE = ("増加", "減少", "削減", "増やす", "減らす", "上昇", "低下", "向上", "改善", "アップ", "ダウン", "増", "減", "up", "プラス", "マイナス")  # fmt: skip
SILENT = ("目標値", "目標", "全体で", "全体", "期間中に", "期間中", "事業期間中に", "事業期間を通じて", "3年間で", "３年間で", "を達成", "の達成", "達成", "を目指す", "をめざす", "です")  # fmt: skip
PRESENT = ("あり", "有り", "有", "○", "〇", "◯", "完成", "完成済み", "作成", "作成済み", "策定", "策定済み", "整備", "整備済み", "設置", "設置済み", "済み", "済", "実施済み", "できている", "ある")  # fmt: skip
ABSENT = ("なし", "無し", "無", "ない", "×", "未作成", "未策定", "未整備", "未設置", "未実施", "未着手", "未", "作成中", "準備中")  # fmt: skip
UNKNOWN = (
    "不明",
    "未把握",
    "未調査",
    "未測定",
    "未定",
    "調査中",
    "把握していない",
    "これから調査",
    "測定なし",
    "データなし",
)
NOTHING = ("-", "－", "ー", "―", "—", "–", "‐", "/", "／", "…", "*", "＊")
VAGUE = ("数人", "数名", "数回", "数件", "数社", "数か所", "数十", "数百", "多数", "全員", "半数", "過半数", "全て", "すべて", "全部", "全施設", "大半", "複数")  # fmt: skip
STATE_ENDS = re.compile(
    r"(?:状態|こと|様子|ようす|よう|いる|いない|ある|ない|できる|できた|なる|なった|れる|れた|られる|える|せる|たい|している|姿|体制|環境|関係|仕組み|しくみ)[。.]?$"
)
WHICH_ENDS = re.compile(r"[ぁ-ん]$")


@dataclass(frozen=True, slots=True)
class Target:
    raw: str
    value: Decimal | None = None
    unit: str = ""  # of a ratio the unit of its two parts, as in the plan itself
    method: str = ""  # how it is counted, when the text itself says so
    state: str = ""  # what no number says: the text as written, or empty
    years: tuple[YearFigure, ...] = ()
    is_pooled: bool = True  # of a ratio: total over total
    parts: tuple[
        "Target", ...
    ] = ()  # several figures in one text (30万円/100名); the target itself has none then
    doubts: tuple[Doubt, ...] = ()

    @property
    def is_figure(self) -> bool:
        return self.value is not None

    def doubting(self, *doubts: Doubt) -> "Target":
        return replace(self, doubts=(*self.doubts, *doubts))


BETWEEN = re.compile(r"[/／・、]|及び|および|と")  # of the names 寄付額/寄付者 in one cell
STATED = re.compile(r"(?:^|\n)\s*(?:目標状態|初期状態)\s*[:：]\s*")


def read_target(text: str) -> Target:
    """One target (of a list in a cell, one item). Blank is no target: a Target that says nothing."""
    raw = text.strip()
    if not raw or raw in NOTHING:
        return Target(raw)
    if stated := STATED.search(raw):  # the export's way to say both: a figure, and in the next line a state
        target = read_target(raw[: stated.start()])
        method = target.method or ("" if target.is_figure else STATE)
        return replace(target, raw=raw, state=raw[stated.end() :], method=method)
    main, labels = _labels(raw)
    target = _read(main, raw)
    for label in labels:
        target = _labelled(target, label, main)
    return replace(target, raw=raw)


def _labels(raw: str) -> tuple[str, list[str]]:
    """Takes 「（合計）」「（割合・人）」 off the end, when all of it is known."""
    match = re.search(r"[（(]([^（）()]*)[）)]$", raw)
    if match is None:
        return raw, []
    words = [word.strip() for word in re.split("[・、]", match[1])]
    if words[0] not in LABELS or len(words) > 2 or any(len(word) > LONGEST_UNIT for word in words[1:]):
        return raw, []
    return raw[: match.start()].rstrip(), words


def _labelled(target: Target, label: str, main: str) -> Target:
    if label not in LABELS:  # the unit of the parts of a ratio
        return replace(target, unit=label)
    method = LABELS[label]
    if method == RATIO:
        return replace(target, method=RATIO, is_pooled=label != LATEST_PAIR, unit="")
    if method in (STATE, PRESENCE):
        return Target(main, state=main, method=method)
    settled = tuple(d for d in target.doubts if d.code != "method_unsure")
    return replace(target, method=method, doubts=settled)


def _read(main: str, raw: str) -> Target:
    if not main:
        return Target(raw)
    if main in PRESENT or main in ABSENT:
        return Target(raw, method=PRESENCE, state=main)
    if main in UNKNOWN:
        return Target(raw, method="", state=main, doubts=(_not_known(main),))
    if (years := split_years(main)) is not None:
        return _read_years(main, years)
    return read_figure(main)


# --- one figure -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Shape:
    """A text with its quantities taken out."""

    found: tuple[Quantity, ...]
    pattern: str  # 約□以上


# By when and over how long: said of the whole target, and no figure of it.
WHEN = re.compile(
    r"(?:(?:[12１２][0-9０-９]{3}|(?:令和|平成|[RＲHＨ])[0-9０-９元]{1,2})[年/.．](?:度)?(?:[0-9０-９]{1,2}月?)?(?:[0-9０-９]{1,2}日)?|[0-9０-９]年目|事業終了時|最終年度)(?:末|時点)?(?:までに|までで|まで、|には)"
    r"|[0-9０-９]{1,2}(?:年間|年|か月|カ月|ヶ月|ヵ月)(?:で|のうちに|の間に|を通じて)"
)
AGES = ("代", "歳", "才", "年生")


def _shape(text: str) -> _Shape:
    text = WHEN.sub(lambda match: " " * len(match[0]), text)
    found = tuple(q for q in quantities(text) if not _is_calendar(q))
    if any(quantity.unit not in AGES for quantity in found):  # 20代の若者10人
        found = tuple(quantity for quantity in found if quantity.unit not in AGES)
    pattern, at = "", 0
    for quantity in found:
        pattern += text[at : quantity.start] + MARK
        at = quantity.end
    return _Shape(found, re.sub(r"\s", "", plain(pattern + text[at:])))


def _is_calendar(quantity: Quantity) -> bool:
    return quantity.unit in ("年", "年度") and quantity.value >= 1900


def _any_of(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


AROUND = f"(?:{_any_of((*METHOD_WORDS, *ABOUT, *AT_LEAST, *AT_MOST, *STRICT, *SILENT))}|[、,:。])*"
ONE = re.compile(f"({AROUND}){MARK}({AROUND})")
PACED = f"(?:{AROUND}|{_any_of(RATES)})*"
RATE = re.compile(f"{AROUND}(?:(?:{_any_of(RATES)})(?:に|で|あたり|当たり)?)(?:{AROUND}){MARK}.*")
PER = re.compile(f".*(?:{MARK}{MARK}|各.{{1,6}}{MARK}|{MARK}(?:あたり|当たり|につき|ごと|毎).*{MARK}|.(?:あたり|当たり|につき|ごとに){MARK}).*")  # fmt: skip
PRODUCT = re.compile(f"{PACED}{MARK}(?:[×xX✕＊*]{PACED}{MARK})+(?:[=＝](?:計|合計)?{MARK})?{AROUND}")
SEVERAL = re.compile(
    f"(?:{AROUND}{MARK}{AROUND}(?:[/／・+＋と及び＆&]|および|かつ|、|,)+)+{AROUND}{MARK}{AROUND}"
)
RANGE = re.compile(f"({AROUND}){MARK}(?:[〜～~―–-]|から){MARK}({AROUND})")


def read_figure(text: str) -> Target:
    """A text without list marks, labels or years."""
    main, note = _note_off(text)
    shape = _shape(main)
    if negative := re.match(r"[▲△−-]\s*(?=[\d０-９])", main):
        return _kept(text, "negative", _words_negative(negative[0]))
    if (one := ONE.fullmatch(shape.pattern)) and shape.found[0].unit not in ("倍", "位", "ポイント", "pt"):
        return _one(text, shape.found[0], one[1] + one[2], note)
    if PRODUCT.fullmatch(shape.pattern):
        return _product(text, shape)
    if RANGE.fullmatch(shape.pattern):
        return _range(text, shape)
    if SEVERAL.fullmatch(shape.pattern) and not note:
        return _several(text, main, shape)
    return _words(text, shape)


def _note_off(text: str) -> tuple[str, str]:
    match = re.fullmatch(r"(.*?\S)\s*[（(]([^（）()]+)[）)]", text, re.DOTALL)
    return (match[1], match[2]) if match else (text, "")


def _one(text: str, quantity: Quantity, around: str, note: str) -> Target:
    method = _method_in(around)
    is_percent = quantity.unit == "%"
    said = f"{format_figure(quantity.value)}{quantity.unit}"
    only_figure = not note and _is_silent(around) and not quantity.is_share and not WHEN.search(text)
    target = Target(
        text,
        quantity.value,
        "" if is_percent else quantity.unit,
        method=RATIO if is_percent else method,
        state="" if only_figure else text,
        doubts=tuple(_doubts_about(quantity, around, said)),
    )
    return _noted(target, quantity, note) if note else target


def _is_silent(around: str) -> bool:
    """Nothing in it but what the method says too."""
    return re.fullmatch(f"(?:{_any_of(tuple(METHOD_WORDS))}|[、,:。])*", around) is not None


def _method_in(around: str) -> str:
    """のべ wins over 合計, and 実人数 over 新規: the first word that names the counting of people."""
    for words in (SPREAD, UNIQUE, GROWN, NEW, ("最新値", "現在数", "時点の数")):
        if any(word in around for word in words):
            return METHOD_WORDS.get(words[0], "")
    return ""


def _doubts_about(quantity: Quantity, around: str, said: str) -> list[Doubt]:
    doubts = []
    if quantity.unit == "%" and quantity.value > 100:
        doubts.append(Doubt("over_100", gettext("100%をこえる割合です。比べる相手（前の年など）があるときは、状態で書いてください。")))  # fmt: skip
    if any(word in around for word in ABOUT):
        doubts.append(
            Doubt("about", gettext("おおよその数です。%(said)sとして読みました。") % {"said": said})
        )
    if any(word in around for word in STRICT):
        doubts.append(Doubt("strict", gettext("「未満」や「こえる」は残せないので、%(said)sちょうどを目標にしました。") % {"said": said}))  # fmt: skip
    if any(word in around for word in AT_MOST):
        doubts.append(Doubt("at_most", gettext("%(said)sより少ないほうがよい、と読みました。初期値が目標より大きいことをたしかめてください。") % {"said": said}))  # fmt: skip
    if quantity.unit in (
        "か月",
        "カ月",
        "ヶ月",
        "ヵ月",
        "年",
        "年間",
        "月",
        "週間",
        "週",
        "代",
        "年生",
        "歳",
        "才",
    ):
        doubts.append(
            Doubt("span", gettext("「%(unit)s」を数える目標でしょうか。") % {"unit": quantity.unit})
        )
    return doubts


def _noted(target: Target, quantity: Quantity, note: str) -> Target:
    """What stands in brackets behind the figure: a way of counting, a sum done before, or only words."""
    shape = _shape(note)
    if quantity.unit == "%" and note.strip() in (*PEOPLE, *FLOWS, *STOCKS):
        return replace(target, unit=note.strip(), state="" if not quantity.is_share else target.state)
    if note.strip() in METHOD_WORDS:
        return replace(target, method=target.method or METHOD_WORDS[note.strip()])
    if PRODUCT.fullmatch(f"{shape.pattern}"):
        product = _multiplied(shape)
        if product == quantity.value:
            return replace(target, method=target.method or _method_of_product(quantity.unit))
        words = gettext(
            "かっこの中を掛けると%(product)sで、%(value)sと合いません。%(value)sとして読みました。"
        )
        said = {"product": format_figure(product), "value": format_figure(quantity.value)}
        return target.doubting(Doubt("product_differs", words % said))
    if (years := split_years(note)) is not None:
        told = _read_years(note, years)
        if told.years:
            return _with_years(target, told, quantity, is_each=EACH.match(note) is not None)
    if shape.found:
        words = gettext("かっこの中にも数があります。%(value)sを目標にしました。")
        return target.doubting(
            Doubt("figures_in_note", words % {"value": f"{format_figure(quantity.value)}{quantity.unit}"})
        )
    return target


def _with_years(target: Target, told: Target, quantity: Quantity, *, is_each: bool) -> Target:
    """7回（2021年度: 2回、2022年度: 3回、2023年度: 2回）: the total says which kind the years are."""
    values = [figure.value for figure in told.years]
    each, cumulative = sum(values) == quantity.value, values[-1] == quantity.value
    years = told.years
    if cumulative and not each and not is_each:
        years = tuple(replace(figure, is_cumulative=True) for figure in years)
    target = replace(target, years=years, state="", method=target.method or told.method)
    if is_each or each or cumulative or target.method in (RATIO, LATEST):
        return target
    words = gettext("年ごとの数を足しても、%(total)sになりません。")
    said = {"total": f"{format_figure(quantity.value)}{quantity.unit}"}
    return target.doubting(Doubt("years_differ", words % said))


def _multiplied(shape: _Shape) -> Decimal:
    """Of □×□ and of □×□=□: the product of what stands before the equals sign."""
    factors = shape.found[:-1] if re.search("[=＝]", shape.pattern) else shape.found
    product = Decimal(1)
    for factor in factors:
        product *= factor.value
    return product


def _product(text: str, shape: _Shape) -> Target:
    """12回×3年 has no total: the product is the target, with a doubt. 12回×3年=36回 says its own."""
    product = _multiplied(shape)
    unit = shape.found[0].unit
    said = {"product": f"{format_figure(product)}{unit}"}
    method = _method_of_product(unit)
    if re.search("[=＝]", shape.pattern):
        total = shape.found[-1]
        target = Target(text, total.value, total.unit or unit, method=method, state=text)
        if total.value != product:
            words = gettext(
                "掛けると%(product)sで、書かれた合計と合いません。書かれた合計のほうを目標にしました。"
            )
            return target.doubting(Doubt("product_differs", words % said))
        return target
    words = gettext("掛け算をして、%(product)sを目標にしました。")
    return Target(text, product, unit, method=method, state=text).doubting(Doubt("multiplied", words % said))


def _method_of_product(unit: str) -> str:
    """So many each month add up; of people that alone does not say whether somebody is counted twice."""
    return "" if unit in PEOPLE else SUM


def _range(text: str, shape: _Shape) -> Target:
    low, high = shape.found[0], shape.found[1]
    unit = high.unit or low.unit
    is_percent = unit == "%"
    around = re.sub(MARK, "", shape.pattern)
    words = gettext("幅のある目標です。小さいほうの%(low)sを目標にしました。")
    doubt = Doubt("range", words % {"low": f"{format_figure(low.value)}{unit}"})
    method = RATIO if is_percent else _method_in(around)
    return Target(text, low.value, "" if is_percent else unit, method=method, state=text, doubts=(doubt,))


def _several(text: str, main: str, shape: _Shape) -> Target:
    """30万円/100名: two units are two figures; one unit twice is not understood."""
    units = [quantity.unit for quantity in shape.found]
    if len(set(units)) < len(units) or "" in units:
        words = gettext("数が%(count)dつあり、どれが目標か分からないので、目標状態として残しました。")
        return _kept(text, "several_figures", words % {"count": len(units)})
    cuts = [q.start for q in shape.found[1:]]
    cuts = [_before_words(main, shape.found[i].end, cut) for i, cut in enumerate(cuts)]
    pieces = [main[a:b] for a, b in zip([0, *cuts], [*cuts, len(main)], strict=True)]
    parts = tuple(read_target(re.sub(r"^[\s/／・+＋と及び＆&、,かつおよび]+|[\s/／・+＋と及び＆&、,]+$", "", piece)) for piece in pieces)  # fmt: skip
    if not all(part.is_figure for part in parts):
        words = gettext("数が%(count)dつあり、どれが目標か分からないので、目標状態として残しました。")
        return _kept(text, "several_figures", words % {"count": len(units)})
    words = gettext("1つのセルに数が%(count)dつあります。指標を%(count)dつに分けました。")
    return Target(text, parts=parts, doubts=(Doubt("split_figures", words % {"count": len(parts)}),))


def _before_words(text: str, end: int, start: int) -> int:
    """Where the second figure's own words (のべ) begin: behind the sign between the two."""
    match = re.match(r"[^/／・+＋と及、,＆&お]*(?:[/／・+＋と、,＆&]|及び|および|かつ)+", text[end:start])
    return end + match.end() if match else start


def _words(text: str, shape: _Shape) -> Target:
    """No single clear figure: the words are the target."""
    counted = [q for q in shape.found if q.unit and text[q.start] not in "一二三四五六七八九十"]
    is_state = bool(STATE_ENDS.search(text))
    if not is_state and (RATE.fullmatch(shape.pattern) or PER.fullmatch(shape.pattern)):
        words = gettext("「月2回」「1施設3回」のような、ひとつあたりの数です。全体の数は書かれていないので、目標状態として残しました。数で追うときは、全体の数を書いてください。")  # fmt: skip
        return _kept(text, "rate", words)
    if any(word in plain(shape.pattern) for word in CHANGE) and shape.found:
        words = gettext(
            "どれだけ変わるかが書かれています。変わったあとの数が分からないので、目標状態として残しました。"
        )
        return _kept(text, "change", words)
    if not shape.found:
        if not is_state and any(text.startswith(word) for word in VAGUE):
            words = gettext("数が書かれていないので、目標状態として残しました。")
            return _kept(text, "vague", words)
        return Target(text, state=text, method=STATE)
    if len(shape.found) == 1 and not is_state and len(shape.pattern) <= 24 and counted:
        return _figure_in_words(text, shape.found[0])
    if counted or not is_state:
        words = gettext("文の中に数があります。文として読み、目標状態として残しました。")
        return _kept(text, "figures_in_words", words)
    return Target(text, state=text, method=STATE)


def _figure_in_words(text: str, quantity: Quantity) -> Target:
    said = f"{format_figure(quantity.value)}{quantity.unit}"
    words = gettext("言葉の中の数を読み、%(said)sを目標にしました。言葉も残してあります。")
    is_percent = quantity.unit == "%"
    method = RATIO if is_percent else _method_in(text)
    doubts = (Doubt("figure_among_words", words % {"said": said}),)
    return Target(
        text, quantity.value, "" if is_percent else quantity.unit, method=method, state=text, doubts=doubts
    )


def _kept(text: str, code: str, words: str) -> Target:
    return Target(text, state=text, method=STATE, doubts=(Doubt(code, words),))


def _words_negative(sign: str) -> str:
    return gettext("「%(sign)s」は、減ることか負の数か分からないので、目標状態として残しました。") % {
        "sign": sign.strip()
    }


def _not_known(text: str) -> Doubt:
    return Doubt(
        "not_known",
        gettext("「%(text)s」のままです。分かったら、数か状態を書いてください。") % {"text": text},
    )


# --- years ----------------------------------------------------------------------------------------------------


def _read_years(text: str, pieces: tuple[tuple[int, str], ...]) -> Target:
    """1年目:累計20社 2年目:累計50社: the last cumulative figure, or the sum of each year's, is the target."""
    figures = [(year, read_figure(piece)) for year, piece in pieces]
    kinds = {(f.unit, f.method == RATIO) for _year, f in figures}
    if any(not f.is_figure for _year, f in figures) or len(kinds) > 1:
        words = gettext("年ごとの目標のうち、数として読めないものがあります。目標状態として残しました。")
        return _kept(text, "years_unreadable", words)
    (unit, is_percent), method = kinds.pop(), figures[0][1].method
    values = [(year, f.value) for year, f in figures if f.value is not None]
    is_cumulative = any(word in text for word in ("累計", "累積", "通算"))
    is_each = (
        any(word in text for word in ("各年", "単年", "年度ごと", "年度別", "毎年", "年間")) or method == SUM
    )
    years = tuple(YearFigure(year, value, is_cumulative) for year, value in values)
    doubts = [d for _year, f in figures for d in f.doubts if d.code != "span"]
    if is_percent or is_cumulative:
        total = values[-1][1]
    else:
        total = sum((value for _year, value in values), Decimal(0))
        if not is_each:
            words = gettext(
                "年ごとの数か、それまでの累計かが書かれていません。年ごとの数として足し、%(total)sを目標にしました。"
            )
            doubts.append(Doubt("years_unsure", words % {"total": f"{format_figure(total)}{unit}"}))
    return Target(text, total, unit, method=method, state=text, years=years, doubts=tuple(doubts))
