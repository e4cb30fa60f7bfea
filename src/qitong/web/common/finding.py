"""Results of a search, for whoever searches: a page of them, each with why it was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest

from qitong.accounts.actors import Actor
from qitong.casework import finding, personal, queries
from qitong.casework.excerpts import Excerpt, excerpts
from qitong.casework.logic.finding import Asked, Piece, Source, excerpt
from qitong.casework.models import Case
from qitong.kernel.masking import LIFTED, Veil
from qitong.web.common.dates import today
from qitong.web.common.http import number_of
from qitong.web.common.paging import Page

SIZE = 25


@dataclass(frozen=True, slots=True)
class Found:
    """One hit as a row: the cells that are always shown, marked, and what else says why."""

    summary: queries.Summary
    number: list[Piece]
    company: list[Piece]
    title: list[Piece]
    why: list[Excerpt]


@dataclass(frozen=True, slots=True)
class Results:
    """``count`` is exact, or ``1,000+``."""

    count: int | str
    rows: list[Found]
    page: Page[Case]


def results(request: HttpRequest, actor: Actor, asked: Asked) -> Results:
    """The page of hits that ``?before=`` asks for, newest first."""
    hits = finding.find(actor, asked)
    before = request.GET.get("before", "")
    last = number_of(before)
    ids, earlier = _cut(actor, asked, hits, last)
    more, ids = len(ids) > SIZE, ids[:SIZE]
    cases = found_cases(actor, ids)
    page = Page(
        rows=cases,
        previous=_url(asked, earlier) if last is not None else "",
        next=_url(asked, ids[-1]) if more else "",
    )
    return Results(hits.count, rows(cases, asked, actor), page)


def found_cases(actor: Actor, ids: Sequence[int]) -> list[Case]:
    """These cases for a list, newest first; what became invisible since it was found is not among them."""
    return list(queries.listed(actor).select_related("words").filter(pk__in=ids, words__isnull=False))


def rows(cases: Sequence[Case], asked: Asked, actor: Actor) -> list[Found]:
    def veil_of(case: Case) -> Veil:
        return LIFTED if personal.owns(actor, case) else personal.listed(case)

    why = excerpts(cases, asked, veil_of)
    return [
        _found(summary, asked, why[summary.case.pk], own=personal.owns(actor, summary.case))
        for summary in queries.summaries(cases, today=today())
    ]


def _found(summary: queries.Summary, asked: Asked, why: list[Excerpt], *, own: bool) -> Found:
    case = summary.case
    title = str(case.own_label if own else case.label)
    # A cell says it already; the name of an item only in the language in which it is shown.
    said = {Source.NUMBER: case.number, Source.COMPANY: case.enterprise.name, Source.TITLE: title}
    return Found(
        summary,
        excerpt(case.number or "", asked.words),
        excerpt(case.enterprise.name, asked.words, width=200),
        excerpt(title, asked.words, width=200),
        [one for one in why if one.source not in said and _text(one) != title],
    )


def _text(one: Excerpt) -> str:
    return "".join(piece.text for piece in one.pieces)


def _cut(actor: Actor, asked: Asked, hits: finding.Hits, last: int | None) -> tuple[list[int], int | None]:
    """Ids for a page and one more, and where the page before it begins (None: at the newest)."""
    if last is None:
        return hits.ids[: SIZE + 1], None
    at = sum(1 for pk in hits.ids if pk >= last)
    if at + SIZE < len(hits.ids) or not hits.more:
        return hits.ids[at : at + SIZE + 1], hits.ids[at - SIZE - 1] if at > SIZE else None
    return finding.find_before(actor, asked, before=last, most=SIZE + 1), None


def _url(asked: Asked, before: int | None) -> str:
    return "?" + urlencode({"q": asked.text} | ({"before": before} if before is not None else {}))
