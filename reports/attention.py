"""What an admin should look at: things that only the admin can put right. A constant number of queries."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from core import clock
from core.dates import date_label, short_date_label
from core.money import yen
from foundations.models import Staff
from grantees.models import Invitation, Membership, Organisation
from grants.budget import budgets_by_grant, ceilings
from grants.models import BudgetLine, Fund, Grant, ShortTermOutcomeVersion
from mentoring.models import ProgressSheet, SheetMail
from reports.worklists import WITH_GRANTEE

NEAR_EXPIRY = datetime.timedelta(days=2)
LEFT_ALONE = datetime.timedelta(minutes=10)  # a mail that is just being sent is no trouble yet
SHOWN = 20  # of each kind; the admin's own lists hold the rest


@dataclass(frozen=True, slots=True)
class Item:
    label: str
    note: str
    url: str  # where it is put right


@dataclass(frozen=True, slots=True)
class Group:
    """`code` names it in the page. A group without items is not shown."""

    code: str
    title: str
    hint: str
    items: list[Item]


def attention_of(foundation_id: int) -> list[Group]:
    of_foundation = Grant.objects.filter(program__fund__foundation=foundation_id)
    grants = Grant.objects.filter(pk__in=list(of_foundation.values_list("pk", flat=True)))
    running = grants.filter(ends_on__gte=clock.today()).select_related("organisation", "program", "officer")
    groups = [
        Group("mails", gettext("送れていないメール"), gettext("メールの設定と宛先を、たしかめてください"), _unsent_mails(foundation_id)),
        Group("invitations", gettext("期限の近い招待"), gettext("送りなおすか、取り消せます"), _invitations(foundation_id)),
        Group("funds", gettext("残高がマイナスの基金"), gettext("入金の登録もれがないか、見てください"), _funds(foundation_id)),
        Group("ceilings", gettext("上限をこえた予算"), gettext("担当と見直しを相談してください"), _broken_ceilings(running)),
        Group("overdue", gettext("予定の日をすぎたシート"), gettext("団体が入力しているところです"), _overdue(grants)),
        Group("plans", gettext("計画がまだの助成"), gettext("アウトカムと指標が決まると、シートに出ます"), _without_plan(running)),
        Group("budgets", gettext("予算がまだの助成"), gettext("予算の行を登録すると、執行率が出ます"), _without_budget(running)),
        Group("representatives", gettext("代表のいない団体"), gettext("代表を招くか、役割を付けてください"), _without_representative(running)),
        Group("officers", gettext("担当が財団を離れた助成"), gettext("新しい担当を選んでください"), _without_officer(running, foundation_id)),
    ]  # fmt: skip
    return [group for group in groups if group.items]


def _unsent_mails(foundation_id: int) -> list[Item]:
    """About closed months; the journal and the admin's page say why."""
    late = (
        SheetMail.objects.waiting()
        .filter(sheet__grant__program__fund__foundation=foundation_id)
        .filter(created_at__lt=clock.machine_now() - LEFT_ALONE)
        .select_related("person", "sheet__grant__organisation")
    )
    return [
        Item(
            label=f"{mail.sheet.grant.organisation.name} {mail.sheet.label}",
            note=gettext("%(name)sさん宛て　%(error)s") % {"name": mail.person.name, "error": mail.error},
            url=reverse("admin:mentoring_sheetmail_change", args=[mail.pk]),
        )
        for mail in late.order_by("-pk")[:SHOWN]
    ]


def _invitations(foundation_id: int) -> list[Item]:
    now = clock.now()
    near = (
        Invitation.objects.open()
        .filter(foundation=foundation_id, expires_at__lte=now + NEAR_EXPIRY)
        .order_by("expires_at")
    )
    return [
        Item(
            label=f"{invitation.name or invitation.email}",
            note=(
                gettext("%(day)sに期限が切れました")
                if invitation.expires_at <= now
                else gettext("%(day)sまで")
            )
            % {"day": short_date_label(timezone.localdate(invitation.expires_at))},
            url=reverse("admin:grantees_invitation_changelist"),
        )
        for invitation in near[:SHOWN]
    ]


def _funds(foundation_id: int) -> list[Item]:
    funds = Fund.objects.filter(foundation=foundation_id).with_balance()
    return [
        Item(
            fund.name,
            yen(fund.balance_yen),  # type: ignore[attr-defined]
            reverse("admin:grants_fund_change", args=[fund.pk]),
        )
        for fund in funds.filter(balance_yen__lt=0)[:SHOWN]  # type: ignore[misc]
    ]


def _broken_ceilings(grants: QuerySet[Grant]) -> list[Item]:
    plans = budgets_by_grant(grants)
    return [
        Item(
            label=grant.organisation.name,
            note=gettext("%(purpose)sが上限を %(over)sこえています")
            % {"purpose": ceiling.label, "over": yen(ceiling.over)},
            url=reverse("grants:budget", args=[grant.pk]),
        )
        for grant in grants
        if grant.pk in plans
        for ceiling in ceilings(grant.program, plans[grant.pk])
        if ceiling.over
    ][:SHOWN]


def _overdue(grants: QuerySet[Grant]) -> list[Item]:
    late = ProgressSheet.objects.filter(
        grant__in=grants, state__in=WITH_GRANTEE, due_on__lt=clock.today()
    ).with_names()
    return [
        Item(
            label=f"{sheet.grant.organisation.name} {sheet.label}",
            note=gettext("%(day)sの予定でした　担当 %(officer)s")
            % {"day": date_label(sheet.due_on), "officer": sheet.grant.officer},
            url=sheet.get_absolute_url(),
        )
        for sheet in late.order_by("due_on", "pk")[:SHOWN]
    ]


def _without_plan(grants: QuerySet[Grant]) -> list[Item]:
    outcomes = ShortTermOutcomeVersion.objects.filter(outcome__grant=OuterRef("pk"))
    return [_grant_item(grant) for grant in grants.filter(~Exists(outcomes))[:SHOWN]]


def _without_budget(grants: QuerySet[Grant]) -> list[Item]:
    lines = BudgetLine.objects.filter(grant=OuterRef("pk"))
    return [_grant_item(grant) for grant in grants.filter(~Exists(lines))[:SHOWN]]


def _without_representative(grants: QuerySet[Grant]) -> list[Item]:
    active = Membership.objects.active().holding(Membership.Role.REPRESENTATIVE)
    organisations = Organisation.objects.filter(
        ~Exists(active.filter(organisation=OuterRef("pk"))), pk__in=grants.values("organisation")
    )
    return [
        Item(organisation.name, "", reverse("admin:grantees_organisation_change", args=[organisation.pk]))
        for organisation in organisations[:SHOWN]
    ]


def _without_officer(grants: QuerySet[Grant], foundation_id: int) -> list[Item]:
    officers = Staff.objects.active().holding(Staff.Role.OFFICER).filter(foundation=foundation_id)
    gone = grants.exclude(officer__in=officers.values("user"))
    return [_grant_item(grant, str(grant.officer)) for grant in gone[:SHOWN]]


def _grant_item(grant: Grant, note: str = "") -> Item:
    return Item(
        label=grant.organisation.name,
        note=note or grant.title,
        url=reverse("admin:grants_grant_change", args=[grant.pk]),
    )
