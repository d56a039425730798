from typing import Any

import pytest


@pytest.fixture(autouse=True)
def single_gets_are_no_loop(settings: Any) -> None:
    """In the admin all of Django's own .get() calls look like one line of ours; loops of relations still fail."""
    settings.ZEAL_ALLOWLIST = [*settings.ZEAL_ALLOWLIST, {"model": "*", "field": "get()"}]
