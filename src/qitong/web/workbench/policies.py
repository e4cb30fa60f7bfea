"""The policies at the officers' desk: the list, one of them in sentences, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qitong.kernel.words import Named, Sentence
from qitong.notifications.effects import of_policy
from qitong.policies import editions
from qitong.policies.compendium.telling import FORCES
from qitong.policies.consequences import entry_of
from qitong.policies.drafting import newest
from qitong.policies.editing import PolicyDeed, why_not
from qitong.policies.library import Entry
from qitong.policies.logic import asked
from qitong.policies.logic.clauses import place
from qitong.policies.logic.rule import Rule
from qitong.policies.logic.standing import Force, Standing
from qitong.policies.logic.terms import Stage
from qitong.policies.logic.window_words import window_words
from qitong.policies.models import PolicyVersion
from qitong.web.common.dates import today
from qitong.web.common.http import acting, officer_required
from qitong.web.common.parts import Crumb, Tone

SIZE = 40
FORCE_TONES = {Force.COMING: Tone.REED, Force.IN_FORCE: Tone.GREEN}


def force_chip(force: Force) -> tuple[Sentence, Tone]:
    return FORCES[force], FORCE_TONES.get(force, Tone.PLAIN)


@dataclass(frozen=True, slots=True)
class Line:
    """One policy of the list; ``number`` is its version today, ``draft`` the one being written."""

    entry: Entry
    number: int
    standing: Standing
    draft: PolicyVersion | None

    @property
    def state(self) -> tuple[Sentence, Tone]:
        return force_chip(self.standing.force)

    @property
    def window(self) -> Sentence:
        return window_words(self.standing)


@officer_required
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """All of today, by their codes, and drafts of policies that there are not yet."""
    on = today()
    edition = editions.on_day(on)
    after = request.GET.get("after", "")
    codes = [code for code in sorted(edition.library.entries) if code > after]
    shown = codes[:SIZE]
    drafts = {row.code: row for row in _drafts()}
    lines = [_line(edition, code, drafts.get(code)) for code in shown]
    context = {
        "lines": lines,
        "fresh": [row for code, row in drafts.items() if code not in edition.library.entries],
        "next": shown[-1] if len(codes) > SIZE else "",
        "may_write": not why_not(acting(request), PolicyDeed.BEGIN),
    }
    return render(request, "workbench/policies.html", context)


def _line(edition: editions.Edition, code: str, draft: PolicyVersion | None) -> Line:
    entry = edition.library.entries[code]
    return Line(entry, edition.versions[code][1], entry.standing(today()), draft)


def _drafts() -> list[PolicyVersion]:
    rows = PolicyVersion.objects.filter(stage=Stage.DRAFT).select_related("author")
    return list(rows.order_by("code")[:200])


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition as people read it, and as it is written."""

    id: str
    asks: tuple[asked.Line, ...]
    text: str
    clause: Named | None
    manual: bool


def clauses(rule: Rule) -> Iterator[Clause]:
    for condition in rule.conditions:
        asks = asked.lines(condition.node, rule)
        yield Clause(condition.id, asks, condition.text, place(condition.clause), condition.manual)


@never_cache
@officer_required
@require_GET
def page(request: HttpRequest, code: str) -> HttpResponse:
    """One policy: its rule in sentences, its versions, and what came of telling who gained."""
    actor = acting(request)
    versions = list(
        PolicyVersion.objects.filter(code=code).select_related("author", "publisher").order_by("-number")[:20]
    )
    if not versions:
        raise Http404
    edition = editions.on_day(today())
    entry = edition.library.entries.get(code)
    draft = next((row for row in versions if row.stage == Stage.DRAFT), None)
    if entry is None:
        last = newest(code) or draft
        if last is None or last.sort != "policy":
            raise Http404
        entry = entry_of(last)
    context = {
        "code": code,
        "entry": entry,
        "name": Named(entry.policy.name.zh, entry.policy.name.en),
        "state": force_chip(entry.standing(today()).force),
        "window": window_words(entry.standing(today())),
        "clauses": list(clauses(entry.rule)),
        "versions": versions,
        "draft": draft,
        "now": edition.versions.get(code, (0, 0))[1],
        "effect": of_policy(code),
        "may_write": not why_not(actor, PolicyDeed.BEGIN),
        "back": Crumb(_("政策"), reverse("workbench:policies")),
    }
    return render(request, "workbench/policy.html", context)


def editors_only(request: HttpRequest) -> None:
    """Drafts are for policy editors."""
    if why_not(acting(request), PolicyDeed.BEGIN):
        raise PermissionDenied
