"""Who may do what with a grant. The rule itself lives on GrantQuerySet; here ids become objects."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from accounts.models import User
from grants.models import Grant, Program, ProgramIndicator


def grant_to_view(user: User, pk: int) -> Grant:
    return get_object_or_404(Grant.objects.visible_to(user).with_names(), pk=pk)


def grant_to_read_whole(user: User, pk: int) -> Grant:
    """Work in progress; the board sees the grant but gets 403 here."""
    grant = grant_to_view(user, pk)
    if not Grant.objects.read_whole_by(user).filter(pk=grant.pk).exists():
        raise PermissionDenied
    return grant


def grant_to_read_budget(user: User, pk: int) -> Grant:
    """Money as it is spent; the board and the evaluation adviser see the grant but get 403 here."""
    grant = grant_to_view(user, pk)
    if not Grant.objects.budget_read_by(user).filter(pk=grant.pk).exists():
        raise PermissionDenied
    return grant


def grant_to_manage(user: User, pk: int) -> Grant:
    grant = grant_to_view(user, pk)
    if not grant.is_managed_by(user):
        raise PermissionDenied
    return grant


def program_to_read(user: User, pk: int) -> Program:
    programs = Program.objects.read_whole_by(user).select_related("fund__foundation")
    return get_object_or_404(programs, pk=pk)


def program_indicator_to_choose(user: User, pk: int) -> ProgramIndicator:
    """Officers choose which of the grantees' figures it adds up."""
    indicator = get_object_or_404(
        ProgramIndicator.objects.filter(
            outcome__program__in=Program.objects.read_whole_by(user)
        ).select_related("outcome__program__fund__foundation"),
        pk=pk,
    )
    if not Program.objects.managed_by(user).filter(pk=indicator.outcome.program_id).exists():
        raise PermissionDenied
    return indicator
