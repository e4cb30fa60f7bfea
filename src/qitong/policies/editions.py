"""The policies as they were on a day, compiled once in a process: what is published never changes."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Count, Max

from qitong.kernel.yamlmarks import Document
from qitong.policies import sizing
from qitong.policies.compiling import compiled, validity
from qitong.policies.library import Entry, Library, Sizes
from qitong.policies.logic.explain import Matcher
from qitong.policies.logic.rule import Rule
from qitong.policies.logic.terms import Sort, Stage
from qitong.policies.models import PolicyVersion
from qitong.policies.schema import Policy


@dataclass(frozen=True, eq=False)
class Edition:
    """All policies of a day, and for each code the primary key and number of its version."""

    library: Library
    versions: Mapping[str, tuple[int, int]]


Known = tuple[int, int | None]
"""Names what is published: rows are added to it and never taken away."""


def known() -> Known:
    """How many versions there are, and the last: one small query."""
    published = PolicyVersion.objects.filter(stage=Stage.PUBLISHED)
    found = published.aggregate(count=Count("pk"), last=Max("pk"))
    return found["count"], found["last"]


def on_day(on: dt.date, seen: Known | None = None) -> Edition:
    """One small query while nothing new was published, none with what was ``seen`` before; empty before the
    first load."""
    return _of(on, *(seen or known()))


@lru_cache(maxsize=16)
def _of(on: dt.date, count: int, last: int | None) -> Edition:
    """``count`` and ``last``: see :data:`Known`."""
    rows = PolicyVersion.objects.filter(stage=Stage.PUBLISHED, effective_on__lte=on)
    newest = rows.order_by("code", "-effective_on", "-number").distinct("code")
    found = list(newest.values_list("pk", "code", "number", "sort"))
    return _joined(tuple(found))


@lru_cache(maxsize=8)
def _joined(rows: tuple[tuple[int, str, int, str], ...]) -> Edition:
    """The same versions on many days are one edition."""
    _compile([pk for pk, *_ in rows])
    read = {code: _POLICIES[pk] for pk, code, _, sort in rows if sort == Sort.POLICY}
    entries = {}
    for code, (policy, rule, matcher) in read.items():
        after = read.get(policy.superseded_by or "")
        entries[code] = Entry(policy, rule, matcher, validity(policy, after[0] if after else None))
    sizes = next((_SIZES[pk] for pk, _, _, sort in rows if sort == Sort.SIZES), None)
    return Edition(Library(entries, sizes), {code: (pk, number) for pk, code, number, _ in rows})


def of_version(pk: int) -> tuple[Policy, Rule, Matcher]:
    """A published policy version, compiled; KeyError when it is none."""
    _compile([pk])
    return _POLICIES[pk]


def before(pk: int) -> Matcher | None:
    """The rule that a published version replaced; None for the first."""
    version = PolicyVersion.objects.only("code", "number", "effective_on").get(pk=pk)
    earlier = PolicyVersion.objects.filter(
        code=version.code, stage=Stage.PUBLISHED, effective_on__lte=version.effective_on
    ).exclude(pk=pk)
    last = earlier.order_by("-effective_on", "-number").values_list("pk", flat=True).first()
    return of_version(last)[2] if last is not None else None


_POLICIES: dict[int, tuple[Policy, Rule, Matcher]] = {}
_SIZES: dict[int, Sizes] = {}
"""By the primary key of the version, which is never given out twice and whose row is never rewritten."""


def _compile(pks: list[int]) -> None:
    """What this process has not read yet, in one query."""
    missing = [pk for pk in pks if pk not in _POLICIES and pk not in _SIZES]
    rows = PolicyVersion.objects.filter(pk__in=missing).values_list("pk", "sort", "data")
    for pk, sort, data in rows.iterator() if missing else ():
        document = Document(data=data)
        if sort == Sort.SIZES:
            _SIZES[pk] = sizing.read(document)[0]
        else:
            _POLICIES[pk] = _policy(document)


def read(data: Any) -> tuple[Policy, Rule, Matcher]:
    """Checked data, published or not, compiled anew."""
    return _policy(Document(data=data))


def _policy(document: Document) -> tuple[Policy, Rule, Matcher]:
    policy = Policy.model_validate_json(json.dumps(document.data))
    rule = compiled(policy, document)
    if rule is None:  # it was checked before it was published
        raise ValueError("\n".join(str(problem) for problem in document.problems))
    return policy, rule, Matcher(rule)
