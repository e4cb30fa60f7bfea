"""The facts of many companies on a day, as rules read them: two queries for a batch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from qitong.accounts.models import Enterprise
from qitong.policies.features import derived
from qitong.policies.library import Library
from qitong.policies.logic import keeping
from qitong.policies.logic.currency import is_current
from qitong.policies.logic.rule import FieldSpec
from qitong.policies.models import CompanyFact
from qitong.policies.sizing import INDUSTRY

Facts = dict[str, Any]


def keys_after(cursor: int, most: int) -> list[int]:
    """The next companies in the order of their keys of whom anything was ever said."""
    asked = CompanyFact.objects.filter(enterprise_id__gt=cursor).order_by("enterprise_id")
    return list(asked.values_list("enterprise_id", flat=True).distinct()[:most])


def facts_of(keys: Sequence[int], library: Library, on: dt.date) -> dict[int, Facts]:
    """For each company what is newest and still says something on the day, with what follows from it."""
    known = known_of(keys, library.fields, on)
    return {key: derived(facts, on, library) for key, facts in known.items()}


def known_of(keys: Sequence[int], fields: Mapping[str, FieldSpec], on: dt.date) -> dict[int, Facts]:
    """The same without what follows from it."""
    found: dict[int, Facts] = {key: {} for key in keys}
    if INDUSTRY in fields:
        coded = Enterprise.objects.filter(pk__in=keys).exclude(industry_code="")
        for key, code in coded.values_list("pk", "industry_code"):
            found[key][INDUSTRY] = code
    for row in newest(keys).filter(as_of__lte=on):
        spec = fields.get(row.name)
        if spec is not None and is_current(spec, year=row.year, as_of=row.as_of, on=on):
            value = keeping.known(spec, row.unit, row.value)
            if value is not None:
                found[row.enterprise_id][row.name] = value
    return found


def newest(keys: Collection[int]) -> QuerySet[CompanyFact]:
    """The newest of each fact and year of these companies, as far as they may be used."""
    rows = CompanyFact.objects.filter(enterprise_id__in=keys, consent__revoked_at=None)
    ordered = rows.order_by("enterprise_id", "name", "year", "-given_at", "-pk")
    return ordered.distinct("enterprise_id", "name", "year")


def using(library: Library, name: str) -> list[str]:
    """The policies that read a fact, itself or what follows from it."""
    follows = {name, *_derived_from(library, name)}
    return [code for code, entry in library.entries.items() if not follows.isdisjoint(entry.rule.asked)]


def _derived_from(library: Library, name: str) -> Mapping[str, None]:
    sizes = library.sizes
    in_size = sizes is not None and (name in sizes.fields or name == INDUSTRY)
    found = {"size": None} if in_size else {}
    return {**found, "months_since_registration": None} if name == "registered_on" else found
