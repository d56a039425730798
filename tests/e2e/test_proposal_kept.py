"""What was typed into the editor of a plan stays: signed out meanwhile, without a line, or when something else is pressed."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from grants.models import PlanProposal
from grants.plan import Plan
from mentoring.services.proposals import start_proposal
from tests.axe import axe_violations
from tests.e2e.browsing import sign_into
from tests.factories import PASSWORD, PlanRows

pytestmark = pytest.mark.django_db(transaction=True)
expect.set_options(timeout=20_000)
WORDS = "若者が、困ったときに自分から話せる大人をもっている。"


@pytest.fixture
def draft(plan: PlanRows, representative: User) -> PlanProposal:
    return start_proposal(grant=plan.grant, month=dt.date(2022, 11, 1), by=representative)


@pytest.fixture
def sit_down(page: Page, live_server: LiveServer, representative: User) -> Callable[[], None]:
    def act() -> None:
        sign_into(page.context, live_server.url, representative)

    return act


@pytest.fixture
def editor(page: Page, live_server: LiveServer, draft: PlanProposal, sit_down: Callable[[], None]) -> Page:
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(reduced_motion="reduce")
    sit_down()
    page.goto(f"{live_server.url}/proposals/{draft.pk}/edit/")
    page.get_by_role("link", name="書きかえる ① 若者が").click()
    field(page).fill(WORDS)
    return page


def field(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_label("だれが、どう変わっているか")


def put_in(page: Page) -> None:
    page.get_by_role("button", name="案に入れる", exact=True).click()


def first_outcome(draft: PlanProposal) -> str:
    return Plan.from_json(PlanProposal.objects.get(pk=draft.pk).draft).outcomes[0].text


def test_signed_out_the_words_come_back_after_signing_in(
    editor: Page, draft: PlanProposal, representative: User
) -> None:
    Session.objects.all().delete()
    put_in(editor)  # no question whether to leave: the server has it
    editor.locator("[name=login]").fill(representative.email)
    editor.locator("[name=password]").fill(PASSWORD)
    editor.get_by_role("button", name="サインインする", exact=True).click()
    expect(field(editor)).to_have_value(WORDS)
    put_in(editor)
    expect(editor.locator(".editor > li").filter(has_text=WORDS)).to_contain_text("＊ 変わる")
    assert first_outcome(draft) == WORDS


def test_signed_out_a_button_of_the_list_leaves_the_list_there(
    editor: Page, draft: PlanProposal, sit_down: Callable[[], None]
) -> None:
    put_in(editor)
    changed = editor.locator(".editor > li").filter(has_text=WORDS)
    expect(changed).to_contain_text("＊ 変わる")
    Session.objects.all().delete()
    changed.get_by_role("button", name="下へ").click()
    expect(changed.locator("[role=alert]")).to_contain_text("サインインが切れました")
    assert not axe_violations(editor)
    sit_down()
    root = editor.evaluate("location.origin")
    editor.context.add_cookies([{"name": "csrftoken", "value": "n" * 32, "url": root}])  # as signing in does
    changed.get_by_role("button", name="下へ").click()
    expect(editor.locator("#editor [role=alert]")).to_have_count(0)
    expect(changed).to_contain_text("②")


def test_without_a_line_it_is_told_and_can_be_sent_again(
    editor: Page, draft: PlanProposal, browser_problems: list[str]
) -> None:
    editor.context.set_offline(True)
    put_in(editor)
    expect(editor.locator(".editor-form [role=alert]")).to_contain_text("保存できませんでした")
    expect(field(editor)).to_have_value(WORDS)
    editor.context.set_offline(False)
    put_in(editor)
    expect(editor.locator(".editor > li").filter(has_text=WORDS)).to_contain_text("＊ 変わる")
    assert first_outcome(draft) == WORDS
    browser_problems.clear()  # htmx writes the lost line into the console


def test_another_button_asks_before_the_words_are_lost(editor: Page, draft: PlanProposal) -> None:
    asked = []

    def answer(dialog) -> None:  # type: ignore[no-untyped-def]
        asked.append(dialog.message)
        dialog.dismiss()

    editor.once("dialog", answer)
    editor.get_by_role("link", name="アウトプットを加える").click()
    expect(field(editor)).to_have_value(WORDS)
    assert asked == ["まだ案に入れていない入力があります。このまま進むと、その入力は消えます。進みますか。"]
    editor.once("dialog", lambda dialog: dialog.accept())
    editor.get_by_role("link", name="アウトプットを加える").click()
    expect(editor.get_by_label("何ができているか")).to_be_visible()
    expect(field(editor)).to_have_count(0)


def test_giving_up_and_an_untouched_form_ask_nothing(editor: Page) -> None:
    editor.get_by_role("link", name="やめる").click()
    expect(field(editor)).to_have_count(0)
    editor.get_by_role("link", name="書きかえる ① 若者が").click()
    expect(field(editor)).to_be_visible()
    editor.get_by_role("link", name="アウトプットを加える").click()
    expect(editor.get_by_label("何ができているか")).to_be_visible()
