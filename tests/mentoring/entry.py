"""Filling in a sheet's page as a person would: open it, change some fields, press a button."""

from html.parser import HTMLParser

from django.http import HttpResponse
from django.test import Client

from grants.models import Purpose
from mentoring.models import ProgressSheet
from tests.factories import (
    BudgetLineFactory,
    ContributionFactory,
    IndicatorVersionFactory,
    OutputVersionFactory,
    PlanRows,
)


class FormReader(HTMLParser):
    """What a browser would post of a page as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        name = a.get("name", "")
        if tag == "input" and name and a.get("type") in ("text", "hidden"):
            self.fields[name] = a.get("value", "")
        elif tag == "input" and name and "checked" in a:
            self.fields[name] = a.get("value", "on")
        elif tag == "select":
            self._select = name
            self.fields[name] = ""
        elif tag == "option" and self._select and "selected" in a:
            self.fields[self._select] = a.get("value", "")
        elif tag == "textarea" and name:
            self._textarea = name
            self.fields[name] = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.fields[self._textarea] += (
                data.removeprefix("\n") if not self.fields[self._textarea] else data
            )

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""


def fields_of(response: HttpResponse) -> dict[str, str]:
    reader = FormReader()
    reader.feed(response.content.decode())
    return {name: text for name, text in reader.fields.items() if name not in ("next", "csrfmiddlewaretoken")}


def open_entry(client: Client, sheet: ProgressSheet) -> dict[str, str]:
    response = client.get(f"/sheets/{sheet.pk}/entry/")
    assert response.status_code == 200
    return fields_of(response)


def save(client: Client, sheet: ProgressSheet, fields: dict[str, str]) -> HttpResponse:
    return client.post(f"/sheets/{sheet.pk}/entry/", fields)


def submit(client: Client, sheet: ProgressSheet, fields: dict[str, str]) -> HttpResponse:
    return client.post(f"/sheets/{sheet.pk}/submit/", fields)


def figure(plan: PlanRows, method: str, part: str = "value") -> str:
    """The name of an input."""
    return f"figure-{plan.indicators[method].pk}-{part}"


def change(plan: PlanRows, index: int = 0) -> str:
    return f"change-{plan.outcomes[index].pk}-text"


def full_month(plan: PlanRows) -> dict[str, str]:
    """Everything a submission asks for."""
    return {
        change(plan, 0): "顔なじみの若者が増えました。",
        change(plan, 1): "変わらない",
        figure(plan, "ratio", "numerator"): "5",
        figure(plan, "ratio", "denominator"): "8",
        figure(plan, "state", "step"): "ontrack",
        figure(plan, "state", "sentence"): "自分から話す人が出てきた。",
        figure(plan, "sum"): "6",
        figure(plan, "new_unique"): "2",
        figure(plan, "latest"): "11",
        figure(plan, "presence", "presence"): "in_progress",
        "spent-direct-amount_yen": "402,318",
        "spent-administrative-amount_yen": "73240",
        "cost-direct-status": "slow",
        "cost-administrative-status": "fine",
    }


def plan_money(plan: PlanRows) -> None:
    for purpose in (Purpose.DIRECT, Purpose.ADMINISTRATIVE):
        BudgetLineFactory(grant=plan.grant, purpose=purpose)


def grow_plan(plan: PlanRows, more: int) -> None:
    """`more` outputs under ①, each with an indicator."""
    for position in range(more):
        version = OutputVersionFactory(output__grant=plan.grant, position=3 + position)
        ContributionFactory(version=version, outcome=plan.outcomes[0])
        IndicatorVersionFactory(indicator__output=version.output)
