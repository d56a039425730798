"""The logic model of a month on one large sheet of paper."""

from io import BytesIO

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from core.access import UserRequest, takes
from core.files import serve_private
from grants.access import grant_to_view
from grants.models import Grant
from mentoring.picture import periods_open_to, picture_of_month
from reports.pdf.model import model_filename, render_model_pdf


@require_safe
@takes(grant_to_view)
def model_pdf(request: UserRequest, grant: Grant) -> HttpResponseBase:
    """`?m=2022-10` chooses the month, as on the page."""
    picture = picture_of_month(grant, periods_open_to(request.user, grant), request.GET.get("m", ""))
    return serve_private(
        BytesIO(render_model_pdf(picture)), filename=model_filename(picture), content_type="application/pdf"
    )
