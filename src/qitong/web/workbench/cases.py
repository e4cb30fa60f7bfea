"""The case page, and the one address to which every deed at it is posted."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from qitong.kernel.errors import Refused
from qitong.web.common.http import number_of, officer_required, refusal_to_form, safe_next
from qitong.web.workbench import page, review
from qitong.web.workbench.case_deeds import CASE_WAYS, MATERIAL_WAYS
from qitong.web.workbench.deeds import Bound, Way, find
from qitong.web.workbench.personal import WhyForm
from qitong.web.workbench.places import Place, place_of
from qitong.web.workbench.task_deeds import TASK_WAYS


@never_cache
@officer_required
@require_GET
def show(request: HttpRequest, number: str) -> HttpResponse:
    """One case on one screen; what the officer may not see does not exist for them (404)."""
    return render_case(request, place_of(request, number))


@never_cache
@officer_required
@require_http_methods(["GET", "POST"])
def do(request: HttpRequest, number: str, slug: str, task_id: int | None = None) -> HttpResponse:
    """Do one deed; a refusal shows the page again with the reason where the deed was filled in."""
    place = place_of(request, number)
    if task_id is not None:
        place = _at_task(place, task_id)
    way = find(TASK_WAYS if task_id is not None else (*CASE_WAYS, *MATERIAL_WAYS), slug)
    if way is None or not way.fits(place):
        raise Http404
    if request.method != "POST":
        return redirect("workbench:case", number)
    bound = _attempt(request, way, place)
    if bound.form.is_valid():
        messages.success(request, str(way.done))
        return redirect(_onwards(request, number, bound))
    after = place_of(request, number)
    return (
        review.answer(request, after, bound.key, bound)
        if _beside(request)
        else render_case(request, after, bound)
    )


def _beside(request: HttpRequest) -> bool:
    """Whether a material was judged on its own page, beside what is required of it."""
    return request.POST.get("beside") == "1"


def _onwards(request: HttpRequest, number: str, bound: Bound) -> str:
    if _beside(request):
        return review.onwards(place_of(request, number), bound.key)
    return safe_next(request) or reverse("workbench:case", args=[number])


def _at_task(place: Place, task_id: int) -> Place:
    found = next((row.task for row in place.detail.tasks if row.task.pk == task_id), None)
    if found is None:
        raise Http404
    return place.with_task(found)


def _attempt(request: HttpRequest, way: Way, place: Place) -> Bound:
    """Run the deed; afterwards the form is either clean, and the deed done, or says why not."""
    key = request.POST.get("key", "") if way in MATERIAL_WAYS else ""
    anchor = f"{way.anchor(place)}-{key}" if key else way.anchor(place)
    form = way.form(place, request.POST, request.FILES, slug=anchor)
    if reason := way.why_not(place):
        form.errors.clear()  # whether it is filled in rightly no longer matters; what was typed stays
        form.add_error(None, str(reason))
    elif form.is_valid():
        try:
            way.run(place, form.cleaned_data)
        except Refused as refused:
            refusal_to_form(form, refused)
    return Bound(way.slug, place.task.pk if place.task else None, form, key)


def render_case(
    request: HttpRequest, place: Place, bound: Bound | None = None, *, asked: WhyForm | None = None
) -> HttpResponse:
    """The page; ``bound`` or ``asked`` is what was refused."""
    before = request.GET.get("before", "")
    shown = page.context(place, bound, before=number_of(before), asked=asked)
    return render(request, "workbench/case.html", shown, status=422 if bound or asked else 200)
