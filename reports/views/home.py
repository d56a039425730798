"""Home is what the hat worn now is waiting for: each role its own page at the same address."""

import datetime
from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock
from core.access import UserRequest, signed_in
from foundations.models import Foundation, Staff
from grantees.models import Membership
from grants.models import Grant
from grants.models.programs import GrantQuerySet
from grants.selectors import grants_found
from mentoring.models import ProgressSheet
from mentoring.models.meetings import Side
from mentoring.services.opening import open_due_sheets
from reports.attention import attention_of
from reports.desks import closed_sheets, grantee_desks, latest_sheets
from reports.questions import waiting_questions
from reports.worklists import (
    WITH_FOUNDATION,
    appointments,
    awaited_proposals,
    open_homework,
    work_rows,
    worklist_sheets,
)

PAGE_SIZE = 20
HOMEWORK_SHOWN = 10
# Sheets of a grant that ended longer ago are the timer's business (open_sheets), not a visitor's.
OPENED_ON_VISIT = datetime.timedelta(days=92)


@require_safe
@signed_in
def home(request: UserRequest) -> HttpResponse:
    page = HOMES.get(request.hat.role, nobody_home)
    return page(request)


def nobody_home(request: UserRequest) -> HttpResponse:
    return render(request, "reports/home_nobody.html")


def officer_home(request: UserRequest) -> HttpResponse:
    """The grants in one's own charge; `?whose=all` those of the colleagues too."""
    managed = _of_foundation(Grant.objects.managed_by(request.user), request)
    _open_sheets(managed)
    officers = dict(managed.values_list("pk", "officer"))
    own = [pk for pk, officer in officers.items() if officer == request.user.pk]
    shows_all = request.GET.get("whose") == "all"
    shown = list(officers) if shows_all else own
    grants = Grant.objects.filter(pk__in=shown)
    waiting = worklist_sheets(shown)
    page = Paginator(waiting, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = work_rows(list(page.object_list), request.user)
    homework = Paginator(open_homework(grants, Side.FOUNDATION), HOMEWORK_SHOWN)
    meetings = appointments(grants)
    context = {
        "page": page,
        "rows": rows,
        "mine": worklist_sheets(own).filter(state__in=WITH_FOUNDATION).count(),
        "shows_all": shows_all,
        "others": len(officers) - len(own),
        "meetings": meetings,
        "next_meeting": next((m for m in meetings if m.meeting.held_on >= clock.today()), None),
        "undated": [row for row in rows if row.is_undated],
        "homework": homework.get_page(request.GET.get("homework")),
        "questions": waiting_questions(grants, Side.FOUNDATION),
        "proposals": awaited_proposals(grants, Side.FOUNDATION),
    }
    return render(request, "reports/home_officer.html", context)


def grantee_home(request: UserRequest) -> HttpResponse:
    grants = Grant.objects.entered_by(request.user).filter(organisation=request.hat.organisation_id)
    _open_sheets(grants)
    grants = _by_keys(grants)
    desks = sorted(grantee_desks(grants), key=lambda desk: desk.sheet is None)
    homework = list(open_homework(grants, Side.GRANTEE))
    context = {
        "desks": desks,
        "waiting": [desk for desk in desks if desk.sheet],
        "own_homework": [item for item in homework if item.side == Side.GRANTEE],
        "their_homework": [item for item in homework if item.side == Side.FOUNDATION],
        "meetings": appointments(grants),
        "questions": waiting_questions(grants, Side.GRANTEE),
        "proposals": awaited_proposals(grants, Side.GRANTEE),
    }
    return render(request, "reports/home_grantee.html", context)


def board_home(request: UserRequest) -> HttpResponse:
    """What was closed, newest month first, and the foundation's grants."""
    grants = _by_keys(_of_foundation(Grant.objects.visible_to(request.user), request))
    context = {
        "foundation": Foundation.objects.get(pk=request.hat.foundation_id),
        "page": Paginator(closed_sheets(grants), PAGE_SIZE).get_page(request.GET.get("page")),
        "grants": grants_found(grants, "")[:PAGE_SIZE],
    }
    return render(request, "reports/home_board.html", context)


def reader_home(request: UserRequest) -> HttpResponse:
    """For an adviser or accountant: the grants they were let read."""
    grants = _of_foundation(Grant.objects.visible_to(request.user), request)
    page = Paginator(grants_found(grants, ""), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": latest_sheets(list(page.object_list)),
        "reads_budgets": request.hat.role == Staff.Role.ACCOUNTANT,
    }
    return render(request, "reports/home_reader.html", context)


def admin_home(request: UserRequest) -> HttpResponse:
    _open_sheets(_of_foundation(Grant.objects.read_inside_by(request.user), request))
    groups = attention_of(request.hat.foundation_id)
    context = {"groups": groups, "count": sum(len(group.items) for group in groups)}
    return render(request, "reports/home_admin.html", context)


def _of_foundation(grants: QuerySet[Grant], request: UserRequest) -> QuerySet[Grant]:
    return grants.filter(program__fund__foundation=request.hat.foundation_id)


def _by_keys(grants: QuerySet[Grant]) -> GrantQuerySet:
    """The same grants, asked for once: a list is found by their keys and not by their rules (worklist_sheets)."""
    return Grant.objects.filter(pk__in=list(grants.values_list("pk", flat=True)))


def _open_sheets(grants: QuerySet[Grant]) -> list[ProgressSheet]:
    return open_due_sheets(grants=grants.filter(ends_on__gte=clock.today() - OPENED_ON_VISIT))


HOMES: dict[str, Callable[[Any], HttpResponse]] = {
    Staff.Role.OFFICER: officer_home,
    Staff.Role.ADMIN: admin_home,
    Staff.Role.BOARD: board_home,
    Staff.Role.ADVISER: reader_home,
    Staff.Role.ACCOUNTANT: reader_home,
    Membership.Role.REPRESENTATIVE: grantee_home,
    Membership.Role.MEMBER: grantee_home,
}
