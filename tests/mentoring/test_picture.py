"""The logic model of a month, read and drawn."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from django.utils import translation

from benchmarks.model import large_plan
from grants.models import Grant, Indicator
from grants.plan_reading import plan_in_force
from mentoring.drawing import draw
from mentoring.models import OutcomeReview
from mentoring.picture import Picture, closed_run, periods_of, plain_picture, read_picture
from tests.factories import (
    FigureFactory,
    IndicatorVersionFactory,
    OutcomeReviewFactory,
    OutputVersionFactory,
    PlanRows,
    SheetFactory,
    make_plan,
)

Word = OutcomeReview.Word
SVG = "{http://www.w3.org/2000/svg}"


def month(number: int) -> dt.date:
    return dt.date(2022, number, 1)


@pytest.fixture
def plan(grant: Grant) -> PlanRows:
    return make_plan(grant, valid_from=month(4))


@pytest.fixture
def spoken(plan: PlanRows) -> PlanRows:
    """In April ①-1 → ① was まだ, in June ②-1 → ② was 見えた; two participants a month since April."""
    for number in (4, 5, 6, 7):
        sheet = SheetFactory(grant=plan.grant, month=month(number))
        FigureFactory(sheet=sheet, indicator=plan.indicators["sum"], value=2, progress="behind")
    for number, outcome, output, word in (
        (4, plan.outcomes[0], plan.outputs[0], Word.NOT_YET),
        (6, plan.outcomes[1], plan.outputs[2], Word.SEEN),
    ):
        OutcomeReviewFactory(
            sheet=plan.grant.sheets.get(month=month(number)),
            outcome=outcome,
            word=word,
            outputs=[output],
            sentence=f"{number}月の話",
        )
    return plan


def picture_of(grant: Grant, number: int) -> Picture:
    return read_picture(grant, month(number), periods_of(grant))


def drawn(picture: Picture) -> ElementTree.Element:
    text = draw(
        picture,
        addresses=lambda kind, pk: f"#{kind}-{pk}",
        stories=lambda link: f"#link-{link.output.id}-{link.outcome.id}",
    )
    return ElementTree.fromstring(text)


@dataclass(frozen=True, slots=True)
class Road:
    begin: float
    bend: float
    level_from: float
    end: float
    start_y: float
    y: float


def roads_of(root: ElementTree.Element) -> list[Road]:
    """The lines that end level: M x y C … x y H x."""
    shapes = [
        re.findall(r"[\d.]+", path.get("d") or "")
        for path in root.iter(f"{SVG}path")
        if path.get("fill") == "none"
    ]
    return [
        Road(float(x[0]), float(x[2]), float(x[6]), float(x[8]), float(x[1]), float(x[7])) for x in shapes
    ]


def words_of(root: ElementTree.Element) -> str:
    return " ".join("".join(part.itertext()) for part in root.iter(f"{SVG}text"))


def test_a_past_month_shows_the_totals_and_words_of_that_month(spoken: PlanRows) -> None:
    june, july = picture_of(spoken.grant, 6), picture_of(spoken.grant, 7)
    number = spoken.indicators["sum"].pk
    assert (june.totals[number].value, july.totals[number].value) == (6, 8)
    link = next(x for x in june.links if x.edge == (spoken.outputs[0].pk, spoken.outcomes[0].pk))
    assert link.last is not None
    assert (link.label, link.last.word, link.last.sentence, link.age.age) == ("①-1", "notyet", "4月の話", 2)
    assert not link.is_stale
    assert next(x.edge for x in july.stale_links) == link.edge


def test_a_submitted_month_shows_the_plan_it_was_written_against(spoken: PlanRows) -> None:
    sheet = spoken.grant.sheets.get(month=month(6))
    sheet.plan_snapshot = plan_in_force(spoken.grant, month(6)).to_json()
    sheet.save()
    OutputVersionFactory(output=spoken.outputs[0], valid_from=month(5), text="あとから書きかえた")
    assert "あとから書きかえた" not in [o.text for o in picture_of(spoken.grant, 6).plan.outputs]
    assert "あとから書きかえた" in [o.text for o in picture_of(spoken.grant, 7).plan.outputs]


def test_a_month_without_a_sheet_shows_the_plan_in_force(spoken: PlanRows) -> None:
    picture = picture_of(spoken.grant, 9)
    assert picture.period is None
    assert len(picture.plan.outputs) == 3


def test_a_quarter_is_one_period(plan: PlanRows) -> None:
    SheetFactory(grant=plan.grant, month=month(4), months=3)
    picture = picture_of(plan.grant, 6)
    assert (picture.month, picture.period.months if picture.period else None) == (month(4), 3)


def test_every_box_leads_to_its_detail_and_every_link_to_its_story(spoken: PlanRows) -> None:
    root = drawn(picture_of(spoken.grant, 7))
    leads = [a.get("href") or "" for a in root.iter(f"{SVG}a")]
    assert len([href for href in leads if href.startswith("#link-")]) == 4
    assert len([href for href in leads if not href.startswith("#link-")]) == 2 + 3 + 2 + 1
    assert all(a.get("aria-label") for a in root.iter(f"{SVG}a"))


def test_a_link_is_called_what_one_sees_in_it(spoken: PlanRows) -> None:
    """Who says what stands there to the computer gets there; the figures of a box lie over its link."""
    root = drawn(picture_of(spoken.grant, 7))
    for link in root.iter(f"{SVG}a"):
        shown = "".join("".join(link.itertext()).split())
        assert shown in "".join((link.get("aria-label") or "").split())
    over = [g for g in root.iter(f"{SVG}g") if g.get("pointer-events") == "none"]
    assert len(over) == 2 + 3, "every outcome and output is measured"


def test_figures_words_and_ages_stand_in_words(spoken: PlanRows) -> None:
    words = words_of(drawn(picture_of(spoken.grant, 7)))
    assert re.search(r"8／\S+回", words)
    assert "▼ 遅れている" in words
    assert "3か月 未確認" in words
    assert "→ 見えた 6月" in words
    assert "未入力" in words


def test_the_name_of_an_indicator_takes_two_lines_when_it_needs_them(plan: PlanRows) -> None:
    before = float(drawn(picture_of(plan.grant, 7)).get("height") or 0)
    name = "生活講座のあと「次にやること」を自分で決めた若者の割合"
    IndicatorVersionFactory(indicator=plan.indicators["sum"], valid_from=month(5), name=name)
    root = drawn(picture_of(plan.grant, 7))
    assert name in words_of(root).replace(" ", "")
    assert float(root.get("height") or 0) >= before
    inside = [box for box in root.iter(f"{SVG}g") if name in words_of(box).replace(" ", "")]
    frame = next(inside[0].iter(f"{SVG}rect")).attrib
    bottom = float(frame["y"]) + float(frame["height"])
    assert all(float(part.get("y") or 0) < bottom - 8 for part in inside[0].iter(f"{SVG}text"))


def test_no_line_runs_through_the_words_beside_another(spoken: PlanRows) -> None:
    OutcomeReviewFactory(
        sheet=spoken.grant.sheets.get(month=month(7)),
        outcome=spoken.outcomes[0],
        word=Word.COUNTER,
        outputs=[spoken.outputs[1]],
    )
    for language in ("ja", "en"):
        with translation.override(language):
            root = drawn(picture_of(spoken.grant, 7))
        words = [
            next(part.iter(f"{SVG}rect")).attrib
            for part in root.iter(f"{SVG}a")
            if (part.get("href") or "").startswith("#link-")
        ]
        left = min(float(rect["x"]) for rect in words)
        talked = [road for road in roads_of(root) if road.begin < left < road.end]
        assert len(talked) == len(words) == 4
        assert all(road.level_from <= left for road in talked), language
        middles = {float(rect["y"]) + float(rect["height"]) / 2 for rect in words}
        assert middles == {road.y for road in talked}, "each beside its own line"
        levels = sorted(middles)
        assert all(below - above >= 22 for above, below in pairwise(levels)), "words do not touch"


def test_frames_at_the_edges_are_drawn_whole(spoken: PlanRows) -> None:
    root = drawn(picture_of(spoken.grant, 7))
    left, _top, width, _height = map(float, (root.get("viewBox") or "").split())
    for frame in root.iter(f"{SVG}rect"):
        half = float(frame.get("stroke-width") or 1) / 2 if frame.get("stroke") else 0
        assert left <= float(frame.get("x") or 0) - half
        assert float(frame.get("x") or 0) + float(frame.get("width") or 0) + half <= left + width


def test_lines_that_go_the_same_way_keep_beside_one_another(grant: Grant) -> None:
    plan = large_plan(plan_in_force(grant, month(7)))
    roads = roads_of(drawn(plain_picture(grant, plan)))
    assert len(roads) == 60
    for one, other in combinations(roads, 2):
        if one.begin != other.begin or (one.y > one.start_y) != (other.y > other.start_y):
            continue
        upper, lower = sorted((one, other), key=lambda road: (road.start_y, road.y))
        assert upper.bend > lower.bend if upper.y > upper.start_y else upper.bend < lower.bend


def test_a_link_nobody_spoke_of_says_so(spoken: PlanRows) -> None:
    words = words_of(drawn(picture_of(spoken.grant, 5)))
    assert words.count("まだ話していない") == 3


def test_what_people_wrote_cannot_break_the_drawing(plan: PlanRows) -> None:
    OutputVersionFactory(output=plan.outputs[0], valid_from=month(5), text='<script>alert("x")</script>&')
    text = words_of(drawn(picture_of(plan.grant, 7)))
    assert "<script>" in text.replace(" ", "")


def test_no_style_reaches_the_page(spoken: PlanRows) -> None:
    root = drawn(picture_of(spoken.grant, 7))
    assert not [part for part in root.iter() if "style" in part.attrib or part.tag == f"{SVG}style"]


def test_the_same_month_is_drawn_the_same(spoken: PlanRows) -> None:
    first, second = (ElementTree.tostring(drawn(picture_of(spoken.grant, 7))) for _time in range(2))
    assert first == second


def test_an_empty_plan_is_an_empty_drawing(grant: Grant) -> None:
    assert "活動0" in words_of(drawn(picture_of(grant, 7)))


def test_queries_do_not_grow(spoken: PlanRows, django_assert_num_queries: Callable[..., Any]) -> None:
    periods = periods_of(spoken.grant)
    with django_assert_num_queries(6):
        drawn(read_picture(spoken.grant, month(7), periods))
    for output in spoken.outputs:
        IndicatorVersionFactory(
            indicator__grant=spoken.grant,
            indicator__output=output,
            indicator__method=Indicator.Method.SUM,
            valid_from=month(4),
        )
    for number in range(8, 12):
        SheetFactory(grant=spoken.grant, month=month(number))
    periods = periods_of(spoken.grant)
    with django_assert_num_queries(6):
        drawn(read_picture(spoken.grant, month(11), periods))


def test_only_months_before_the_first_open_one_are_a_closed_run(plan: PlanRows) -> None:
    for number, is_closed in ((4, True), (5, True), (6, False), (7, True)):
        SheetFactory(grant=plan.grant, month=month(number), closed=is_closed)
    periods = periods_of(plan.grant)
    assert [period.month for period in closed_run(periods)] == [month(4), month(5)]
    picture = read_picture(plan.grant, month(5), periods)
    assert (picture.number, picture.earlier and picture.earlier.month) == (2, month(4))
    assert picture.later == periods[2]
    assert picture_of(plan.grant, 9).number == 0
