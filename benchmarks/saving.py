"""Saving one cell of a sheet, beside an empty signed-in request of the same stack."""

import itertools
import json
import logging
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from benchmarks.timing import medians
from grantees.models import Membership
from mentoring.cells import figure_cells
from mentoring.models import ProgressSheet
from mentoring.selectors import plan_of

RUNS = 200
SESSION_AND_USER = 2


def open_sheet() -> tuple[ProgressSheet, User]:
    """One that its grantee is writing, in the middle of all; and who writes."""
    drafts = ProgressSheet.objects.with_names().filter(state="draft").order_by("pk")
    sheet = drafts[drafts.count() // 2]
    members = Membership.objects.active().filter(organisation=sheet.grant.organisation_id)
    return sheet, members.select_related("user").earliest("pk").user


def poster(client: Client, sheet: ProgressSheet, body: Callable[[], Any], status: int) -> Callable[[], Any]:
    url = reverse("mentoring:sheet_cells", args=[sheet.pk])

    def act() -> Any:
        response = client.post(url, json.dumps(body()), content_type="application/json")
        assert response.status_code == status, response.content
        return response.json()

    return act


def saving() -> tuple[int, float, float]:
    """Queries besides those for session and user; seconds; and the seconds of the empty request.

    Another figure each time, in a sitting that has its line in the journal: what a save is while one types. The
    empty request is one to the same address that says nothing, and is refused as soon as its user is known.
    """
    sheet, writer = open_sheet()
    client = Client()
    client.force_login(writer)
    indicators = plan_of(sheet).indicators()
    cell = next(cell for i in indicators for cell in figure_cells(i) if cell.attributes == ("value",))
    numbers, seen = itertools.count(1), [""]

    def body() -> Any:
        typed = [str(next(numbers))]
        sent = {"user": writer.pk, "cells": {cell.key: {"typed": typed, "seen": list(seen)}}}
        seen[:] = typed
        return sent

    save, empty = poster(client, sheet, body, 200), poster(client, sheet, dict, 400)
    first = save()["cells"][cell.key]
    if first["state"] == "conflict":  # a figure stands there already
        seen[:] = first["stored"]
    assert save()["cells"][cell.key]["state"] == "saved"
    with CaptureQueriesContext(connection) as captured:
        assert save()["cells"][cell.key]["state"] == "saved"
        queries = sum(not query["sql"].startswith(("BEGIN", "COMMIT")) for query in captured.captured_queries)
    requests = logging.getLogger("django.request")
    requests.disabled = True  # says of every refusal that it was one
    try:
        taken, bare = medians(save, empty, runs=RUNS)
    finally:
        requests.disabled = False
    return queries - SESSION_AND_USER, taken, bare
