"""A program as a whole: its outcomes, its figures, and the grantees' models under them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.access import UserRequest, takes
from core.months import first_of_month, parse_month
from grants.access import program_indicator_to_choose, program_to_read
from grants.models import Grant, Program, ProgramIndicator
from grants.program_parts import candidates
from mentoring.forms.programs import PartsForm
from mentoring.program_drawing import draw_program
from mentoring.program_picture import closed_until, read_program, told_until
from mentoring.services.programs import choose_parts


@require_safe
@takes(program_to_read)
def program_detail(request: UserRequest, program: Program) -> HttpResponse:
    """`?m=2022-10` chooses the month. The board sees months in which everything up to then is closed."""
    reads_whole = Grant.objects.read_whole_by(request.user).filter(program=program).exists()
    last = told_until(program) if reads_whole else closed_until(program)
    try:
        wanted = parse_month(request.GET.get("m", ""))
    except ValueError:
        wanted = None
    month = last or first_of_month(min(max(clock.today(), program.starts_on), program.ends_on))
    if wanted and last:
        month = max(min(wanted, last), first_of_month(program.starts_on))
    picture = read_program(program, month)
    context = {
        "program": program,
        "picture": picture,
        "drawing": draw_program(picture) if picture.outcomes else "",
        "may_choose": Program.objects.managed_by(request.user).filter(pk=program.pk).exists(),
        "has_told": last is not None,
    }
    return render(request, "mentoring/program_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@takes(program_indicator_to_choose)
def program_parts(request: UserRequest, whole: ProgramIndicator) -> HttpResponse:
    program = whole.outcome.program
    month = told_until(program) or first_of_month(min(max(clock.today(), program.starts_on), program.ends_on))
    found = candidates(program, month, whole.unit)
    form = PartsForm(request.POST if request.method == "POST" else None, whole=whole, found=found)
    if request.method == "POST" and form.is_valid():
        offered = [candidate.plan.id for candidate in found]
        choose_parts(whole=whole, indicators=form.cleaned_data["parts"], offered=offered, by=request.user)
        messages.success(request, gettext("足し合わせる指標を保存しました。"))
        return redirect("mentoring:program", program.pk)
    context = {"program": program, "whole": whole, "form": form, "month": month}
    return render(request, "mentoring/program_parts.html", context, status=422 if form.is_bound else 200)
