"""Key presses and page loads for one month's entry and its meeting, in the product and in a workbook with minutes.

Runs in a process of its own, with its own database and server: `python -m benchmarks effort`.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import django

django.setup()

# Only after setup: these read the settings.
from django.conf import settings  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402

from accounts.models import User  # noqa: E402
from benchmarks.hands import Hands  # noqa: E402
from benchmarks.month_content import (  # noqa: E402
    MonthContent,
    content_of,
    largest_grant,
    last_closed,
    rewind,
    same_again,
)
from benchmarks.new_way import enter_month, hold_meeting  # noqa: E402
from benchmarks.old_way import steps_of  # noqa: E402
from grants.models import Grant  # noqa: E402

PARTS = ("entry", "meeting")
COUNTED = ("keys", "again", "content", "loads")


def prepare() -> MonthContent:
    call_command("migrate", verbosity=0)
    call_command("load_demo", force=True, no_pdf=True, stdout=sys.stderr)
    content = content_of(last_closed(largest_grant()))
    rewind(content)
    return content


def session_of(user: User) -> str:
    session = SessionStore()
    for key, value in (
        ("_auth_user_id", str(user.pk)),
        ("_auth_user_backend", settings.AUTHENTICATION_BACKENDS[0]),
        ("_auth_user_hash", user.get_session_auth_hash()),
    ):
        session[key] = value
    session.create()
    return str(session.session_key)


@contextmanager
def server(day: str) -> Iterator[str]:
    """On the day of the meeting."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    environment = {**os.environ, "DEMO_TODAY": day, "DEBUG": "1"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{url}/healthz", timeout=2)
                break
            except OSError:
                time.sleep(0.5)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def by_hand(url: str, people: dict[str, str], content: MonthContent) -> dict[str, Counter[str]]:
    # A browser and its event loop: only this function needs them.
    from playwright.sync_api import sync_playwright

    counts: dict[str, Counter[str]] = {}
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for part, act in (("entry", enter_month), ("meeting", hold_meeting)):
            context = browser.new_context(locale="ja-JP", viewport={"width": 1280, "height": 900})
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": people[part], "url": url}])
            page = context.new_page()
            page.set_default_timeout(60_000)
            page.goto(f"{url}/")
            hands = Hands(page)  # what was open before is not counted
            act(hands, content)
            counts |= hands.counts
            context.close()
        browser.close()
    return counts


def main() -> None:
    content = prepare()
    grant = Grant.objects.with_names().get(pk=content.grant)
    member = grant.organisation.memberships.active().order_by("-role", "pk")[0].user
    people = {"entry": session_of(member), "meeting": session_of(grant.officer)}
    with server(content.held.day.isoformat()) as url:
        new = by_hand(url, people, content)
    result = {
        "grant": str(grant),
        "month": f"{content.month:%Y-%m}",
        "indicators": len(content.entries),
        "outcomes": len(content.outcomes),
        "old": [asdict(step) for step in steps_of(content)],
        "new": {part: {what: new[part][what] for what in COUNTED} for part in PARTS},
        "differences": same_again(content),
    }
    Path(os.environ["BENCH_RESULT"]).write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
