"""The stored PDFs of the demonstration's closed months: what a closing would have left behind."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

from django.db import connections, transaction
from django.db.models import QuerySet

from mentoring.models import ProgressSheet, SheetDocument
from mentoring.services.documents import store_document
from reports.pdf.sheet import render_sheet_pdf

WORKERS = 2
BATCH = 4  # sheets a worker takes at a time


def sheets_without_pdf() -> QuerySet[ProgressSheet]:
    return ProgressSheet.objects.filter(
        state=ProgressSheet.State.CLOSED,
        documents=None,
        grant__program__fund__foundation__is_demo=True,
    )


def store_missing_pdfs(*, progress: Callable[[int, int], None]) -> int:
    """Prints in processes of their own and stores here, one by one, so it can be broken off and taken up again.

    Not inside a transaction: the processes read what is committed.
    """
    pending = list(sheets_without_pdf().order_by("-month", "grant").values_list("pk", flat=True))
    if not pending:
        return 0
    connections.close_all()  # a connection must not be carried over into the forked processes
    with ProcessPoolExecutor(WORKERS, multiprocessing.get_context("fork")) as pool:
        for done, (pk, pdf) in enumerate(pool.map(_printed, pending, chunksize=BATCH), start=1):
            _store(pk, pdf)
            progress(done, len(pending))
    return len(pending)


def _printed(pk: int) -> tuple[int, bytes]:
    return pk, render_sheet_pdf(ProgressSheet.objects.with_names().get(pk=pk))


@transaction.atomic
def _store(pk: int, pdf: bytes) -> None:
    sheet = ProgressSheet.objects.select_for_update().get(pk=pk)
    if sheet.closed_by is None:
        raise ValueError(f"sheet {pk} is not closed")
    document = store_document(sheet=sheet, pdf=pdf, by=sheet.closed_by)
    SheetDocument.objects.filter(pk=document.pk).update(created_at=sheet.closed_at)
