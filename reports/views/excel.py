"""A month in a workbook."""

from io import BytesIO

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from core.access import UserRequest, takes
from core.files import serve_private
from mentoring.access import may_enter, sheet_to_view
from mentoring.models import ProgressSheet
from mentoring.reading import read_sheet
from reports.exports.layout import lay_out
from reports.exports.workbook import CONTENT_TYPE, render_workbook, workbook_filename


@require_safe
@takes(sheet_to_view)
def sheet_excel(request: UserRequest, sheet: ProgressSheet) -> HttpResponseBase:
    """To fill in for who may enter the sheet now; for everybody else who reads it, a copy that no upload takes."""
    to_enter = may_enter(request.user, sheet)
    content = render_workbook(lay_out(read_sheet(sheet)), to_enter=to_enter)
    return serve_private(
        BytesIO(content),
        filename=workbook_filename(sheet, to_enter=to_enter),
        content_type=CONTENT_TYPE,
        download=True,
    )
