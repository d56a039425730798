"""事業設計図: the picture of a project in one month, and the story of one of its links."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.access import UserRequest, takes
from grants.access import grant_to_view
from grants.models import Grant, PlanProposal
from mentoring.drawing import draw
from mentoring.link_story import tell_link
from mentoring.model_outline import outline_of
from mentoring.picture import Link, Period, Picture, periods_open_to, picture_of_month
from mentoring.turns import Sides
from mentoring.workflow import MEETING_OPEN


@require_safe
@takes(grant_to_view)
def model_detail(request: UserRequest, grant: Grant) -> HttpResponse:
    """`?m=2022-10` chooses the month; `?n=19`, what the slider sends, the nineteenth of those there are."""
    here = reverse("mentoring:model", args=[grant.pk])
    periods = periods_open_to(request.user, grant)
    if (number := request.GET.get("n", "")).isdecimal() and 0 < int(number[:4]) <= len(periods):
        return redirect(f"{here}?m={periods[int(number[:4]) - 1].month:%Y-%m}")
    picture = picture_of_month(grant, periods, request.GET.get("m", ""))
    sides = Sides.of(request.user, grant)
    context = {
        "grant": grant,
        "picture": picture,
        "drawing": draw(
            picture, addresses=lambda kind, pk: f"#{kind}-{pk}", stories=lambda link: story_url(picture, link)
        ),
        "outline": outline_of(picture),
        "sides": sides,
        "live": _live_proposal(grant) if sides.side else None,
        "talk": _next_talk(picture) if sides.manages and picture.stale_links else None,
    }
    return render(request, "mentoring/model_detail.html", context)


@require_safe
@takes(grant_to_view)
def model_link(request: UserRequest, grant: Grant, output: int, outcome: int) -> HttpResponse:
    """Every month of one arrow: the figures of the output beside what was said about the outcome."""
    picture = picture_of_month(grant, periods_open_to(request.user, grant), request.GET.get("m", ""))
    link = next((link for link in picture.links if link.edge == (output, outcome)), None)
    if link is None:
        raise Http404
    context = {
        "grant": grant,
        "picture": picture,
        "link": link,
        "story": tell_link(picture, link),
        "talk": _next_talk(picture) if link.is_stale and grant.is_managed_by(request.user) else None,
    }
    return render(request, "mentoring/model_link.html", context)


def story_url(picture: Picture, link: Link) -> str:
    address = reverse("mentoring:model_link", args=[picture.grant.pk, *link.edge])
    return f"{address}?{urlencode({'m': f'{picture.month:%Y-%m}'})}"


def _next_talk(picture: Picture) -> Period | None:
    """The oldest month that is still to be talked about."""
    return next((period for period in picture.periods if period.state in MEETING_OPEN), None)


def _live_proposal(grant: Grant) -> PlanProposal | None:
    return PlanProposal.objects.live().filter(grant=grant).first()
