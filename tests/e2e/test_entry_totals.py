"""Totals while typing: what the script shows is, to the letter, what the server shows once it is saved."""

from decimal import Decimal

import pytest

from accounts.models import User
from core.figures import FigureError, format_figure, format_percent, parse_figure
from grants.models import Indicator, IndicatorVersion
from mentoring.models import Figure, ProgressSheet
from tests.e2e.entering import Desk, demo, desk
from tests.factories import PlanRows, SheetFactory
from tests.mentoring.entry import figure

__all__ = ["demo", "desk"]
pytestmark = pytest.mark.django_db(transaction=True)
Method = Indicator.Method

ROUNDS = [  # of numbers, of parts and wholes, of words
    (["5", "１，２３４", "0", "▲２", "3.25件"], [("3", "7"), ("０", "0"), ("2", "3")], 0),
    (["0.1", "", "９９９", "12", "-0.05"], [("1", "6"), ("", ""), ("13", "13")], 2),
    (["1,000,000", "7回", "2.5", "", "1"], [("1", "3"), ("5", "8"), ("", "")], 1),
]


@pytest.fixture
def sheets(demo: None) -> list[ProgressSheet]:
    """The open months of every grant; with a few plans as the demo has none: the target below the baseline."""
    for method in (Method.SUM, Method.LATEST, Method.RATIO):
        version = IndicatorVersion.objects.filter(
            indicator__method=method, target_value__isnull=False
        ).first()
        assert version is not None
        versions = IndicatorVersion.objects.filter(indicator=version.indicator)
        versions.update(baseline=Decimal("90.5"), target_value=Decimal("30.25"))
    found = ProgressSheet.objects.with_names().filter(state__in=["draft", "returned"]).order_by("pk")
    latest = {sheet.grant_id: sheet for sheet in found}
    return list(latest.values())


def _type(desk: Desk, numbers: list[str], pairs: list[tuple[str, str]], word: int) -> None:
    page = desk.page
    singles = page.locator(".c-now input[name$='-value'], .yen-in input")
    for index in range(singles.count()):
        text = numbers[index % len(numbers)]
        is_yen = "yen" in (singles.nth(index).get_attribute("name") or "")
        singles.nth(index).fill(text if not is_yen or "." not in text else "12,345")
    for index, row in enumerate(page.locator(".figure-in.pair").all()):
        for part, text in zip(row.locator("input").all(), pairs[index % len(pairs)], strict=True):
            part.fill(text)
    for row in page.locator("fieldset.choices").all():
        row.locator("label").nth(word).click()
    for row in page.locator("select[name$='-step']").all():
        row.select_option(index=word + 1)


def test_the_script_changes_nothing_of_an_untouched_page(desk: Desk, sheets: list[ProgressSheet]) -> None:
    for sheet in sheets:
        desk.sit_down(sheet.grant.organisation.memberships.get(role="representative").user)
        desk.open(sheet)
        assert desk.shown() == desk.sent()


def test_totals_while_typing_are_the_totals_after_saving(desk: Desk, sheets: list[ProgressSheet]) -> None:
    for sheet in sheets[:2]:
        desk.sit_down(sheet.grant.organisation.memberships.get(role="representative").user)
        for numbers, pairs, word in ROUNDS:
            page = desk.open(sheet)
            _type(desk, numbers, pairs, word)
            provisional = desk.shown()
            with page.expect_navigation():
                page.get_by_role("button", name="一時保存", exact=True).click()
            assert page.locator(".field-error").count() == 0
            assert provisional == desk.sent() == desk.shown()
    kinds = Figure.objects.filter(sheet__in=sheets[:2]).values_list(
        "indicator__method", "indicator__ratio_is_pooled"
    )
    assert {method for method, _ in kinds} == set(Method)
    assert {is_pooled for method, is_pooled in kinds if method == Method.RATIO} == {True, False}


def test_what_cannot_be_read_keeps_the_total_and_says_so(
    desk: Desk, plan: PlanRows, representative: User
) -> None:
    desk.sit_down(representative)
    page = desk.open(SheetFactory(grant=plan.grant))
    field = desk.field(figure(plan, "sum"))
    row = page.locator("tr[data-figure]", has=field)
    total = row.locator("[data-total='value']")
    field.fill("12")
    before = total.inner_text()
    field.fill("１２人くらい")
    assert total.inner_text() == before
    assert row.get_by_text("数として読めない").is_visible()
    field.fill("13")
    assert total.inner_text() != before
    assert row.get_by_text("数として読めない").is_hidden()


TYPED = [
    "", " ", "　", "0", "-0", "5", "５件", "１，２３４", "1,234", "12,34", "1 234", "1　234", "▲500", "△ 5", "－3", "−5", "+7", "3.", ".5", "2.50",
    "2.505", "2.500", "0.1", "￥１，０００円", "¥5", "円", "回", "12人くらい", "1e3", "0x1", "12345678901234", "9999999999999", "1234567890123.25",
    "のべ５人", "5のべ人数", "5人数", "5 %", "３．５", "1,23", "１２　名", "--5", "- 5", "5か月", "NaN", "∞", "五", "５月", "1,234,567.8点",
]  # fmt: skip


def test_numbers_are_read_and_written_alike(desk: Desk, plan: PlanRows, representative: User) -> None:
    desk.sit_down(representative)
    page = desk.open(SheetFactory(grant=plan.grant))
    read = page.evaluate(
        """async ([typed, unit]) => {
          const {readFigure, formatFigure, UNREADABLE} = await import(new URL("/static/js/figures.js", location));
          const rules = JSON.parse(document.querySelector("form[data-reading]").dataset.reading);
          return typed.map(text => readFigure(text, unit, rules)).map(
            number => number === null ? "" : number === UNREADABLE ? "unreadable" : formatFigure(number));
        }""",
        [TYPED, "か月"],
    )
    assert dict(zip(TYPED, read, strict=True)) == {text: _read(text) for text in TYPED}
    shares = [(1, 3), (1, 6), (2, 3), (-1, 3), (1, 16), (-1, 2000), (5, 4000), (123456789, 7), (0, 9)]
    written = page.evaluate(
        """async shares => {
          const {formatPercent, share} = await import(new URL("/static/js/figures.js", location));
          return shares.map(([part, whole]) => formatPercent(share(BigInt(part) * 100n, BigInt(whole))));
        }""",
        shares,
    )
    assert written == [format_percent(Decimal(part) * 100 / whole) for part, whole in shares]


def _read(text: str) -> str:
    """As FigureField does it: two decimal places, thirteen digits before the point."""
    try:
        value = parse_figure(text, "か月")
    except FigureError:
        return "unreadable"
    if value is None:
        return ""
    if abs(value) >= 10**13 or -int(value.normalize().as_tuple().exponent) > 2:
        return "unreadable"
    return format_figure(value)
