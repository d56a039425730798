"""The logic model on paper, its words read back."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from itertools import combinations
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import translation
from pypdf import PdfReader

from accounts.models import User
from benchmarks.model import large_plan
from core.phrases import shortened, width
from grants.models import Grant
from grants.plan_reading import plan_in_force
from mentoring.picture import Picture, periods_of, plain_picture, read_picture
from reports.pdf.model import UPRIGHT, WIDE, model_filename, put_on_paper, render_model_pdf
from tests.factories import FigureFactory, PlanRows, SheetFactory

JUNE = dt.date(2022, 6, 1)
A3 = (842, 1191)  # points


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).replace("\n", "")


def test_the_drawing_and_its_words_are_on_a3(plan: PlanRows) -> None:
    FigureFactory(
        sheet=SheetFactory(grant=plan.grant, month=JUNE, closed=True),
        indicator=plan.indicators["sum"],
        value=7,
    )
    picture = read_picture(plan.grant, JUNE, periods_of(plan.grant))
    pdf = render_model_pdf(picture)
    pages = PdfReader(BytesIO(pdf)).pages
    assert sorted(round(float(side)) for side in pages[0].mediabox[2:]) == list(A3)
    first = pages[0].extract_text().replace("\n", "")
    assert "居場所が" in first, "letters, not outlines"
    assert "7／" in first
    assert "文字で読む" in text_of(pdf)
    assert "確定した数" in first
    assert pdf == render_model_pdf(picture)
    assert model_filename(picture) == "あおぞらの会_2022-06_事業設計図.pdf"


def large(grant: Grant) -> Picture:
    """40 boxes, 60 arrows."""
    return plain_picture(grant, large_plan(plan_in_force(grant, JUNE)))


@pytest.mark.parametrize("is_large", [False, True])
def test_every_letter_of_the_drawing_is_large_enough_to_read(plan: PlanRows, *, is_large: bool) -> None:
    picture = large(plan.grant) if is_large else read_picture(plan.grant, JUNE, periods_of(plan.grant))
    paper = put_on_paper(picture)
    across, down = UPRIGHT if paper.is_upright else WIDE
    for sheet in paper.sheets:
        root = ElementTree.fromstring(sheet)
        width, height = float(root.get("width") or 0), float(root.get("height") or 0)
        points = min(across / width, down / height) / 25.4 * 72
        sizes = {float(part.get("font-size") or 99) for part in root.iter() if part.get("font-size")}
        assert min(sizes) * points >= 7


def test_what_is_too_large_for_one_sheet_goes_on_several_and_no_box_is_cut(plan: PlanRows) -> None:
    picture = large(plan.grant)
    paper = put_on_paper(picture)
    assert len(paper.sheets) == 2
    boxes = [
        re.findall(r'href="(#(?:activity|output|outcome|long_term)-[^"]+)"', sheet) for sheet in paper.sheets
    ]
    assert sorted(boxes[0] + boxes[1]) == sorted({*boxes[0], *boxes[1]}), "each box stands on one sheet"
    assert len(boxes[0] + boxes[1]) == 40
    pages = PdfReader(BytesIO(render_model_pdf(picture))).pages
    for page in pages[:2]:
        text = page.extract_text().replace("\n", "")
        assert "ほかの紙につづく線には" in text
        assert "中長期アウトカム" in text, "the columns are named on each"


Row = tuple[float, float, str]  # left, baseline, words


def rows_at_the_edges(sheet: str) -> list[Row]:
    """The words that name a box of another sheet."""
    found = []
    for text in ElementTree.fromstring(sheet).iter("{http://www.w3.org/2000/svg}text"):
        words, x = "".join(text.itertext()), float(text.get("x") or 0)
        if words.startswith("→ ") or words.endswith(" →"):
            assert float(text.get("font-size") or 0) == 12
            found.append(
                (x - (12 * width(words) if words.endswith("→") else 0), float(text.get("y") or 0), words)
            )
    return found


@pytest.mark.parametrize("sheets", [2, 4])
def test_a_line_that_is_cut_names_its_other_end_on_both_sheets(plan: PlanRows, sheets: int) -> None:
    picture = large(plan.grant)
    if sheets > 2:
        more = [replace(o, id=o.id - 1000, number=o.number + 16) for o in picture.plan.outputs]
        picture = plain_picture(plan.grant, replace(picture.plan, outputs=(*picture.plan.outputs, *more)))
    drawn = put_on_paper(picture).sheets
    assert len(drawn) == sheets
    stands = {
        key: number
        for number, sheet in enumerate(drawn, 1)
        for key in re.findall(r'href="#((?:activity|output|outcome|long_term)-[^"]+)"', sheet)
    }
    whole, wanted = picture.plan, [set[str]() for _sheet in drawn]

    def tie(start: tuple[str, str], end: tuple[str, str]) -> None:
        here, there = stands[start[0]], stands[end[0]]
        if here != there:
            wanted[here - 1].add(f"→ {end[1]}　{there}枚目")
            wanted[there - 1].add(f"{here}枚目　{start[1]} →")

    def outcome(pk: int) -> tuple[str, str]:
        found = whole.outcome(pk)
        assert found
        return f"outcome-{pk}", cut(f"{found.label} {found.brief}", 252)

    def output(pk: int) -> tuple[str, str]:
        [found] = [output for output in whole.outputs if output.id == pk]
        return f"output-{pk}", cut(f"{whole.output_label(found)} {found.brief}", 282)

    def cut(words: str, room: int) -> str:
        return shortened(words, room / 12 - width("→ 　1枚目"))

    for activity in whole.activities:
        for pk in activity.produces:
            tie((f"activity-{activity.id}", activity.text), output(pk))
    for served in whole.outputs:
        for contribution in served.contributions:
            tie(output(served.id), outcome(contribution.outcome_id))
    for leading in whole.outcomes:
        for pk in leading.leads_to:
            [purpose] = [purpose for purpose in whole.long_term if purpose.id == pk]
            tie(outcome(leading.id), (f"long_term-{pk}", cut(purpose.text, 236)))
    assert [{words for _x, _y, words in rows_at_the_edges(sheet)} for sheet in drawn] == wanted
    assert all(wanted)


def test_words_at_an_edge_lie_on_no_box_and_on_no_other_words(plan: PlanRows) -> None:
    for sheet in put_on_paper(large(plan.grant)).sheets:
        rows = rows_at_the_edges(sheet)
        boxes = [
            tuple(float(rect.get(side) or 0) for side in ("y", "height"))
            for rect in ElementTree.fromstring(sheet).iter("{http://www.w3.org/2000/svg}rect")
            if float(rect.get("height") or 0) > 30
        ]
        top, bottom = min(y for y, _height in boxes), max(y + height for y, height in boxes)
        assert all(y < top or y - 12 > bottom for _x, y, _words in rows)
        for one, other in combinations(rows, 2):
            apart = abs(one[1] - other[1]) >= 12 or (
                one[0] + 12 * width(one[2]) <= other[0] or other[0] + 12 * width(other[2]) <= one[0]
            )
            assert apart, (one, other)


@pytest.mark.parametrize(("language", "column"), [("ja", "中長期アウトカム"), ("en", "Long-term outcome")])
def test_a_drawing_stands_below_its_title_on_the_same_sheet(
    plan: PlanRows, language: str, column: str
) -> None:
    """Of the highest drawing that goes on landscape, and of the next one, which does not."""
    whole = plan_in_force(plan.grant, JUNE)
    more = [replace(whole.outputs[0], id=-n, number=n) for n in range(1, 7)]
    models = [
        plain_picture(plan.grant, replace(whole, outputs=(*whole.outputs, *more[:n])))
        for n in range(len(more) + 1)
    ]
    turned = [put_on_paper(picture).is_upright for picture in models].index(True)
    for picture in models[turned - 1 : turned + 1]:
        with translation.override(language):
            first = PdfReader(BytesIO(render_model_pdf(picture))).pages[0].extract_text()
        assert column in first


def test_it_is_served_in_private(plan: PlanRows, sign_in: Callable[[User], Client], officer: User) -> None:
    response = sign_in(officer).get(f"/grants/{plan.grant.pk}/model.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert "private" in response["Cache-Control"]
