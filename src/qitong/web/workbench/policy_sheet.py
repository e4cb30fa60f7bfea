"""A policy filled in as a sheet, without YAML: a draft's, or that of a policy that there is not yet.

Every button sends the whole form. Those that judge nothing show it again as it was typed, changed by what
they do; saving writes all of it or nothing; putting by keeps it for another day and another device.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from qitong.kernel.errors import Refused
from qitong.kernel.words import Named
from qitong.policies import drafting, unfinished
from qitong.policies.consequences import entry_of
from qitong.policies.drafting import ExamplesMove, NotWhole
from qitong.policies.editing import PolicyDeed, why_not
from qitong.policies.logic.terms import Stage
from qitong.policies.models import PolicyVersion
from qitong.web.common.dates import now, today
from qitong.web.common.http import acting, officer_required
from qitong.web.common.parts import Crumb, Text
from qitong.web.workbench.policies import editors_only
from qitong.web.workbench.policy_examples import wanting
from qitong.web.workbench.policy_sheet_deeds import ROOM, done, folded, settled, unfolded
from qitong.web.workbench.policy_sheet_form import Part, Row, SheetForm
from qitong.web.workbench.policy_sheet_keys import keyed, named_facts
from qitong.web.workbench.policy_sheet_offers import Offers
from qitong.web.workbench.policy_sheet_places import named, placed, steps
from qitong.web.workbench.policy_sheet_read import typed_of
from qitong.web.workbench.policy_sheet_typed import Typed, coerce, pruned, sent, with_first
from qitong.web.workbench.policy_sheet_words import unread
from qitong.web.workbench.policy_sheet_work import notes
from qitong.web.workbench.policy_sheet_write import Whole


@dataclass
class Sheet:
    """Whose sheet: of a draft, or (None) of a policy that there is not yet. What there is to say about it."""

    code: str
    draft: PolicyVersion | None
    typed: Typed
    kept_at: Any = None
    focus: str = ""
    moved: str = ""
    """``up`` or ``down``: the row in focus was moved that way."""
    notes: dict[str, Text] = field(default_factory=dict)
    wrong: dict[str, Text] = field(default_factory=dict)
    moves: ExamplesMove | None = None
    refused: NotWhole | None = None
    judged: Typed = field(default_factory=dict)
    """What was typed with the codes that its author left to the sheet."""

    @property
    def fresh(self) -> bool:
        return self.draft is None


@never_cache
@officer_required
@require_http_methods(["GET", "POST"])
def of_draft(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet of a draft, for its author."""
    editors_only(request)
    rows = PolicyVersion.objects.filter(code=code, stage=Stage.DRAFT).select_related("author")
    if (draft := rows.first()) is None:
        raise Http404
    if why := why_not(acting(request), PolicyDeed.WRITE, draft.author_id):
        messages.error(request, str(why))
        return redirect("workbench:policy-draft", code)
    return _answer(request, Sheet(code, draft, typed_of(draft.data, draft.content_hash)))


@never_cache
@officer_required
@require_http_methods(["GET", "POST"])
def of_new(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet of a policy that there is not yet, as its author put it by."""
    editors_only(request)
    kept = unfinished.of(code, acting(request), fresh=True)
    if kept is None:
        raise Http404
    return _answer(request, Sheet(code, None, coerce(kept.typed)))


@officer_required
@require_POST
def words(request: HttpRequest) -> HttpResponse:
    """What is typed, in sentences, and the fields that follow from what was chosen: for the script."""
    editors_only(request)
    typed = sent(request.POST)
    settled(typed)
    form = SheetForm(typed, Offers(typed, today(), ""))
    said: dict[str, Any] = {}
    swaps: list[Row] = []
    for shown in form.shown:
        _collect(shown.parts, said, swaps)
    return render(request, "workbench/policy_sheet_live.html", {"said": said.items(), "swaps": swaps})


def _collect(parts: list[Part], said: dict[str, Any], swaps: list[Row]) -> None:
    for part in parts:
        if part.said is not None:
            said[part.path] = part.said
        for row in part.listed.rows if part.listed else ():
            if row.said is not None:
                said[row.path] = row.said
            if row.swap:
                swaps.append(row)
            _collect(row.parts, said, swaps)


def _answer(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    if request.method == "GET":
        kept = unfinished.of(sheet.code, acting(request), fresh=sheet.fresh)
        if kept is not None:
            sheet.typed, sheet.kept_at = coerce(kept.typed), kept.kept_at
        return _page(request, sheet)
    deed = request.POST.get("do", "refresh")
    if deed == "anew":
        return _anew(request, sheet)
    sheet.typed = sent(request.POST)
    sheet.notes = settled(sheet.typed)
    if deed == "save":
        return _save(request, sheet)
    if deed == "later":
        return _put_by(request, sheet)
    known = Offers(sheet.typed, today(), sheet.code).known
    named_facts(sheet.typed)
    sheet.moved = deed.partition(":")[0] if deed.startswith(("up:", "down:")) else ""
    sheet.focus, told = done(sheet.typed, deed, known, request.POST.get("known", ""))
    sheet.notes |= told
    return _page(request, sheet)


def _anew(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """What was put by goes; of a draft the sheet begins from it again."""
    unfinished.drop(code=sheet.code, fresh=sheet.fresh, by=acting(request), at=now())
    messages.success(request, gettext("没写完的内容已丢弃。"))
    return redirect("workbench:policies") if sheet.fresh else redirect("workbench:policy-sheet", sheet.code)


def _put_by(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    try:
        unfinished.keep(code=sheet.code, fresh=sheet.fresh, typed=sheet.typed, by=acting(request), at=now())
    except Refused as refused:
        sheet.wrong[""] = refused.sentence
        return _page(request, sheet)
    messages.success(request, gettext("已存好，还没有写入草稿。换一台设备也可以接着写。"))
    return redirect(_address(sheet))


def _save(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    sheet.typed = pruned(sheet.typed)
    sheet.judged = keyed(deepcopy(sheet.typed))
    whole = Whole(sheet.judged, sheet.code)
    whole.judged_rows()
    with_first(sheet.typed)
    if whole.wrong:
        sheet.wrong |= {**dict(unread(sheet.judged)), **whole.wrong}
        return _page(request, sheet)
    given: Mapping[str, Any] = {
        "data": whole.data,
        "accepted": request.POST.get("accepted", ""),
        "by": acting(request),
        "at": now(),
    }
    try:
        if sheet.draft is None:
            drafting.begin_filled(**given)
        else:
            drafting.fill(draft_id=sheet.draft.pk, seen=sheet.typed["seen"], **given)
    except ExamplesMove as moves:
        told = gettext("%(n)s个例子按规则的结果与所写不同，请逐一核对。") % {"n": len(moves.moves)}
        sheet.moves, sheet.wrong[""] = moves, told
        sheet.notes |= notes(sheet.typed, whole.data, moves.moves)
    except NotWhole as refused:
        sheet.refused = refused
    except Refused as refused:
        sheet.wrong[""] = refused.sentence
    else:
        messages.success(request, gettext("草稿已保存，例子全部通过。"))
        return redirect("workbench:policy-draft", sheet.code)
    return _page(request, sheet)


def form_of(sheet: Sheet) -> SheetForm:
    """The sheet as a form, opened where something is wrong, folded elsewhere when it grows too long."""
    places = [*sheet.wrong]
    if sheet.refused is not None:
        places += [".".join(map(str, steps(it.loc, sheet.judged))) for it in sheet.refused.problems]
    unfolded(sheet.typed, places)
    offers = Offers(sheet.typed, today(), sheet.code)
    form = SheetForm(sheet.typed, offers, sheet.notes)
    if len(form.fields) > ROOM:
        folded(sheet.typed, sheet.focus)
        unfolded(sheet.typed, [*places, *sheet.notes], most=10)
        form = SheetForm(sheet.typed, offers, sheet.notes)
    if sheet.refused is not None:
        for name, message in placed(sheet.refused.problems, sheet.judged, form.fields):
            label = form.fields[name].label if name else ""
            sheet.wrong.setdefault(name, named(message, label or ""))
    form.wrong(sheet.wrong)
    form.moved = sheet.moved
    form.look_at(sheet.focus)
    return form


def _page(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    form = form_of(sheet)
    name = Named(sheet.typed["name"]["zh"] or sheet.code, sheet.typed["name"]["en"] or sheet.code)
    stale = sheet.draft is not None and sheet.typed["seen"] != sheet.draft.content_hash
    context = {
        "sheet": sheet,
        "form": form,
        "seen": sheet.typed["seen"],
        "stale": stale,
        "name": name,
        "facts": list(form.offers.specs.values()),
        "scores": form.offers.scores(),
        "more_facts": form.offers.more_facts(),
        "chosen": request.POST.get("known", ""),
        "gaps": _gaps(sheet) if request.method == "GET" else (),
        "crumbs": _crumbs(sheet, name),
    }
    return render(request, "workbench/policy_sheet.html", context, status=422 if sheet.wrong else 200)


def _gaps(sheet: Sheet) -> Sequence[Text]:
    """What no example holds, of the draft as it is; what was put by may have others."""
    if sheet.draft is None or sheet.kept_at is not None:
        return ()
    return wanting(entry_of(sheet.draft)).gaps


def _crumbs(sheet: Sheet, name: Named) -> list[Crumb]:
    if sheet.draft is None:
        return [Crumb(_("政策"), reverse("workbench:policies"))]
    return [Crumb(sheet.draft.label, reverse("workbench:policy-draft", args=[sheet.code]))]


def _address(sheet: Sheet) -> str:
    kind = "policy-new-sheet" if sheet.fresh else "policy-sheet"
    return reverse(f"workbench:{kind}", args=[sheet.code])


__all__ = ["Sheet", "form_of", "of_draft", "of_new", "words"]
