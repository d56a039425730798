"""Reading sheets: which plan a sheet stands on, which sheet came before it, whose turn it is."""

from django.db.models import Q, QuerySet

from grants.models import Grant
from grants.plan import Plan
from grants.plan_reading import plan_in_force
from mentoring import workflow
from mentoring.models import ActionItem, Attachment, Intervention, ProgressSheet


def plan_of(sheet: ProgressSheet) -> Plan:
    """What was submitted keeps the plan it was written against; until then the plan in force in its month holds."""
    if sheet.plan_snapshot is not None:
        return Plan.from_json(sheet.plan_snapshot)
    return plan_in_force(sheet.grant, sheet.month)


def previous_sheet(sheet: ProgressSheet) -> ProgressSheet | None:
    """The period before; None for the first."""
    return (
        ProgressSheet.objects.filter(grant=sheet.grant_id, month__lt=sheet.month).order_by("-month").first()
    )


def turn_of(sheet: ProgressSheet) -> str | None:
    """workflow.GRANTEE or workflow.FOUNDATION; None when the month is closed."""
    return workflow.TURN[ProgressSheet.State(sheet.state)]


def interventions_of(sheet: ProgressSheet) -> QuerySet[Intervention]:
    """The support given within the sheet's period."""
    return Intervention.objects.filter(
        grant=sheet.grant_id, on__range=(sheet.month, sheet.last_day)
    ).with_names()


def attachments_of(sheet: ProgressSheet) -> QuerySet[Attachment]:
    """What stands, in the order it was added."""
    return Attachment.objects.filter(sheet=sheet).standing().with_names().order_by("uploaded_at", "pk")


def homework_before(sheet: ProgressSheet) -> QuerySet[ActionItem]:
    """前回の宿題: given in earlier months, and either still open or ticked off after the previous sheet's period."""
    previous = previous_sheet(sheet)
    earlier = ActionItem.objects.filter(grant=sheet.grant_id, sheet__month__lt=sheet.month)
    if previous is None:
        return earlier.none()
    return earlier.filter(Q(done_on__isnull=True) | Q(done_on__gt=previous.last_day)).select_related(
        "person", "sheet"
    )


def unfinished_sheets(grants: QuerySet[Grant]) -> QuerySet[ProgressSheet]:
    return ProgressSheet.objects.filter(grant__in=grants).unfinished().order_by("turn_since", "pk")
