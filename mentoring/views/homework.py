from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from core.access import UserRequest, takes
from core.redirects import wanted_next
from mentoring.access import homework_to_tick
from mentoring.models import ActionItem
from mentoring.services.homework import tick_homework, untick_homework


@require_POST
@takes(homework_to_tick)
def homework_done(request: UserRequest, item: ActionItem) -> HttpResponse:
    tick_homework(item=item, by=request.user)
    messages.success(request, gettext("「%(text)s」を済みにしました。") % {"text": item.text})
    return redirect(wanted_next(request) or item.sheet.get_absolute_url())


@require_POST
@takes(homework_to_tick)
def homework_undone(request: UserRequest, item: ActionItem) -> HttpResponse:
    untick_homework(item=item, by=request.user)
    messages.success(request, gettext("「%(text)s」をまだの宿題に戻しました。") % {"text": item.text})
    return redirect(wanted_next(request) or item.sheet.get_absolute_url())
