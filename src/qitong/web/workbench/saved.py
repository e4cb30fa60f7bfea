"""Saved filters: keep what the inbox shows under a name, and put the names in order."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from qitong.accounts.actors import Actor
from qitong.casework import lists, saved_filters
from qitong.casework.logic.filters import Filter
from qitong.casework.models import SavedFilter
from qitong.casework.models.desk import LONGEST_NAME
from qitong.kernel.errors import Refused
from qitong.web.common.dates import now
from qitong.web.common.http import acting, officer_required, refusal_to_form
from qitong.web.common.parts import Crumb


class SaveForm(forms.Form):
    name = forms.CharField(
        label=_("名称"),
        max_length=LONGEST_NAME,
        error_messages={"required": _("请填写名称。")},
    )
    default = forms.BooleanField(label=_("打开“办件”时先显示它"), required=False)
    query = forms.CharField(widget=forms.HiddenInput)


class RenameForm(forms.Form):
    """In the row of its filter."""

    name = forms.CharField(label=_("名称"), max_length=LONGEST_NAME)

    def __init__(self, row: SavedFilter, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"name": row.name}, auto_id=f"rename-{row.pk}-%s")
        said = gettext("“%(name)s”的新名称") % {"name": row.name}
        self.fields["name"].widget.attrs["aria-label"] = said


@never_cache
@officer_required
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """The officer's filters; a POST saves one more and goes to it."""
    actor = acting(request)
    query = Filter.parse(request.GET.urlencode()).query() if request.GET else ""
    form = SaveForm(request.POST or None, initial={"query": query})
    if request.method == "POST" and form.is_valid():
        try:
            row = saved_filters.save(**form.cleaned_data, by=actor, at=now())
        except Refused as refused:
            refusal_to_form(form, refused)
        else:
            messages.success(request, gettext("已保存为“%(name)s”。") % {"name": row.name})
            return redirect(f"{reverse('workbench:inbox')}?{row.query}")
    return _page(request, form, adding=bool(query) or bool(form.errors))


def _page(
    request: HttpRequest, form: SaveForm, *, adding: bool = False, refused: RenameForm | None = None
) -> HttpResponse:
    """The list; ``refused`` is a new name that could not be given, shown again in its row."""
    actor = acting(request)
    rows = [(row, Filter.parse(row.query)) for row in saved_filters.own(actor)]
    items = lists.items_seen(actor) if any(cut.item for _row, cut in rows) else {}
    named = []
    for row, cut in rows:
        naming = RenameForm(row)
        again = refused is not None and refused.auto_id == naming.auto_id
        named.append((row, cut.sentence(items.get(cut.item, "")), refused if again else naming))
    context = {
        "form": form,
        "adding": adding,
        "sent": refused or form,
        "rows": named,
        "back": Crumb(_("办件"), reverse("workbench:inbox")),
    }
    wrong = form.errors or refused
    return render(request, "workbench/filters.html", context, status=422 if wrong else 200)


def _rename(request: HttpRequest, pk: int, by: Actor) -> str:
    row = saved_filters.rename(pk=pk, name=request.POST.get("name", ""), by=by, at=now())
    return gettext("已改名为“%(name)s”。") % {"name": row.name}


def _default(request: HttpRequest, pk: int, by: Actor) -> str:
    on = request.POST.get("on") == "1"
    row = saved_filters.make_default(pk=pk, on=on, by=by, at=now())
    said = gettext("打开“办件”时先显示“%(name)s”。") if on else gettext("打开“办件”时不再先显示“%(name)s”。")
    return said % {"name": row.name}


def _delete(request: HttpRequest, pk: int, by: Actor) -> str:
    saved_filters.delete(pk=pk, by=by, at=now())
    return gettext("筛选已删除。")


_DEEDS: dict[str, Callable[[HttpRequest, int, Actor], str]] = {
    "rename": _rename,
    "default": _default,
    "delete": _delete,
}


@officer_required
@require_POST
def do(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Rename, make default, delete; what was refused is said on the page, a name where it was typed."""
    by = acting(request)
    try:
        messages.success(request, _DEEDS[slug](request, pk, by))
    except Refused as refused:
        row = next((row for row in saved_filters.own(by) if row.pk == int(pk)), None)
        if row is not None and slug == "rename":
            form = RenameForm(row, request.POST)
            form.errors.clear()
            refusal_to_form(form, refused)
            return _page(request, SaveForm(), refused=form)
        messages.error(request, str(refused))
    return redirect("workbench:filters")
