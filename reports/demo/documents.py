"""The stored PDFs of the demonstration's closed months: what the closings would have left behind."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

from django.db import connections, transaction
from django.db.models import Count, Q

from mentoring.models import Figure, ProgressSheet, SheetDocument, SheetEvent
from mentoring.services.documents import store_document
from reports.pdf.sheet import render_sheet_pdf

WORKERS = 2
BATCH = 4  # documents a worker takes at a time


def closings_without_pdf() -> list[tuple[int, int]]:
    """Sheet and edition of every closing that stored no document yet, the latest months first."""
    closed = (
        ProgressSheet.objects.filter(
            state=ProgressSheet.State.CLOSED, grant__program__fund__foundation__is_demo=True
        )
        .annotate(
            editions=Count("documents", distinct=True),
            closings=Count("events", filter=Q(events__act="close"), distinct=True),
        )
        .order_by("-month", "grant")
        .values_list("pk", "editions", "closings")
    )
    return [
        (pk, edition) for pk, editions, closings in closed for edition in range(editions + 1, closings + 1)
    ]


def store_missing_pdfs(*, progress: Callable[[int, int], None]) -> int:
    """Prints in processes of their own and stores here, one by one, so it can be broken off and taken up again.

    Not inside a transaction: the processes read what is committed.
    """
    pending = closings_without_pdf()
    if not pending:
        return 0
    connections.close_all()  # a connection must not be carried over into the forked processes
    with ProcessPoolExecutor(WORKERS, multiprocessing.get_context("fork")) as pool:
        printed = pool.map(_printed, pending, chunksize=BATCH)  # in the order of `pending`: editions count up
        for done, ((pk, edition), pdf) in enumerate(zip(pending, printed, strict=True), start=1):
            store_closing(pk, edition, pdf)
            progress(done, len(pending))
    return len(pending)


def _printed(wanted: tuple[int, int]) -> bytes:
    pk, edition = wanted
    sheet = ProgressSheet.objects.with_names().get(pk=pk)
    closing, is_last = _closing(sheet, edition)
    if is_last:
        return render_sheet_pdf(sheet)
    with transaction.atomic():  # back to the earlier closing, for as long as it takes to print
        for then in Figure.history.as_of(closing.at).filter(sheet=sheet):
            Figure.objects.filter(pk=then.pk).update(value=then.value)
        SheetEvent.objects.filter(sheet=sheet, at__gt=closing.at).delete()
        sheet.closed_at, sheet.closed_by = closing.at, closing.by
        pdf = render_sheet_pdf(sheet)
        transaction.set_rollback(True)
    return pdf


def _closing(sheet: ProgressSheet, edition: int) -> tuple[SheetEvent, bool]:
    closings = list(sheet.events.filter(act="close").select_related("by").order_by("at"))
    return closings[edition - 1], edition == len(closings)


@transaction.atomic
def store_closing(pk: int, edition: int, pdf: bytes) -> None:
    sheet = ProgressSheet.objects.select_for_update().get(pk=pk)
    if sheet.documents.count() >= edition:
        return  # another run was faster
    closing, _ = _closing(sheet, edition)
    if closing.by is None:
        raise ValueError(f"nobody closed sheet {pk}")
    document = store_document(sheet=sheet, pdf=pdf, by=closing.by)
    SheetDocument.objects.filter(pk=document.pk).update(created_at=closing.at)
