"""What lies on the desk of a grantee, of the board, and of an invited reader."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from core import clock
from grants.models import Grant
from grants.models.programs import GrantQuerySet
from mentoring import workflow
from mentoring.models import Intervention, ProgressSheet, SheetDocument
from mentoring.selectors import turn_of
from reports.worklists import due_words, figures_asked_for, figures_entered, last_reason

State = ProgressSheet.State


@dataclass(frozen=True, slots=True)
class GranteeDesk:
    """One grant as the people who carry it see it."""

    grant: Grant
    sheet: ProgressSheet | None  # the oldest unfinished one that waits for them
    later: list[ProgressSheet]  # which wait for them too
    with_foundation: list[ProgressSheet]  # which they have handed over
    last_document: SheetDocument | None
    support: list[Intervention]

    @property
    def due(self) -> str:
        return due_words(self.sheet.due_on) if self.sheet else ""

    @property
    def is_overdue(self) -> bool:
        return self.sheet is not None and self.sheet.due_on < clock.today()


SUPPORT_SHOWN = 3


def grantee_desks(grants: GrantQuerySet) -> list[GranteeDesk]:
    """Four queries, however many grants."""
    sheets: dict[int, list[ProgressSheet]] = defaultdict(list)
    unfinished = ProgressSheet.objects.unfinished().filter(grant__in=grants).order_by("month")
    for sheet in unfinished.with_names().annotate(
        last_reason=last_reason(), entered=figures_entered(), asked_for=figures_asked_for()
    ):
        sheets[sheet.grant_id].append(sheet)
    documents = {document.sheet.grant_id: document for document in last_documents(grants)}
    support: dict[int, list[Intervention]] = defaultdict(list)
    for intervention in _latest_support(grants):
        support[intervention.grant_id].append(intervention)
    desks = []
    for grant in grants.with_names().order_by("starts_on", "pk"):
        theirs = [s for s in sheets[grant.pk] if turn_of(s) == workflow.GRANTEE]
        desks.append(
            GranteeDesk(
                grant=grant,
                sheet=theirs[0] if theirs else None,
                later=theirs[1:],
                with_foundation=[s for s in sheets[grant.pk] if turn_of(s) == workflow.FOUNDATION],
                last_document=documents.get(grant.pk),
                support=support[grant.pk],
            )
        )
    return desks


def _latest_support(grants: QuerySet[Grant]) -> QuerySet[Intervention]:
    """The latest few of each grant."""
    newest = Intervention.objects.filter(grant=OuterRef("grant")).order_by("-on", "-pk").values("pk")
    return (
        Intervention.objects.filter(grant__in=grants, pk__in=newest[:SUPPORT_SHOWN])
        .with_names()
        .order_by("-on", "-pk")
    )


def last_documents(grants: QuerySet[Grant]) -> QuerySet[SheetDocument]:
    """Of each grant the last edition of its last closed month."""
    of_grant = SheetDocument.objects.filter(sheet__grant=OuterRef("sheet__grant"))
    newest = of_grant.order_by("-sheet__month", "-edition").values("pk")[:1]
    return SheetDocument.objects.filter(sheet__grant__in=grants, pk=Subquery(newest)).select_related("sheet")


def closed_sheets(grants: QuerySet[Grant]) -> QuerySet[ProgressSheet]:
    """Closed months with the number of their stored PDF (`document_id`), the newest month first."""
    newest = SheetDocument.objects.filter(sheet=OuterRef("pk")).order_by("-edition").values("pk")[:1]
    return (
        ProgressSheet.objects.filter(grant__in=grants, state=State.CLOSED)
        .with_names()
        .annotate(document_id=Subquery(newest))
        .order_by("-month", "grant__organisation__kana", "pk")
    )


@dataclass(frozen=True, slots=True)
class ReaderRow:
    grant: Grant
    sheet: ProgressSheet | None  # the latest one that was handed over or closed
    document: SheetDocument | None  # of the last closed month


def latest_sheets(grants: list[Grant]) -> list[ReaderRow]:
    """Two queries, however many grants."""
    shown = ProgressSheet.objects.exclude(state=State.DRAFT)
    latest = shown.filter(grant=OuterRef("grant")).order_by("-month").values("pk")[:1]
    sheets = {
        sheet.grant_id: sheet for sheet in shown.filter(grant__in=grants, pk=Subquery(latest)).with_names()
    }
    chosen = Grant.objects.filter(pk__in=[grant.pk for grant in grants])
    documents = {document.sheet.grant_id: document for document in last_documents(chosen)}
    return [ReaderRow(grant, sheets.get(grant.pk), documents.get(grant.pk)) for grant in grants]
