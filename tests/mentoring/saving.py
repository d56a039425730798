"""Saving single cells as the page's script does."""

import json
from typing import Any

from django.test import Client

from accounts.models import User
from mentoring.models import ProgressSheet


def body_of(user: User, cells: dict[str, tuple[Any, Any]]) -> dict[str, Any]:
    """`cells`: key → (typed, seen), each a text or a list of texts."""
    return {
        "user": user.pk,
        "cells": {key: {"typed": _list(typed), "seen": _list(seen)} for key, (typed, seen) in cells.items()},
    }


def post_json(client: Client, sheet: ProgressSheet, body: Any, place: str = "cells/") -> Any:
    return client.post(
        f"/sheets/{sheet.pk}/{place}",
        body if isinstance(body, str | bytes) else json.dumps(body),
        content_type="application/json",
        headers={"accept": "application/json"},
    )


def save_cell(client: Client, user: User, sheet: ProgressSheet, key: str, typed: Any, seen: Any = "") -> Any:
    """The answer for the one cell."""
    response = post_json(client, sheet, body_of(user, {key: (typed, seen)}))
    assert response.status_code == 200, response.content
    return response.json()["cells"][key]


def _list(texts: Any) -> list[Any]:
    return [texts] if isinstance(texts, str) else list(texts)
