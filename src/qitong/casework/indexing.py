"""Keeps what search reads: the words of every case that was handed in, collected from where they are.

Nothing is decided here and nothing is a fact, so there is no entry in the ledger: whatever changes a case
is a fact elsewhere, and what follows from it (``automation/reactions.py``) is that :func:`index` reads the
case again. It may be called any number of times; :func:`rebuild` calls it for all.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from qitong.accounts.places import chains
from qitong.casework.logic import tags
from qitong.casework.logic.finding import Source, fold
from qitong.casework.logic.flow import CaseState
from qitong.casework.models import (
    Case,
    CaseMaterial,
    CaseText,
    Certificate,
    Decision,
    ItemText,
    Participant,
    Supplement,
    Task,
)
from qitong.catalogue.models import ItemVersion, Material
from qitong.ledger.models import Entry, Text

BATCH = 500
SETTLED = dt.timedelta(minutes=10)
"""A case in which something happened since may have its reaction still waiting."""


@dataclass(slots=True)
class Words:
    """The texts and tags of one case while they are collected."""

    sources: list[list[str]] = field(default_factory=list)
    tags: set[int] = field(default_factory=set)

    def add(self, source: Source, *texts: object) -> None:
        """Keep what is not empty; a text that is there already is not kept twice."""
        for text in map(str, filter(None, texts)):
            if text.strip() and all(text != known for _, known in self.sources):
                self.sources.append([source.value, text])

    @property
    def folded(self) -> str:
        return "\n".join(filter(None, (fold(text) for _, text in self.sources)))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild has come: ``changed`` of the ``cases`` up to the id ``last`` were not right."""

    last: int
    cases: int
    changed: int
    wrong: int


def index(case_ids: Collection[int]) -> list[int]:
    """Read these cases again; return the ids of those whose words or tags had changed.

    The rows are locked before anything is read, so of two at once the later one reads what is newer.
    """
    if not case_ids:
        return []
    with transaction.atomic():
        known = {row.case_id: row for row in _locked(sorted(set(case_ids)))}
        found = collect(list(known))
        index_items(pk for words in found.values() for pk in tags.items(words.tags))
        changed = [pk for pk, words in found.items() if _differs(known[pk], words)]
        _write([(pk, found[pk]) for pk in changed])
    return changed


def reindex(entries: Iterable[Entry]) -> list[int]:
    """Read the cases again in whose streams these entries are; of a company or officer, all of theirs."""
    streams: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        kind, _, pk = entry.stream.partition(":")
        if kind in ("case", "enterprise", "user"):
            streams[kind].add(int(pk))
    named = Q(enterprise_id__in=streams["enterprise"]) | Q(owner_id__in=streams["user"])
    helped = Participant.objects.filter(user_id__in=streams["user"]).values("case_id")
    found = set(streams["case"])
    if streams["enterprise"] or streams["user"]:
        found |= set(Case.objects.filter(named | Q(pk__in=helped)).values_list("pk", flat=True))
    ids = sorted(found)
    return [pk for start in range(0, len(ids), BATCH) for pk in index(ids[start : start + BATCH])]


def rebuild(*, at: dt.datetime, after: int = 0, batch: int = BATCH) -> Iterator[Progress]:
    """Index every case with an id above ``after``, batch by batch, each in its own transaction.

    ``wrong`` counts those that should have been right: nothing happened in them lately, and their
    company is not about to correct them.
    """
    cases = changed = wrong = 0
    while ids := _next_ids(after, batch):
        altered = index(ids)
        after, cases, changed = ids[-1], cases + len(ids), changed + len(altered)
        wrong += len(_settled(altered, at=at))
        yield Progress(after, cases, changed, wrong)


def first_unread() -> int | None:
    """The first case that was handed in and that search knows nothing of."""
    unread = Case.objects.filter(submitted_at__isnull=False, words__isnull=True).order_by("pk")
    return unread.values_list("pk", flat=True).first()


def _next_ids(after: int, batch: int) -> list[int]:
    rows = Case.objects.filter(pk__gt=after, submitted_at__isnull=False).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:batch])


def _settled(ids: Sequence[int], *, at: dt.datetime) -> list[int]:
    """Those in which nothing happened lately; what is typed during a correction is read when it is sent."""
    if not ids:
        return []
    lately = Entry.objects.filter(stream__in=[f"case:{pk}" for pk in ids], at__gt=at - SETTLED)
    busy = {int(stream.removeprefix("case:")) for stream in lately.values_list("stream", flat=True)}
    still = Case.objects.filter(pk__in=ids).exclude(state=CaseState.CORRECTION)
    return [pk for pk in still.values_list("pk", flat=True) if pk not in busy]


def _locked(ids: list[int]) -> list[CaseText]:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO casework_casetext (case_id, sources, folded, tags)"
            " SELECT id, '[]', '', '{}' FROM casework_case"
            " WHERE id = ANY(%s) AND submitted_at IS NOT NULL ORDER BY id ON CONFLICT DO NOTHING",
            [ids],
        )
    return list(CaseText.objects.select_for_update().filter(case_id__in=ids).order_by("case_id"))


def _differs(row: CaseText, words: Words) -> bool:
    return (row.sources, row.folded, row.tags) != (words.sources, words.folded, tags.kept(words.tags))


def _write(changed: Sequence[tuple[int, Words]]) -> None:
    if not changed:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE casework_casetext SET sources = %s::jsonb, folded = %s, tags = %s::bigint[]"
            " WHERE case_id = %s",
            [(_json(w.sources), w.folded, tags.kept(w.tags), pk) for pk, w in changed],
        )


def _json(sources: list[list[str]]) -> str:
    return json.dumps(sources, ensure_ascii=False)


# ---- where the words are ----


def collect(ids: Collection[int]) -> dict[int, Words]:
    """The words of these cases, as they are now: a fixed number of queries."""
    found: dict[int, Words] = defaultdict(Words)
    _cases(ids, found)
    _people(ids, found)
    _tasks(ids, found)
    _papers(ids, found)
    _ledger(ids, found)
    return dict(found)


def _cases(ids: Collection[int], found: dict[int, Words]) -> None:
    places = chains()
    related = ("enterprise", "owner", "item_version", "window")
    for case in Case.objects.filter(pk__in=ids).select_related(*related).defer("item_version__data"):
        words, form = found[case.pk], case.form
        words.add(Source.NUMBER, case.number)
        if case.item_version is None or case.title != case.item_version.name_zh:
            words.add(Source.TITLE, case.title)
        words.add(Source.DESCRIPTION, form.get("description"))
        words.add(Source.COMPANY, case.enterprise.name)
        words.add(Source.USCC, case.enterprise.uscc)
        words.add(Source.CONTACT, form.get("contact_name"))
        words.add(Source.PHONE, form.get("contact_phone"), case.enterprise.phone)
        words.add(Source.OWNER, case.owner.name if case.owner else "")
        words.add(Source.CORRECTION, case.correction_notice)
        words.add(Source.REFUSAL, case.refusal_grounds)
        words.add(Source.REASON, case.ended_reason)
        words.tags.add(tags.company(case.enterprise_id))
        if case.owner_id is not None:
            words.tags.add(tags.person(case.owner_id))
        if case.window is not None:
            words.tags.add(tags.department(case.window.pk))
            words.tags |= {tags.place(pk) for pk in places[case.window.jurisdiction_id]}
        if case.item_version_id is not None:
            words.tags.add(tags.item(case.item_version_id))


def _people(ids: Collection[int], found: dict[int, Words]) -> None:
    for one in Participant.objects.filter(case_id__in=ids).select_related("user").order_by("pk"):
        found[one.case_id].add(Source.OWNER, one.user.name)
        found[one.case_id].tags.add(tags.person(one.user_id))


def _tasks(ids: Collection[int], found: dict[int, Words]) -> None:
    for task in Task.objects.filter(case_id__in=ids).order_by("pk"):
        words = found[task.case_id]
        words.add(Source.TASK, task.ask)
        words.add(Source.OPINION, task.opinion)
        words.add(Source.REASON, task.return_reason, task.drop_reason)
        words.tags.add(tags.department(task.department_id))
        if task.assignee_id is not None:
            words.tags.add(tags.person(task.assignee_id))
    for asked in Supplement.objects.filter(case_id__in=ids).order_by("pk"):
        found[asked.case_id].add(Source.SUPPLEMENT, asked.question, asked.answer)
    for taken in Decision.objects.filter(case_id__in=ids).order_by("pk"):
        found[taken.case_id].add(Source.DECISION, taken.grounds)


def _papers(ids: Collection[int], found: dict[int, Words]) -> None:
    for paper in Certificate.objects.filter(case_id__in=ids).order_by("pk"):
        found[paper.case_id].add(Source.CERTIFICATE, paper.number)
    for material in CaseMaterial.objects.filter(case_id__in=ids).exclude(remark="").order_by("pk"):
        found[material.case_id].add(Source.MATERIAL, material.remark)


def _ledger(ids: Collection[int], found: dict[int, Words]) -> None:
    """Notes and reasons whose texts only the ledger keeps; once erased there they are gone here too."""
    texts = Text.objects.filter(entry__stream__in=[f"case:{pk}" for pk in ids]).order_by("entry_id", "name")
    for stream, text in texts.values_list("entry__stream", "text"):
        found[int(stream.removeprefix("case:"))].add(Source.NOTE, text)


def index_items(ids: Iterable[int]) -> None:
    """The shared texts of these items; a published item never changes."""
    wanted = set(ids)
    missing = wanted - set(ItemText.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    if not missing:
        return
    items: dict[int, Words] = defaultdict(Words)
    for version in ItemVersion.objects.filter(pk__in=missing).defer("data"):
        items[version.pk].add(Source.ITEM, version.name_zh, version.name_en, version.code)
    for material in Material.objects.filter(item_version_id__in=missing).order_by("pk"):
        items[material.item_version_id].add(Source.MATERIAL, material.name_zh, material.name_en)
    rows: list[Any] = [
        ItemText(item_version_id=pk, sources=words.sources, folded=words.folded)
        for pk, words in items.items()
    ]
    ItemText.objects.bulk_create(rows, ignore_conflicts=True)
