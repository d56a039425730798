"""Who may do what with a sheet and what hangs on it. A stranger gets 404, a reader 403."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField, F, Q, QuerySet
from django.db.models.functions import Now
from django.shortcuts import get_object_or_404

from accounts.models import User
from core.prepared import Given, Prepared
from grants.access import grant_to_view
from grants.models import Grant, PlanProposal
from mentoring import workflow
from mentoring.models import ActionItem, Attachment, Intervention, Meeting, ProgressSheet, RowComment
from mentoring.models.meetings import Side
from mentoring.turns import Sides


def sheet_to_view(user: User, pk: int) -> ProgressSheet:
    return get_object_or_404(ProgressSheet.objects.visible_to(user).with_names(), pk=pk)


def sheets_to_write(user: User) -> "QuerySet[ProgressSheet]":
    """The grantee's while it is their turn (and after a reopening); the officer's after a reopening."""
    return ProgressSheet.objects.filter(
        Q(state__in=workflow.ENTRY_OPEN_TO_GRANTEE, grant__in=Grant.objects.entered_by(user))
        | Q(state__in=workflow.ENTRY_OPEN_TO_OFFICER, grant__in=Grant.objects.managed_by(user))
    )


def may_enter(user: User, sheet: ProgressSheet) -> bool:
    """As the sheet stands in the database now."""
    return sheets_to_write(user).filter(pk=sheet.pk).exists()


def _open() -> "QuerySet[ProgressSheet]":
    anybody: Any = Given("user", BigIntegerField())
    return sheets_to_write(anybody).filter(pk=Given("pk", BigIntegerField()))


OPEN = Prepared(_open, version=F("version") + 1, updated_at=Now())


@dataclass(frozen=True, slots=True)
class SheetDoor:
    """A sheet that nothing was read of yet; whoever wants to write opens it, which asks for the right to."""

    user: User
    pk: int

    def open(self) -> bool:
        """Raises the version of the sheet, and so locks its row until the transaction ends; False when this person
        may not write into it (any more, or at all: `sheet_to_enter` says which)."""
        return bool(OPEN.update(pk=self.pk, user=self.user.pk))


def sheet_to_write(user: User, pk: int) -> SheetDoor:
    """For the many small saves of a page: asking and locking are one query."""
    return SheetDoor(user, pk)


def sheet_to_enter(user: User, pk: int) -> ProgressSheet:
    """People of the grantee, and officers. Whether the state lets them write is the view's next question, so that
    a page that went stale meanwhile gets a kind answer and not a bare 403."""
    sheet = sheet_to_view(user, pk)
    if not (sheet.grant.is_entered_by(user) or sheet.grant.is_managed_by(user)):
        raise PermissionDenied
    return sheet


def sheet_to_submit(user: User, pk: int) -> ProgressSheet:
    sheet = sheet_to_view(user, pk)
    if not sheet.grant.is_entered_by(user):
        raise PermissionDenied
    return sheet


def sheet_to_manage(user: User, pk: int) -> ProgressSheet:
    sheet = sheet_to_view(user, pk)
    if not sheet.grant.is_managed_by(user):
        raise PermissionDenied
    return sheet


def may_attach(user: User, sheet: ProgressSheet) -> bool:
    """Photos and files: the grantee while they may enter, the officer until the month is closed."""
    if sheet.state in workflow.ENTRY_OPEN_TO_GRANTEE and sheet.grant.is_entered_by(user):
        return True
    return sheet.state in workflow.MEETING_OPEN and sheet.grant.is_managed_by(user)


def sheet_to_read_whole(user: User, pk: int) -> ProgressSheet:
    """Everything in it; the board sees a closed sheet but gets 403 here."""
    sheet = sheet_to_view(user, pk)
    if not Grant.objects.read_whole_by(user).filter(pk=sheet.grant_id).exists():
        raise PermissionDenied
    return sheet


def attachment_to_read(user: User, pk: int) -> Attachment:
    """What was taken away is served to nobody."""
    attachments = Attachment.objects.visible_to(user).standing().select_related("sheet__grant__organisation")
    return get_object_or_404(attachments, pk=pk)


def thumbnail_to_read(user: User, pk: int) -> Attachment:
    """Photos have one, documents none."""
    attachments = Attachment.objects.visible_to(user).standing().exclude(thumbnail="")
    return get_object_or_404(attachments.select_related("sheet__grant__organisation"), pk=pk)


def attachment_to_change(user: User, pk: int) -> Attachment:
    """Also what was taken away, to have it back. Whether the sheet is still open is the service's next question."""
    attachment = get_object_or_404(Attachment.objects.visible_to(user).select_related("sheet__grant"), pk=pk)
    grant = attachment.sheet.grant
    if not (grant.is_entered_by(user) or grant.is_managed_by(user)):
        raise PermissionDenied
    return attachment


def support_to_manage(user: User, pk: int) -> Intervention:
    support = get_object_or_404(
        Intervention.objects.visible_to(user).select_related("grant__organisation", "grant__program__fund"),
        pk=pk,
    )
    if not support.grant.is_managed_by(user):
        raise PermissionDenied
    return support


def homework_to_tick(user: User, pk: int) -> ActionItem:
    """Both sides tick off; who only reads does not."""
    item = get_object_or_404(
        ActionItem.objects.visible_to(user).select_related("grant__program__fund"), pk=pk
    )
    if not (item.grant.is_entered_by(user) or item.grant.is_managed_by(user)):
        raise PermissionDenied
    return item


def meeting_to_attend(user: User, pk: int) -> Meeting:
    meetings = Meeting.objects.visible_to(user).select_related(
        "grant__organisation", "grant__program__fund__foundation"
    )
    return get_object_or_404(meetings, pk=pk)


def sheet_to_ask(user: User, pk: int) -> ProgressSheet:
    """Both sides ask beside a row; who only reads does not. A month that was closed meanwhile is the view's question."""
    sheet = sheet_to_view(user, pk)
    if Sides.of(user, sheet.grant).side is None:
        raise PermissionDenied
    return sheet


def comment_to_answer(user: User, pk: int) -> RowComment:
    comment = _comment(user, pk)
    if Sides.of(user, comment.sheet.grant).side is None:
        raise PermissionDenied
    return comment


def comment_to_settle(user: User, pk: int) -> RowComment:
    """The side that asked, and the officer who holds the meeting."""
    comment = _comment(user, pk)
    side = Sides.of(user, comment.sheet.grant).side
    if side is None or side not in (comment.side, Side.FOUNDATION):
        raise PermissionDenied
    return comment


def comment_to_correct(user: User, pk: int) -> RowComment:
    """Its author's alone, as long as they stand on one of the sides."""
    comment = comment_to_answer(user, pk)
    if comment.author_id != user.pk:
        raise PermissionDenied
    return comment


def _comment(user: User, pk: int) -> RowComment:
    names = (
        "author", "question", "sheet__grant__officer", "sheet__grant__organisation__legal_form",
        "sheet__grant__program__fund__foundation",
    )  # fmt: skip
    return get_object_or_404(RowComment.objects.visible_to(user).select_related(*names), pk=pk)


def grant_to_revise(user: User, pk: int) -> Grant:
    """Both sides may propose another plan; who only reads may not."""
    grant = grant_to_view(user, pk)
    if not (grant.is_entered_by(user) or grant.is_managed_by(user)):
        raise PermissionDenied
    return grant


def proposal_to_view(user: User, pk: int) -> PlanProposal:
    return get_object_or_404(PlanProposal.objects.visible_to(user).with_names(), pk=pk)


def proposal_to_edit(user: User, pk: int) -> PlanProposal:
    """Whether its state lets anybody write is the view's next question, which it answers kindly."""
    proposal = proposal_to_view(user, pk)
    grant = proposal.grant
    if not (grant.is_entered_by(user) or grant.is_managed_by(user)):
        raise PermissionDenied
    return proposal


def proposal_to_manage(user: User, pk: int) -> PlanProposal:
    proposal = proposal_to_view(user, pk)
    if not proposal.grant.is_managed_by(user):
        raise PermissionDenied
    return proposal


def meeting_to_manage(user: User, pk: int) -> Meeting:
    meeting = meeting_to_attend(user, pk)
    if not meeting.grant.is_managed_by(user):
        raise PermissionDenied
    return meeting
