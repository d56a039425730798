"""Rows for tests. Every default is dated so that it holds in the demo's years too (2021-04 to 2024-01).

Children follow their parent: SheetFactory(grant=grant), InterventionFactory(grant=grant) stay inside the
grant's foundation by themselves. Nothing goes through a service: a state a test needs is written straight.
"""

import datetime as dt
import secrets
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

import factory
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory, Password

from accounts.models import User
from core.months import add_months
from foundations.models import Foundation, FoundationHistoryEntry, Staff
from grantees.models import ConsortiumMember, Invitation, LegalForm, Membership, Organisation
from grants.models import (
    Activity,
    ActivityVersion,
    BudgetLine,
    Contribution,
    Expenditure,
    Fund,
    Grant,
    GrantReader,
    Indicator,
    IndicatorUnit,
    IndicatorVersion,
    LedgerEntry,
    LongTermOutcome,
    LongTermOutcomeVersion,
    Output,
    OutputVersion,
    PlanProposal,
    PlanRevision,
    Program,
    ProgramIndicator,
    ProgramOutcome,
    Purpose,
    ShortTermOutcome,
    ShortTermOutcomeVersion,
)
from grants.plan_reading import plan_in_force
from mentoring.models import (
    ActionItem,
    Attachment,
    Attendee,
    CostReview,
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
    SheetMail,
    SupportCategory,
    SupportMenuItem,
)
from mentoring.models.meetings import Side

PASSWORD = "rakuda-no-mizuumi-21"  # of every factory user, unless told otherwise
BEGINNING = dt.date(2020, 4, 1)  # hats begin here
GRANT_STARTS = dt.date(2021, 4, 1)
GRANT_ENDS = dt.date(2024, 1, 31)


def moment(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> dt.datetime:
    return timezone.make_aware(dt.datetime(year, month, day, hour, minute))  # noqa: DTZ001


# --- people and organisations ----------------------------------------------------------------------------


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.test")
    name = factory.Sequence(lambda n: f"山田 花子{n}")
    kana = factory.Sequence(lambda n: f"やまだ はなこ{n}")
    password = Password(PASSWORD)


class FoundationFactory(DjangoModelFactory):
    class Meta:
        model = Foundation

    name = factory.Sequence(lambda n: f"公益財団法人みどり基金{n}")
    short_name = factory.Sequence(lambda n: f"みどり{n}")
    kana = factory.Sequence(lambda n: f"みどりききん{n}")


class FoundationHistoryEntryFactory(DjangoModelFactory):
    class Meta:
        model = FoundationHistoryEntry

    foundation = factory.SubFactory(FoundationFactory)
    year = 2012
    month = 5
    text = "市民の寄付で設立"


class StaffFactory(DjangoModelFactory):
    """An officer, unless `role` says otherwise. The admin's is_staff follows, as the service does it."""

    class Meta:
        model = Staff
        skip_postgeneration_save = True

    foundation = factory.SubFactory(FoundationFactory)
    user = factory.SubFactory(UserFactory)
    role = Staff.Role.OFFICER
    starts_on = BEGINNING

    @factory.post_generation
    def opens_the_admin(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create and self.role == Staff.Role.ADMIN and not self.user.is_staff:
            self.user.is_staff = True
            self.user.save(update_fields=["is_staff"])


class LegalFormFactory(DjangoModelFactory):
    class Meta:
        model = LegalForm

    foundation = factory.SubFactory(FoundationFactory)
    name = factory.Sequence(lambda n: f"一般社団法人{n}")


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    foundation = factory.SubFactory(FoundationFactory)
    name = factory.Sequence(lambda n: f"あおぞらの会{n}")
    kana = factory.Sequence(lambda n: f"あおぞらのかい{n}")
    city = "千葉市"


class ConsortiumMemberFactory(DjangoModelFactory):
    class Meta:
        model = ConsortiumMember

    consortium = factory.SubFactory(OrganisationFactory, is_consortium=True)
    organisation = factory.SubFactory(
        OrganisationFactory, foundation=factory.SelfAttribute("..consortium.foundation")
    )


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    organisation = factory.SubFactory(OrganisationFactory)
    user = factory.SubFactory(UserFactory)
    role = Membership.Role.MEMBER
    starts_on = BEGINNING


class InvitationFactory(DjangoModelFactory):
    """Into the foundation as an officer, or give `organisation` and `role`. `token` makes the link known."""

    class Meta:
        model = Invitation
        exclude = ("token",)

    token = factory.LazyFunction(secrets.token_urlsafe)
    foundation = factory.SubFactory(FoundationFactory)
    email = factory.Sequence(lambda n: f"invited{n}@example.test")
    name = "招かれた 人"
    role = Invitation.Role.OFFICER
    token_hash = factory.LazyAttribute(lambda o: sha256(o.token.encode()).hexdigest())
    expires_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=7))
    invited_by = factory.SubFactory(UserFactory)


# --- money and grants ------------------------------------------------------------------------------------


class FundFactory(DjangoModelFactory):
    class Meta:
        model = Fund

    foundation = factory.SubFactory(FoundationFactory)
    kind = Fund.Kind.DORMANT
    name = factory.Sequence(lambda n: f"若者応援基金{n}")


class LedgerEntryFactory(DjangoModelFactory):
    class Meta:
        model = LedgerEntry

    fund = factory.SubFactory(FundFactory)
    on = dt.date(2021, 4, 1)
    kind = LedgerEntry.Kind.INDIVIDUAL
    amount_yen = 10_000


class ProgramFactory(DjangoModelFactory):
    class Meta:
        model = Program

    fund = factory.SubFactory(FundFactory)
    name = factory.Sequence(lambda n: f"若者の居場所をつくる助成{n}")
    starts_on = GRANT_STARTS
    ends_on = GRANT_ENDS
    total_yen = 80_000_000


class GrantFactory(DjangoModelFactory):
    """In its own foundation, or give `program` (and `organisation`, `officer`)."""

    class Meta:
        model = Grant

    program = factory.SubFactory(ProgramFactory)
    organisation = factory.SubFactory(
        OrganisationFactory, foundation=factory.SelfAttribute("..program.fund.foundation")
    )
    officer = factory.LazyAttribute(lambda o: StaffFactory(foundation=o.program.fund.foundation).user)
    title = factory.Sequence(lambda n: f"こころをつなぐ事業{n}")
    contract_date = GRANT_STARTS
    starts_on = GRANT_STARTS
    ends_on = GRANT_ENDS


class GrantReaderFactory(DjangoModelFactory):
    class Meta:
        model = GrantReader

    grant = factory.SubFactory(GrantFactory)
    staff = factory.SubFactory(
        StaffFactory,
        foundation=factory.SelfAttribute("..grant.program.fund.foundation"),
        role=Staff.Role.ADVISER,
    )


class BudgetLineFactory(DjangoModelFactory):
    class Meta:
        model = BudgetLine

    grant = factory.SubFactory(GrantFactory)
    purpose = Purpose.DIRECT
    item = factory.Sequence(lambda n: f"費目{n}")
    fiscal_year = 2022
    granted_yen = 1_000_000
    own_yen = 200_000


class ExpenditureFactory(DjangoModelFactory):
    class Meta:
        model = Expenditure

    grant = factory.SubFactory(GrantFactory)
    month = dt.date(2022, 4, 1)
    purpose = Purpose.DIRECT
    amount_yen = 100_000


class IndicatorUnitFactory(DjangoModelFactory):
    class Meta:
        model = IndicatorUnit

    foundation = factory.SubFactory(FoundationFactory)
    name = factory.Sequence(lambda n: f"単位{n}")


# --- the logic model -------------------------------------------------------------------------------------


class PlanRevisionFactory(DjangoModelFactory):
    class Meta:
        model = PlanRevision

    grant = factory.SubFactory(GrantFactory)
    holds_from = dt.date(2022, 10, 1)
    kind = PlanRevision.Kind.CONTENT
    reason = "参加する人が増え、めざす姿を見直しました。"
    approved_by = factory.LazyAttribute(lambda o: o.grant.officer)
    approved_at = factory.LazyFunction(lambda: moment(2022, 9, 20))


class LongTermOutcomeFactory(DjangoModelFactory):
    class Meta:
        model = LongTermOutcome

    grant = factory.SubFactory(GrantFactory)


class LongTermOutcomeVersionFactory(DjangoModelFactory):
    class Meta:
        model = LongTermOutcomeVersion

    outcome = factory.SubFactory(LongTermOutcomeFactory)
    valid_from = factory.LazyAttribute(lambda o: o.outcome.grant.starts_on.replace(day=1))
    text = "若者が孤立せず、地域で自分らしく暮らしている"


class ShortTermOutcomeFactory(DjangoModelFactory):
    class Meta:
        model = ShortTermOutcome

    grant = factory.SubFactory(GrantFactory)


class ShortTermOutcomeVersionFactory(DjangoModelFactory):
    class Meta:
        model = ShortTermOutcomeVersion
        skip_postgeneration_save = True

    outcome = factory.SubFactory(ShortTermOutcomeFactory)
    valid_from = factory.LazyAttribute(lambda o: o.outcome.grant.starts_on.replace(day=1))
    position = 1
    text = "若者が安心して過ごせる場所を持っている"


class OutputFactory(DjangoModelFactory):
    class Meta:
        model = Output

    grant = factory.SubFactory(GrantFactory)


class OutputVersionFactory(DjangoModelFactory):
    class Meta:
        model = OutputVersion

    output = factory.SubFactory(OutputFactory)
    valid_from = factory.LazyAttribute(lambda o: o.output.grant.starts_on.replace(day=1))
    position = 1
    text = "居場所が開かれている"


class ContributionFactory(DjangoModelFactory):
    class Meta:
        model = Contribution

    version = factory.SubFactory(OutputVersionFactory)
    outcome = factory.SubFactory(
        ShortTermOutcomeFactory, grant=factory.SelfAttribute("..version.output.grant")
    )
    is_first = True
    reason = "顔を合わせる場が、相談のはじまりになるから"


class ActivityFactory(DjangoModelFactory):
    class Meta:
        model = Activity

    grant = factory.SubFactory(GrantFactory)


class ActivityVersionFactory(DjangoModelFactory):
    class Meta:
        model = ActivityVersion
        skip_postgeneration_save = True

    activity = factory.SubFactory(ActivityFactory)
    valid_from = factory.LazyAttribute(lambda o: o.activity.grant.starts_on.replace(day=1))
    position = 1
    text = "週に2回、居場所を開く"


class IndicatorFactory(DjangoModelFactory):
    """Of an output, unless `outcome` is given (then pass output=None)."""

    class Meta:
        model = Indicator

    output = factory.SubFactory(OutputFactory)
    grant = factory.LazyAttribute(lambda o: (o.output or o.outcome).grant)
    method = Indicator.Method.SUM


class IndicatorVersionFactory(DjangoModelFactory):
    class Meta:
        model = IndicatorVersion

    indicator = factory.SubFactory(IndicatorFactory)
    valid_from = factory.LazyAttribute(lambda o: o.indicator.grant.starts_on.replace(day=1))
    position = 1
    name = factory.Sequence(lambda n: f"指標{n}")
    unit = "人"
    baseline = Decimal(0)
    target_value = Decimal(20)


@dataclass(frozen=True)
class PlanRows:
    """The identities that `make_plan` made. Indicators stand under the code of their method."""

    grant: Grant
    long_term: LongTermOutcome
    outcomes: tuple[ShortTermOutcome, ShortTermOutcome]
    outputs: tuple[Output, Output, Output]
    activities: tuple[Activity, Activity]
    indicators: dict[str, Indicator]


def make_plan(grant: Grant, valid_from: dt.date | None = None) -> PlanRows:
    """2 short-term outcomes, 3 outputs (the third serves both), 2 activities, one indicator of each method.

    ratio and state belong to outcomes ① and ②; sum and new_unique to output ①-1, latest to ①-2,
    presence to ②-1.
    """
    start = valid_from or grant.starts_on.replace(day=1)
    long_term = LongTermOutcomeVersionFactory(outcome__grant=grant, valid_from=start).outcome
    outcomes = []
    for position, text in enumerate(
        ("若者が安心して過ごせる場所を持っている", "若者が困ったときに相談できる人がいる"), start=1
    ):
        version = ShortTermOutcomeVersionFactory(
            outcome__grant=grant, valid_from=start, position=position, text=text
        )
        version.leads_to.add(long_term)
        outcomes.append(version.outcome)
    outputs = []
    for position, text, served in (
        (1, "居場所が開かれている", [outcomes[0]]),
        (2, "居場所を支える人がいる", [outcomes[0]]),
        (1, "相談の窓口ができている", [outcomes[1], outcomes[0]]),
    ):
        output_version = OutputVersionFactory(
            output__grant=grant, valid_from=start, position=position, text=text
        )
        for index, outcome in enumerate(served):
            ContributionFactory(version=output_version, outcome=outcome, is_first=index == 0)
        outputs.append(output_version.output)
    activities = []
    for position, text, output in (
        (1, "週に2回、居場所を開く", outputs[0]),
        (2, "相談員を育てる", outputs[2]),
    ):
        activity_version = ActivityVersionFactory(
            activity__grant=grant, valid_from=start, position=position, text=text
        )
        activity_version.produces.add(output)
        activities.append(activity_version.activity)
    return PlanRows(
        grant=grant,
        long_term=long_term,
        outcomes=(outcomes[0], outcomes[1]),
        outputs=(outputs[0], outputs[1], outputs[2]),
        activities=(activities[0], activities[1]),
        indicators=_indicators(outcomes, outputs, start),
    )


def _indicators(
    outcomes: list[ShortTermOutcome], outputs: list[Output], start: dt.date
) -> dict[str, Indicator]:
    method = Indicator.Method
    rows: list[tuple[str, Any, dict[str, Any]]] = [
        (method.RATIO, outcomes[0], {"name": "安心できると答えた人の割合", "unit": "人", "target_value": 80}),
        (method.STATE, outcomes[1], {"name": "相談のようす", "unit": "", "target_value": None,
                                     "target_state": "自分から相談できる人が増えている"}),
        (method.SUM, outputs[0], {"name": "居場所を開いた回数", "unit": "回", "target_value": 85}),
        (method.NEW_UNIQUE, outputs[0], {"name": "居場所に来た人", "unit": "人", "target_value": 20}),
        (method.LATEST, outputs[1], {"name": "ボランティア", "unit": "人", "target_value": 16}),
        (method.PRESENCE, outputs[2], {"name": "相談の手引き", "unit": "", "target_value": None,
                                       "target_state": "手引きができている"}),
    ]  # fmt: skip
    made: dict[str, Indicator] = {}
    for position, (code, parent, wording) in enumerate(rows, start=1):
        of = {"output": parent} if isinstance(parent, Output) else {"output": None, "outcome": parent}
        indicator = IndicatorFactory(method=code, **of)
        IndicatorVersionFactory(indicator=indicator, valid_from=start, position=position, **wording)
        made[str(code)] = indicator
    return made


# --- the month -------------------------------------------------------------------------------------------


class ProgramOutcomeFactory(DjangoModelFactory):
    class Meta:
        model = ProgramOutcome

    program = factory.SubFactory(ProgramFactory)
    text = "若者が地域に居場所をもっている"


class ProgramIndicatorFactory(DjangoModelFactory):
    class Meta:
        model = ProgramIndicator

    outcome = factory.SubFactory(ProgramOutcomeFactory)
    name = "居場所をひらいた回数"
    unit = "回"
    target_value = Decimal(200)


class PlanProposalFactory(DjangoModelFactory):
    """A draft that changes nothing yet, made from the plan of its month."""

    class Meta:
        model = PlanProposal
        skip_postgeneration_save = True

    class Params:
        agreed = factory.Trait(state="agreed", decided_at=factory.LazyFunction(timezone.now))

    grant = factory.SubFactory(GrantFactory)
    author = factory.SubFactory(UserFactory)
    holds_from = dt.date(2022, 11, 1)
    reason = "一年の振り返りから"
    base = factory.LazyAttribute(lambda o: plan_in_force(o.grant, o.holds_from).to_json())
    draft = factory.SelfAttribute("base")


class SheetFactory(DjangoModelFactory):
    """A draft of 2022-10; `closed=True` makes it closed by the grant's officer."""

    class Meta:
        model = ProgressSheet

    class Params:
        closed = factory.Trait(
            state=ProgressSheet.State.CLOSED,
            closed_at=factory.LazyFunction(lambda: moment(2022, 11, 20)),
            closed_by=factory.LazyAttribute(lambda o: o.grant.officer),
        )

    grant = factory.SubFactory(GrantFactory)
    month = dt.date(2022, 10, 1)
    months = 1
    due_on = factory.LazyAttribute(lambda o: add_months(o.month, o.months).replace(day=10))
    turn_since = factory.LazyAttribute(lambda o: moment(o.month.year, o.month.month, 1))


class SheetEventFactory(DjangoModelFactory):
    class Meta:
        model = SheetEvent

    sheet = factory.SubFactory(SheetFactory)
    act = "submit"
    from_state = ProgressSheet.State.DRAFT
    to_state = ProgressSheet.State.SUBMITTED
    by = factory.SubFactory(UserFactory)
    at = factory.LazyFunction(lambda: moment(2022, 11, 4))


class FigureFactory(DjangoModelFactory):
    """`value` for a sum; other methods name their own fields and pass value=None."""

    class Meta:
        model = Figure

    sheet = factory.SubFactory(SheetFactory)
    indicator = factory.SubFactory(IndicatorFactory, output__grant=factory.SelfAttribute("...sheet.grant"))
    value = Decimal(3)


class OutcomeChangeFactory(DjangoModelFactory):
    class Meta:
        model = OutcomeChange

    sheet = factory.SubFactory(SheetFactory)
    outcome = factory.SubFactory(ShortTermOutcomeFactory, grant=factory.SelfAttribute("..sheet.grant"))
    text = "顔なじみの若者が、友だちを連れてくるようになりました。"


class CostReviewFactory(DjangoModelFactory):
    class Meta:
        model = CostReview

    sheet = factory.SubFactory(SheetFactory)
    purpose = Purpose.DIRECT
    status = CostReview.Status.FINE


class MeetingFactory(DjangoModelFactory):
    """Held, and serving the sheets given as `sheets=[…]`."""

    class Meta:
        model = Meeting
        skip_postgeneration_save = True

    grant = factory.SubFactory(GrantFactory)
    held_on = dt.date(2022, 11, 15)
    starts_at = dt.time(10, 0)
    ends_at = dt.time(11, 30)
    place = "団体の事務所"
    held = True

    @factory.post_generation
    def sheets(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create and extracted:
            self.sheets.set(extracted)


class AttendeeFactory(DjangoModelFactory):
    class Meta:
        model = Attendee

    meeting = factory.SubFactory(MeetingFactory)
    side = Side.GRANTEE
    name = "鈴木 一郎"


class OutcomeReviewFactory(DjangoModelFactory):
    class Meta:
        model = OutcomeReview
        skip_postgeneration_save = True

    sheet = factory.SubFactory(SheetFactory)
    outcome = factory.SubFactory(ShortTermOutcomeFactory, grant=factory.SelfAttribute("..sheet.grant"))
    word = OutcomeReview.Word.SEEN
    sentence = "居場所で出会った人に、自分から声をかけていました。"

    @factory.post_generation
    def outputs(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        if create and extracted:
            self.outputs.set(extracted)


class ActionItemFactory(DjangoModelFactory):
    class Meta:
        model = ActionItem

    sheet = factory.SubFactory(SheetFactory)
    grant = factory.SelfAttribute("sheet.grant")
    text = "次の勉強会の日を決める"
    side = Side.GRANTEE
    due_on = dt.date(2022, 12, 5)


class FieldNoteFactory(DjangoModelFactory):
    class Meta:
        model = FieldNote

    grant = factory.SubFactory(GrantFactory)
    author = factory.LazyAttribute(lambda o: o.grant.officer)
    text = "スタッフの笑い声が増えた。"
    visibility = FieldNote.Visibility.SHARED


class RowCommentFactory(DjangoModelFactory):
    """A question of the officer about the whole sheet; give `indicator`, `outcome`, `output` or `purpose`, or the
    `question` that it answers."""

    class Meta:
        model = RowComment

    sheet = factory.LazyAttribute(lambda o: o.question.sheet if o.question else SheetFactory())
    question = None
    author = factory.LazyAttribute(lambda o: o.sheet.grant.officer)
    side = Side.FOUNDATION
    text = "2回は、どの施設の予定ですか。"
    asks = factory.LazyAttribute(lambda o: o.question is None)
    created_at = factory.LazyFunction(lambda: moment(2022, 11, 2))


class MentionFactory(DjangoModelFactory):
    class Meta:
        model = Mention

    comment = factory.SubFactory(RowCommentFactory)
    person = factory.SubFactory(UserFactory)


class SupportCategoryFactory(DjangoModelFactory):
    class Meta:
        model = SupportCategory

    foundation = factory.SubFactory(FoundationFactory)
    name = factory.Sequence(lambda n: f"分類{n}")


class SupportMenuItemFactory(DjangoModelFactory):
    class Meta:
        model = SupportMenuItem

    foundation = factory.SubFactory(FoundationFactory)
    category = factory.SubFactory(SupportCategoryFactory, foundation=factory.SelfAttribute("..foundation"))
    name = factory.Sequence(lambda n: f"支援{n}")


class InterventionFactory(DjangoModelFactory):
    class Meta:
        model = Intervention

    grant = factory.SubFactory(GrantFactory)
    item = factory.SubFactory(
        SupportMenuItemFactory, foundation=factory.SelfAttribute("..grant.program.fund.foundation")
    )
    on = dt.date(2022, 10, 12)
    method = Intervention.Method.VISIT
    given_by = factory.LazyAttribute(lambda o: o.grant.officer)
    content = "帳簿の付け方をいっしょに確かめました。"


class SheetDocumentFactory(DjangoModelFactory):
    """A row only; its file is not written."""

    class Meta:
        model = SheetDocument

    sheet = factory.SubFactory(SheetFactory, closed=True)
    edition = 1
    file = factory.LazyAttribute(lambda o: f"sheets/{o.sheet.pk}/{o.edition}.pdf")
    sha256 = "0" * 64
    created_at = factory.LazyFunction(lambda: moment(2022, 11, 20))
    created_by = factory.LazyAttribute(lambda o: o.sheet.grant.officer)


class AttachmentFactory(DjangoModelFactory):
    """A photo that shows nobody, with its files. `document=True`: a PDF. `removed=True`: taken away on 2022-11-10."""

    class Meta:
        model = Attachment

    class Params:
        document = factory.Trait(
            kind="pdf",
            name=factory.Sequence(lambda n: f"ちらし{n}.pdf"),
            file=factory.LazyFunction(lambda: ContentFile(b"%PDF-1.7 words %%EOF", "pdf")),
            thumbnail="",
            width=None,
            height=None,
        )
        removed = factory.Trait(
            removed_at=factory.LazyFunction(lambda: moment(2022, 11, 10)),
            removed_by=factory.LazyAttribute(lambda o: o.sheet.grant.officer),
        )

    sheet = factory.SubFactory(SheetFactory)
    kind = "jpeg"
    name = factory.Sequence(lambda n: f"写真{n}.jpg")
    file = factory.LazyFunction(lambda: ContentFile(b"\xff\xd8\xff a photo", "jpg"))
    thumbnail = factory.LazyFunction(lambda: ContentFile(b"\xff\xd8\xff a small one", "jpg"))
    size = 11
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    width = 60
    height = 40
    uploaded_by = factory.LazyAttribute(lambda o: o.sheet.grant.officer)
    uploaded_at = factory.LazyFunction(lambda: moment(2022, 11, 2))


class SheetMailFactory(DjangoModelFactory):
    """Waiting to be sent, about a closed month."""

    class Meta:
        model = SheetMail

    sheet = factory.SubFactory(SheetFactory, closed=True)
    person = factory.LazyAttribute(lambda o: o.sheet.grant.officer)
    side = Side.FOUNDATION
    email = factory.LazyAttribute(lambda o: o.person.email)
    subject = "2022年10月の月次面談を確定しました"
    body = "記録が確定しました。"
