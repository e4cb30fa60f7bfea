"""One material beside what is required of it: look, judge, go on to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qitong.casework import dossier
from qitong.casework.models import CaseMaterial
from qitong.catalogue.logic.kinds import MaterialSource
from qitong.datashare.documents import why_unusable
from qitong.datashare.logic.filetypes import JPEG, PDF, PNG
from qitong.kernel.words import Sentence, say
from qitong.web.common.dates import shown
from qitong.web.common.headers import with_papers
from qitong.web.common.http import officer_required
from qitong.web.common.parts import Crumb, Event, Row
from qitong.web.workbench import papers
from qitong.web.workbench.case_deeds import VERIFY
from qitong.web.workbench.deeds import Bound
from qitong.web.workbench.facts import answers
from qitong.web.workbench.papers import MaterialLine
from qitong.web.workbench.people import actor_name
from qitong.web.workbench.personal import asking
from qitong.web.workbench.places import Place, place_of

SHOWN = {PDF.content_type: "pdf", PNG.content_type: "image", JPEG.content_type: "image"}

CLASS_MEANING: dict[str, Sentence] = {
    "core": say("受理时必须齐全，不能容缺。"),
    "deferrable": say("签署承诺书后可以稍后补齐，发放结果前必须核对无误。"),
    "red_line": say("涉及安全或环境，缺一不可，不能容缺。"),
}


@never_cache
@officer_required
@require_GET
def show(request: HttpRequest, number: str, key: str) -> HttpResponse:
    return answer(request, place_of(request, number), key)


def answer(request: HttpRequest, place: Place, key: str, bound: Bound | None = None) -> HttpResponse:
    """The page of one material; a refused judgement (``bound``) stands where it was typed."""
    found = list(papers.lines(place, bound))
    at = next((n for n, line in enumerate(found) if line.material.key == key), None)
    if at is None:
        raise Http404
    shown_ = _context(place, found, at, bound)
    return with_papers(render(request, "workbench/review.html", shown_, status=422 if bound else 200))


def onwards(place: Place, key: str) -> str:
    """Where to go after judging: the next that nobody has judged, after this one and around; else back."""
    found = list(papers.lines(place, None))
    at = next((n for n, line in enumerate(found) if line.material.key == key), 0)
    around = [*found[at + 1 :], *found[:at]]
    following = next((line for line in around if line.is_to_check), None)
    case = reverse("workbench:case", args=[place.case.number])
    return following.href if following else f"{case}#materials"


@dataclass(frozen=True, slots=True)
class Way:
    """Another material of the case, in the list from which one is chosen."""

    line: MaterialLine
    current: bool


def _context(place: Place, found: Sequence[MaterialLine], at: int, bound: Bound | None) -> dict[str, Any]:
    line, case = found[at], place.case
    document = line.material.document
    checked, total = papers.progress(found)
    course = dossier.course_of(case, line.material.key, veil=place.veil)
    return {
        "case": case,
        "title": case.label,
        "crumbs": (
            Crumb(_("办件"), reverse("workbench:inbox")),
            Crumb(case.number or "", reverse("workbench:case", args=[case.number])),
            str(line.name),
        ),
        "line": line,
        "document": document,
        "kind": SHOWN.get(document.content_type, "") if document else "",
        "unusable": why_unusable(document) if document else "",
        "requirements": list(_requirements(place, line.material, line)),
        "answers": list(answers(place)),
        "course": [Event(it.at, it.sentence, place.veil.text(actor_name(it.by, it.name))) for it in course],
        "asking": asking(place),
        "ways": [Way(other, other is line) for other in found],
        "previous": found[at - 1].href if at else "",
        "next": found[at + 1].href if at + 1 < len(found) else "",
        "checked": checked,
        "total": total,
        "verify_href": VERIFY.href(place.with_task(None)),
        "why_not": VERIFY.why_not(place),
        "bound": bound,
    }


def _requirements(place: Place, material: CaseMaterial, line: MaterialLine) -> Sequence[Row]:
    """What the catalogue asks of it, and what the company said about bringing it later."""
    rows = [
        Row(_("材料名称"), line.name),
        Row(_("类别"), f"{line.klass}\n{CLASS_MEANING[material.klass]}"),
        Row(_("来源"), _source(place, material, line)),
        Row(_("状态"), line.word),
    ]
    if material.provided_at is not None:
        rows.append(Row(_("提供时间"), shown(material.provided_at)))
    if material.commitment is not None:
        letter = material.commitment
        text = say(
            "{signer}于{at}承诺，{due}前补齐",
            signer=place.veil.name(letter.signer_name),
            at=letter.signed_at,
            due=letter.due_on,
        )
        rows.append(Row(_("容缺承诺"), text))
    if material.remark:
        rows.append(Row(_("上次核对意见"), place.veil.text(material.remark)))
    return rows


def _source(place: Place, material: CaseMaterial, line: MaterialLine) -> str:
    spec = place.case.item_version.spec.material(material.key) if place.case.item_version else None
    names = place.edition.department_names if place.edition else {}
    if spec is None or spec.source is not MaterialSource.SHARED or spec.from_department not in names:
        return str(line.source)
    return f"{line.source}\n{names[spec.from_department]}"
