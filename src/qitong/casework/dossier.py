"""One case as officers read it: with its decisions, the company's other cases, the day's catalogue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case as Choice
from django.db.models import Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import JSONObject

from qitong.accounts.actors import Actor
from qitong.accounts.queries import NameBehind
from qitong.casework import queries
from qitong.casework.logic import story
from qitong.casework.logic.flow import CaseState
from qitong.casework.logic.terms import Outcome
from qitong.casework.models import Case, Decision
from qitong.casework.sight import Reach, seen
from qitong.catalogue.queries import Edition, edition, edition_pk
from qitong.kernel.masking import Veil, mask_text
from qitong.kernel.words import Named, Sentence
from qitong.ledger.queries import latest
from qitong.sql.frozen import Frozen

MOST_KIN = 30
CHILD, REPEAT, EARLIER = range(3)


@dataclass(frozen=True, slots=True)
class Issued:
    """What was delivered after a decision; ``document`` is its address."""

    number: str
    title: Named
    document: str


@dataclass(frozen=True, slots=True)
class Taken:
    """One decision of the case."""

    outcome: Outcome
    grounds: str
    over_objection: bool
    by: str
    at: dt.datetime
    issued: Issued | None


@dataclass(frozen=True, slots=True)
class Kin:
    """Another case of the company; ``visible``: it can be opened, as only a draft of this case cannot."""

    number: str
    title: Named | str
    state: CaseState
    visible: bool


@dataclass(frozen=True, slots=True)
class Dossier:
    """``repeats`` are on the same facts, ``children`` came out of this case, ``earlier`` are the rest."""

    case: Case
    edition: Edition | None
    decisions: tuple[Taken, ...]
    repeats: tuple[Kin, ...]
    children: tuple[Kin, ...]
    earlier: tuple[Kin, ...]


def read(actor: Actor, number: str, *, on: dt.date) -> Dossier | None:
    """The case with this number, if the actor may see it: four queries."""
    reach = Reach.of(actor)
    case = _DOSSIER.first(reach.kind, number=number, on=on, **reach.values)
    if case is None:
        return None
    known = vars(queries.fill(case))
    kin = known["kin"]
    return Dossier(
        case=case,
        edition=edition(known["edition_of_day"]) if known["edition_of_day"] else None,
        decisions=tuple(_taken(row) for row in known["decisions_taken"]),
        repeats=_of(kin, REPEAT, 5),
        children=_of(kin, CHILD, MOST_KIN),
        earlier=_of(kin, EARLIER, 10),
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """What happened to one material, in a sentence."""

    at: dt.datetime
    by: str
    name: str
    sentence: Sentence


def course_of(case: Case, key: str, *, veil: Veil, limit: int = 20) -> list[Judged]:
    """What happened to one material of the case, newest first; one query."""
    found = latest(case.stream, limit=limit, name=NameBehind("by"), about={"material": key})
    return [Judged(e.at, e.by, e.name, story.of_material(e.kind, e.facts, veil=veil)) for e in found]


def _decisions() -> ArraySubquery:
    row = JSONObject(
        outcome="outcome",
        grounds="grounds",
        over_objection="over_objection",
        by="decided_by__name",
        at="decided_at",
        number="certificate__number",
        title_zh="certificate__title_zh",
        title_en="certificate__title_en",
        document="certificate__document__public_id",
    )
    taken = Decision.objects.filter(case=OuterRef("pk")).order_by("pk")
    return ArraySubquery(taken.values(row=row))


def _taken(row: Mapping[str, Any]) -> Taken:
    title = Named(row["title_zh"] or "", row["title_en"] or "")
    return Taken(
        outcome=Outcome(row["outcome"]),
        grounds=row["grounds"],
        over_objection=row["over_objection"],
        by=row["by"],
        at=dt.datetime.fromisoformat(row["at"]),
        issued=Issued(row["number"], title, row["document"]) if row["number"] else None,
    )


def _dossier(kind: str, *, number: str, on: dt.date, **reach: Any) -> QuerySet[Case]:
    within = Reach(kind, **reach)
    rows = queries.whole(within).annotate(
        edition_of_day=edition_pk(on), decisions_taken=_decisions(), kin=_kin(within)
    )
    return rows.filter(number=number).order_by("pk")[:1]


_DOSSIER: Frozen[Case] = Frozen(_dossier)


def _kin(reach: Reach) -> ArraySubquery:
    """The company's other cases within the reach, those on the same facts first, then the newest.

    Before them what came out of this case, drafts among it: that is this case's own story.
    """
    child = Q(parent=OuterRef("pk"))
    again = Q(fingerprint=OuterRef("fingerprint")) & ~Q(fingerprint="") & ~Q(state=CaseState.WITHDRAWN)
    rows = (
        Case.objects.filter(enterprise=OuterRef("enterprise"))
        .alias(may_open=Exists(seen(reach).filter(pk=OuterRef("pk"))))
        .filter(child | Q(may_open=True, submitted_at__isnull=False))
        .exclude(pk=OuterRef("pk"))
        .annotate(kinship=Choice(When(child, Value(CHILD)), When(again, Value(REPEAT)), default=EARLIER))
    )
    row = JSONObject(
        kinship="kinship",
        number="number",
        title="title",
        zh="item_version__name_zh",
        en="item_version__name_en",
        state="state",
        visible="may_open",
    )
    return ArraySubquery(rows.order_by("kinship", "-pk").values(row=row)[:MOST_KIN])


def _of(rows: Iterable[Mapping[str, Any]], kinship: int, most: int) -> tuple[Kin, ...]:
    found = [row for row in rows if row["kinship"] == kinship][:most]
    return tuple(
        Kin(
            row["number"] or "",
            Named(row["zh"], row["en"]) if row["zh"] else mask_text(row["title"]),
            CaseState(row["state"]),
            row["visible"] and bool(row["number"]),
        )
        for row in found
    )
