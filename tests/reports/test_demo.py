"""The demonstration: public facts to the yen, everything else invented and always the same."""

import datetime as dt
from collections.abc import Iterator
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import models
from django.db.models import Sum

from accounts.models import JournalEntry, User
from core.months import month_range
from foundations.models import Foundation
from grants.models import BudgetLine, Contribution, Expenditure, Grant, Indicator, PlanRevision, Program
from grants.plan_reading import plan_in_force
from mentoring.closing import missing_for_closing
from mentoring.corrections import corrections_of
from mentoring.models import (
    ActionItem,
    Attachment,
    FieldNote,
    Figure,
    Intervention,
    Meeting,
    Mention,
    OutcomeChange,
    OutcomeReview,
    ProgressSheet,
    RowComment,
    SheetDocument,
    SheetEvent,
)
from mentoring.reading import read_sheet
from mentoring.selectors import plan_of
from mentoring.totals import running_totals
from mentoring.workflow import TRANSITIONS
from reports.demo import documents
from reports.demo.documents import closings_without_pdf
from reports.demo.months import fingerprint
from reports.demo.plans import GRANTS, NAMED

# (name, legal form, city): granted direct, granted administrative, own funds, evaluation
FACTS = {
    ("はこぶね", "一般社団法人", "船橋市"): (14_564_172, 2_078_692, 988_800, 755_000),
    ("ベストサポート", "株式会社", "千葉市"): (17_357_000, 2_643_000, 12_269_632, 867_360),
    ("いっぽの会", "一般社団法人", "松戸市"): (20_000_000, 0, 4_461_695, 962_850),
    ("ちば子ども若者アフターケアコンソーシアム", "任意団体", "千葉市"): (
        17_269_000,
        2_731_000,
        5_000_000,
        989_100,
    ),
}


LAST = dt.date(2023, 12, 1)
NAMED_GRANTEES = [name for name, _, _ in FACTS]


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Loaded once for the module, under the transactions of its tests, and taken away again."""
    with django_db_blocker.unblock():
        call_command("load_demo", "--force", "--no-pdf", stdout=StringIO())
    yield
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


def test_foundation_says_what_it_says_of_itself() -> None:
    foundation = Foundation.objects.get(name="公益財団法人ちばのWA地域づくり基金")
    assert foundation.is_demo
    assert (foundation.granted_total_yen, foundation.granted_count) == (246_902_751, 139)
    assert foundation.history_entries.filter(year=2012, month=5, text__contains="個人171名・25法人").exists()


@pytest.mark.parametrize("grantee", FACTS, ids=[name for name, *_ in FACTS])
def test_amounts_to_the_yen(grantee: tuple[str, str, str]) -> None:
    name, form, city = grantee
    grant = Grant.objects.get(organisation__name=name)
    assert (grant.organisation.legal_form.name, grant.organisation.city) == (form, city)
    assert (grant.starts_on, grant.ends_on) == (dt.date(2021, 4, 1), dt.date(2024, 1, 31))
    lines = BudgetLine.objects.filter(grant=grant)
    granted = {
        purpose: lines.filter(purpose=purpose).aggregate(n=Sum("granted_yen"))["n"] or 0
        for purpose in ("direct", "administrative", "evaluation")
    }
    own = lines.aggregate(n=Sum("own_yen"))["n"]
    assert (granted["direct"], granted["administrative"], own, granted["evaluation"]) == FACTS[grantee]


def test_the_program() -> None:
    program = Program.objects.get(total_yen=80_000_000)
    assert program.ends_on == dt.date(2024, 1, 31)
    assert program.approaches.count() == 4


def test_every_plan_uses_all_methods() -> None:
    for grant in Grant.objects.all():
        methods = set(Indicator.objects.filter(grant=grant).values_list("method", flat=True))
        assert methods == set(Indicator.Method.values), grant


def test_edges_have_reasons_and_some_outputs_serve_two() -> None:
    for grant in Grant.objects.exclude(organisation__name__startswith="しおかぜ"):
        edges = Contribution.objects.filter(version__output__grant=grant)
        assert not edges.filter(reason="").exists()
        assert edges.filter(is_first=False).exists()


def test_refuses_outside_debug() -> None:
    with pytest.raises(CommandError, match="--force"):
        call_command("load_demo", stdout=StringIO())


# --- the months ----------------------------------------------------------------------------------------------


def test_every_month_has_its_sheet() -> None:
    for grant in Grant.objects.all():
        months = list(month_range(grant.starts_on, dt.date(2024, 1, 1)))
        assert list(grant.sheets.order_by("month").values_list("month", flat=True)) == months


def test_december_2023_shows_every_state_once_and_the_rest_closed() -> None:
    states = dict(
        ProgressSheet.objects.filter(
            month=LAST, grant__program__fund__foundation__short_name="ちばのWA"
        ).values_list("grant__organisation__name", "state")
    )
    assert states == {
        "はこぶね": "submitted",
        "ベストサポート": "returned",
        "いっぽの会": "draft",
        "ちば子ども若者アフターケアコンソーシアム": "closed",
        "なぎさの会（架空）": "closed",
    }
    assert not ProgressSheet.objects.filter(month__lt=LAST).exclude(state="closed").exists()
    january = ProgressSheet.objects.filter(month__gt=LAST)
    assert set(january.values_list("state", flat=True)) == {"draft"}
    assert not Figure.objects.filter(sheet__in=january).exists()


def test_closed_months_could_have_been_closed_by_hand() -> None:
    for sheet in ProgressSheet.objects.with_names().filter(state="closed", month__month__in=[8, 12]):
        assert missing_for_closing(read_sheet(sheet)) == [], sheet


def test_moves_follow_the_table_and_the_calendar() -> None:
    for sheet in ProgressSheet.objects.prefetch_related("events"):
        events = list(sheet.events.all())
        assert (events[0].act, events[-1].to_state) == ("open", sheet.state)
        for before, event in pairwise(events):
            transition = TRANSITIONS[event.act]
            assert event.from_state == before.to_state
            assert (event.from_state in transition.sources, event.to_state) == (True, transition.target)
            assert event.reason or not transition.needs_reason
            assert before.at < event.at
        assert sheet.turn_since == events[-1].at
        assert events[-1].at.date() <= dt.date(2024, 1, 9)
    assert SheetEvent.objects.filter(act="return").count() >= 5
    assert JournalEntry.objects.count() == SheetEvent.objects.exclude(act="open").count()


def test_a_month_is_met_about_after_it_ended_and_closed_after_that() -> None:
    for sheet in ProgressSheet.objects.filter(state="closed").prefetch_related("meetings"):
        held = [meeting.held_on for meeting in sheet.meetings.all() if meeting.held]
        assert held, sheet
        assert min(held) > sheet.last_day
        assert sheet.closed_at.date() >= max(held)
    assert set(Meeting.objects.filter(held=False).values_list("held_on__year", flat=True)) == {2024}


def test_one_meeting_serves_two_months_and_one_month_has_two() -> None:
    assert Meeting.objects.annotate(n=models.Count("sheets")).filter(n=2).exists()
    assert ProgressSheet.objects.annotate(n=models.Count("meetings")).filter(n=2).exists()


def test_submitted_and_closed_sheets_keep_their_plan() -> None:
    pinned = ProgressSheet.objects.filter(state__in=["submitted", "closed"]).select_related("grant")
    assert not pinned.filter(plan_snapshot=None).exists()
    assert not ProgressSheet.objects.filter(state__in=["draft", "returned"]).exclude(plan_snapshot=None)
    for month in (dt.date(2023, 3, 1), dt.date(2023, 4, 1)):
        for sheet in pinned.filter(month=month):
            assert plan_of(sheet) == plan_in_force(sheet.grant, month)


def test_the_revision_rewords_one_indicator_and_replaces_another() -> None:
    revision = PlanRevision.objects.get()
    assert revision.holds_from == dt.date(2023, 4, 1)
    assert revision.reason
    before = plan_in_force(revision.grant, dt.date(2023, 3, 1))
    after = plan_in_force(revision.grant, dt.date(2023, 4, 1))
    names = [{plan.id: plan.name for plan in plans.indicators()} for plans in (before, after)]
    assert [pk for pk in names[0] if pk in names[1] and names[0][pk] != names[1][pk]]
    replaced = Indicator.objects.get(replaces__isnull=False)
    assert replaced.pk not in names[0]
    assert replaced.replaces_id not in names[1]
    assert not Figure.objects.filter(indicator=replaced, sheet__month__lt=revision.holds_from).exists()


def test_the_case_of_the_source_belongs_to_the_invented_grantee() -> None:
    grant = Grant.objects.get(organisation__name="なぎさの会（架空）")
    plan = plan_in_force(grant, LAST)
    by_name = {indicator.name: indicator for indicator in plan.indicators()}
    for name, reached in (("ボランティア", 16), ("賛助会員", 22)):
        first = Figure.objects.filter(indicator=by_name[name].id).earliest("sheet__month")
        totals = running_totals(grant.pk, [by_name[name]], LAST)
        assert (first.value, totals[by_name[name].id].value) == (0, reached)


def test_figures_are_like_life() -> None:
    blanks = [grant for grant in Grant.objects.all() if _gaps(grant)]
    assert len(blanks) >= 4  # 未入力の月あり shows
    versions = [plan for spec in GRANTS for plan in spec.indicators()]
    assert any(one.target is not None and one.target < one.baseline for one in versions)
    assert any(one.baseline and one.target and one.target > one.baseline for one in versions)
    assert any(one.yearly for one in versions)
    ratios = {one.pooled for one in versions if one.method == "ratio"}
    assert ratios == {True, False}
    for numerator, denominator in Figure.objects.exclude(denominator=None).values_list(
        "numerator", "denominator"
    ):
        assert 0 <= numerator <= denominator


def _gaps(grant: Grant) -> bool:
    plan = plan_in_force(grant, LAST)
    return any(total.gaps for total in running_totals(grant.pk, plan.indicators(), LAST).values())


@pytest.mark.parametrize("name", NAMED_GRANTEES)
def test_money_stays_under_the_plan(name: str) -> None:
    grant = Grant.objects.get(organisation__name=name)
    for purpose in ("direct", "administrative"):
        lines = BudgetLine.objects.filter(grant=grant, purpose=purpose)
        plan = lines.aggregate(n=Sum("granted_yen") + Sum("own_yen"))["n"] or 0
        spent = Expenditure.objects.filter(grant=grant, purpose=purpose).aggregate(n=Sum("amount_yen"))["n"]
        if plan:
            assert 0.90 <= spent / plan <= 0.97
        else:
            assert spent == 0


def test_sentences_vary_and_each_grantee_has_a_voice() -> None:
    voices = {
        name: set(
            OutcomeChange.objects.filter(sheet__grant__organisation__name=name).values_list("text", flat=True)
        )
        for name in NAMED_GRANTEES
    }
    for name, sentences in voices.items():
        assert len(sentences) >= 60, name
        others = set().union(*(said for other, said in voices.items() if other != name))
        assert not sentences & others, name
    for sheet in ProgressSheet.objects.prefetch_related("outcome_changes", "outcome_reviews"):
        changes = [change.text for change in sheet.outcome_changes.all()]
        reviews = [review.sentence for review in sheet.outcome_reviews.all() if review.sentence]
        assert len(set(changes)) == len(changes), sheet
        assert len(set(reviews)) == len(reviews), sheet


def test_some_edges_were_not_spoken_of_for_three_months() -> None:
    spoken = OutcomeReview.objects.filter(sheet__month__gte=dt.date(2023, 10, 1)).values("outcome", "outputs")
    recent = {(row["outcome"], row["outputs"]) for row in spoken}
    grant = Grant.objects.get(organisation__name="はこぶね")
    plan = plan_in_force(grant, LAST)
    edges = {(edge.outcome_id, output.id) for output in plan.outputs for edge in output.contributions}
    assert edges - recent
    assert edges & recent


def test_homework_is_done_and_open() -> None:
    for grant in Grant.objects.all():
        assert grant.action_items.open().exists(), grant
        assert grant.action_items.exclude(done_on=None).exists(), grant
    assert not ActionItem.objects.filter(done_on__gt=dt.date(2024, 1, 9)).exists()


def test_support_was_given_over_the_whole_time() -> None:
    for name in NAMED_GRANTEES:
        given = Intervention.objects.filter(grant__organisation__name=name)
        assert given.values("on__year").distinct().count() == 3
        categories = set(given.values_list("item__category__name", flat=True))
        assert {"会計・精算", "報告書作成", "研修・学び合い", "資金調達"} & categories
        assert {"会計・精算", "報告書作成"} <= categories


# --- questions on a row ---------------------------------------------------------------------------------------


def test_questions_are_asked_in_several_months_and_answered_before_the_closing() -> None:
    comments = list(RowComment.objects.with_waiting().select_related("sheet", "question"))
    questions = [comment for comment in comments if comment.question_id is None]
    assert len({comment.sheet.month for comment in questions}) >= 5
    assert {comment.row_key.split("-")[0] for comment in questions} >= {"indicator", "outcome", "cost"}
    assert any(comment.settled_at for comment in questions)
    for comment in comments:
        assert comment.sheet.closed_at is None or comment.created_at < comment.sheet.closed_at
        assert comment.question is None or comment.created_at > comment.question.created_at
        assert comment.created_at.date() <= dt.date(2024, 1, 9)
        if comment.row_key.startswith("indicator"):
            plan = plan_of(comment.sheet)
            assert comment.indicator_id in {indicator.id for indicator in plan.indicators()}, comment.text


def test_one_question_waits_on_each_side() -> None:
    waiting = RowComment.objects.waiting().order_by("side")
    assert [(c.sheet.grant.organisation.name, c.sheet.state, c.side) for c in waiting] == [
        ("はこぶね", "submitted", "foundation"),
        ("なぎさの会（架空）", "draft", "grantee"),
    ]
    told = {mention.person.name for mention in Mention.objects.filter(comment__in=waiting, mail=None)}
    assert told == {"早川 ゆり", "長谷部 健", "森下 佳代"}


# --- what must not be in it --------------------------------------------------------------------------------


def test_nothing_internal_or_troubling_is_invented_about_the_named_grantees() -> None:
    assert len(NAMED) == len(NAMED_GRANTEES)
    named = {"grant__organisation__name__in": NAMED_GRANTEES}
    assert FieldNote.objects.internal().exists()
    assert not FieldNote.objects.internal().filter(**named).exists()
    assert OutcomeReview.objects.filter(word="counter").exists()
    assert not OutcomeReview.objects.filter(
        word="counter", sheet__grant__organisation__name__in=NAMED_GRANTEES
    ).exists()


def test_addresses_lead_nowhere() -> None:
    assert not User.objects.exclude(email__endswith=".example").exists()


# --- always the same ---------------------------------------------------------------------------------------


def test_two_tellings_are_the_same_to_the_letter() -> None:
    assert fingerprint() == fingerprint()


def test_a_second_run_keeps_everything() -> None:
    grant = Grant.objects.get(organisation__name="はこぶね")
    figure = Figure.objects.filter(sheet__grant=grant).latest("pk")
    Figure.objects.filter(pk=figure.pk).update(note="あとから書いた")
    before = {model: model.objects.count() for model in (Foundation, User, ProgressSheet, Figure, Meeting)}
    out = StringIO()
    call_command("load_demo", "--force", "--no-pdf", stdout=out)
    assert {model: model.objects.count() for model in before} == before
    figure.refresh_from_db()
    assert figure.note == "あとから書いた"
    assert "もう入っています" in out.getvalue()
    assert "banso-demo-2024" in out.getvalue()


def test_every_closing_waits_for_its_pdf() -> None:
    waiting = closings_without_pdf()
    assert len(waiting) == SheetEvent.objects.filter(act="close").count() > 150
    assert [edition for _, edition in waiting].count(2) == 1


def test_one_closed_month_was_opened_again_and_says_what_was_corrected() -> None:
    sheet = ProgressSheet.objects.with_names().get(events__act="reopen")
    (correction,) = corrections_of(sheet, read_sheet(sheet))
    assert (correction.before, correction.after) == ("27", "29")
    reopening, closing = sheet.events.order_by("at")[3:5]
    assert reopening.at < correction.at < closing.at == sheet.closed_at


def test_two_runs_at_once_store_a_pdf_once() -> None:
    pk, edition = closings_without_pdf()[0]
    for pdf in (b"%PDF first", b"%PDF second"):
        documents.store_closing(pk, edition, pdf)
    document = SheetDocument.objects.get()
    assert document.created_at == document.sheet.closed_at
    with document.file.open("rb") as stream:
        assert stream.read() == b"%PDF first"


def test_some_sheets_have_photos_and_files() -> None:
    rows = list(Attachment.objects.order_by("pk"))
    assert [row.kind for row in rows] == ["png", "png", "xlsx"]
    assert not any(row.shows_people for row in rows)
    for row in rows:
        with row.file.open("rb") as stream:
            assert len(stream.read()) == row.size
