"""What can be asked for, and the guide of each item. Open to everybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from qitong.catalogue import queries
from qitong.catalogue.logic.kinds import LABELS, MaterialSource
from qitong.catalogue.logic.search import Hit, plain
from qitong.catalogue.logic.types import FactSpec, ItemSpec, MaterialClass, MilestoneSpec
from qitong.catalogue.models import ItemVersion
from qitong.kernel.errors import Refused
from qitong.kernel.words import Named, Sentence, say
from qitong.policies import editions
from qitong.policies.compendium.assemble import in_order
from qitong.policies.compiling import named
from qitong.web.common import step_graph
from qitong.web.common.conditions import in_words
from qitong.web.common.dates import today
from qitong.web.common.parts import Tone
from qitong.web.common.shelf import (
    CLASS_MEANING,
    CLASS_TONES,
    Line,
    by_stage,
    department_name,
    language,
    line_of,
    promised,
    step_nodes,
)

LONGEST = 100


@dataclass(frozen=True, slots=True)
class FoundLine:
    """A result: the name with the words marked in it, or else the phrase that made it fit."""

    line: Line
    name: tuple[str, str, str]
    because: str
    where: str


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """All items by stage, or those that fit the everyday words of ``?q=``, best first, each with why."""
    words, day = request.GET.get("q", "").strip()[:LONGEST], today()
    if not words:
        return render(request, "public/items.html", {"shelves": by_stage(queries.items(day), day)})
    hits = queries.found(words, day)
    names = queries.department_names(day) if hits else {}
    results = [_found(line_of(row, names), hit, words) for row, hit in hits]
    return render(request, "public/items.html", {"q": words, "results": results, "count": len(results)})


def _found(line: Line, hit: Hit, words: str) -> FoundLine:
    name = str(line.name)
    folded = plain(name)
    for part in sorted({*words.split(), hit.because}, key=len, reverse=True):
        at = folded.find(plain(part)) if len(folded) == len(name) and part else -1
        if at >= 0:
            end = at + len(plain(part))
            return FoundLine(line, (name[:at], name[at:end], name[end:]), "", "")
    return FoundLine(line, (name, "", ""), hit.because, hit.where)


@dataclass(frozen=True, slots=True)
class MaterialRow:
    name: Named
    klass: Named
    tone: Tone
    meaning: Sentence
    source: Sentence


@dataclass(frozen=True, slots=True)
class Before:
    """What comes first: an item with its guide, or a milestone without one."""

    name: Named
    href: str
    when: Sentence


@require_GET
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """How to get one item: limits, conditions, materials, steps, result."""
    item = queries.item(code, today())
    if item is None:
        raise Http404
    spec = item.spec
    names, facts = queries.department_names(today()), queries.facts(today())
    nodes = step_nodes(spec, names)
    shown = {
        "spec": spec,
        "lead": department_name(names, spec.lead),
        "co": [department_name(names, other) for other in spec.co],
        "stage": LABELS[spec.stage],
        "kind": LABELS[spec.kind],
        "promised": promised(spec.promised_days),
        "promise_source": LABELS[spec.promise_source],
        "statutory": spec.statutory.limit.say(),
        "variants": [
            (v.name, promised(v.promised_days), v.statutory.limit.say(), v.statutory.basis)
            for v in spec.variants
        ],
        "condition": in_words(spec.applies_when, facts),
        "materials": [_material(m.klass, m.source, m.name, m.from_department, names) for m in spec.materials],
        "nodes": nodes,
        "wide": step_graph.svg(nodes, lang=language()),
        "tall": step_graph.svg(nodes, lang=language(), vertical=True),
        "issuer": department_name(names, spec.certificate.issuer),
        "before": _before(spec, facts, today()),
        "policies": _policies(code),
        "start": f"{reverse('portal:start')}?item={spec.code}",
    }
    return render(request, "public/guide.html", shown)


def _policies(code: str) -> list[tuple[Named, str]]:
    """The policies in force that are applied for through an item, with their pages."""
    entries = in_order(editions.on_day(today()).library.in_force(today()))
    found = [entry.policy for entry in entries if entry.policy.item == code]
    return [(named(policy.name), reverse("public:policy", args=[policy.id])) for policy in found]


def _material(
    klass: MaterialClass, source: MaterialSource, name: Named, lender: str, names: dict[str, Named]
) -> MaterialRow:
    words = {
        MaterialSource.APPLICANT: say("由企业提供"),
        MaterialSource.GENERATED: say("平台按已填信息生成，在线签署"),
        MaterialSource.SHARED: say("{department}已有，交过一次即可再用", department=names.get(lender, "")),
    }
    return MaterialRow(name, LABELS[klass], CLASS_TONES[klass], CLASS_MEANING[klass], words[source])


def _before(spec: ItemSpec, facts: Sequence[FactSpec], on: dt.date) -> list[Before]:
    wanted = [(code, say("")) for code in spec.requires]
    wanted += [(code, in_words(when, facts)) for when, codes in spec.requires_if for code in codes]
    if not wanted:
        return []
    items = queries.items(on).filter(code__in=[code for code, _ in wanted])
    known: dict[str, ItemVersion] = {item.code: item for item in items}
    points = {point.code: point.name for point in _milestones(on)}
    return [_one(code, when, known.get(code), points) for code, when in wanted]


def _one(code: str, when: Sentence, item: ItemVersion | None, points: dict[str, Named]) -> Before:
    if item is not None:
        name, href = item.label, reverse("public:guide", args=[code])
        return Before(name, href, when)
    return Before(points.get(code, Named(code, code)), "", when)


def _milestones(on: dt.date) -> tuple[MilestoneSpec, ...]:
    try:
        return queries.milestones(on)
    except Refused:
        return ()
