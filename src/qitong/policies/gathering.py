"""The facts of many companies on a day, as rules read them: two queries for a batch."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from qitong.accounts.models import Enterprise
from qitong.policies.features import REGISTERED, derived, district_of
from qitong.policies.library import Library
from qitong.policies.logic import keeping
from qitong.policies.logic.currency import good_since, year_of
from qitong.policies.logic.rule import DISTRICT, FieldSpec
from qitong.policies.logic.units import Kind
from qitong.policies.models import CompanyFact
from qitong.policies.sizing import INDUSTRY

Facts = dict[str, Any]
MONTHS, SIZE = "months_since_registration", "size"


def keys_after(cursor: int, most: int) -> list[int]:
    """The next companies in the order of their keys."""
    rows = Enterprise.objects.filter(pk__gt=cursor).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:most])


def facts_of(
    keys: Sequence[int], library: Library, on: dt.date, names: Collection[str] | None = None
) -> dict[int, Facts]:
    """For each company what is newest and still says something on the day, with what follows from it.

    ``names``: only these facts (:func:`behind` some policies); None: all that the library asks for.
    """
    known = known_of(keys, library.fields, on, names)
    return {key: derived(facts, on, library) for key, facts in known.items()}


def known_of(
    keys: Sequence[int], fields: Mapping[str, FieldSpec], on: dt.date, names: Collection[str] | None = None
) -> dict[int, Facts]:
    """The same without what follows from it."""
    found: dict[int, Facts] = {key: {} for key in keys}
    _of_profile(found, {INDUSTRY, DISTRICT} & set(fields if names is None else names) & set(fields))
    specs = [spec for name, spec in fields.items() if names is None or name in names]
    readers = {spec.name: keeping.reader(spec) for spec in specs}
    with connection.cursor() as cursor:
        cursor.execute(_CURRENT, {**wanted(specs, on), "keys": list(keys), "on": on})
        for key, rows in cursor:
            facts = found[key]
            for name, unit, raw in json.loads(rows):
                value = readers[name](unit, raw)
                if value is not None:
                    facts[name] = value
    return found


def _of_profile(found: dict[int, Facts], names: Collection[str]) -> None:
    if not names:
        return
    rows = Enterprise.objects.filter(pk__in=list(found))
    for key, industry, place, uscc in rows.values_list("pk", "industry_code", "jurisdiction__code", "uscc"):
        for name, value in ((INDUSTRY, industry), (DISTRICT, district_of(place, uscc))):
            if value and name in names:
                found[key][name] = value


_CURRENT = """
WITH revoked AS MATERIALIZED (
    SELECT id FROM datashare_consent WHERE enterprise_id = ANY(%(keys)s) AND revoked_at IS NOT NULL
)
SELECT f.enterprise_id, json_agg(json_build_array(f.name, f.unit, f.value) ORDER BY f.name, f.year)::text
FROM (
    SELECT DISTINCT ON (f.enterprise_id, f.name, f.year)
        f.enterprise_id, f.name, f.year, f.as_of, f.unit, f.value
    FROM policies_companyfact f
    WHERE f.enterprise_id = ANY(%(keys)s) AND f.name = ANY(%(names)s) AND f.as_of <= %(on)s
        AND (f.consent_id IS NULL OR f.consent_id NOT IN (SELECT id FROM revoked))
    ORDER BY f.enterprise_id, f.name, f.year, f.given_at DESC, f.id DESC
) f JOIN unnest(%(names)s::text[], %(years)s::int[], %(since)s::date[]) AS s (name, year, since)
    ON s.name = f.name
WHERE f.value IS NOT NULL AND (s.year IS NULL OR f.year = s.year) AND (s.since IS NULL OR f.as_of >= s.since)
GROUP BY f.enterprise_id
"""
"""What is newest of each name and year and still says something; of a name the last year stands last."""


def wanted(specs: Iterable[FieldSpec], on: dt.date) -> dict[str, list[Any]]:
    """Of which year each fact has to be to say something on the day, or from which day."""
    each = list(specs)
    return {
        "names": [spec.name for spec in each],
        "years": [None if spec.kind is Kind.DATE else year_of(spec, on) for spec in each],
        "since": [good_since(spec, on) for spec in each],
    }


def newest(keys: Collection[int]) -> QuerySet[CompanyFact]:
    """The newest of each fact and year of these companies, as far as they may be used."""
    rows = CompanyFact.objects.filter(enterprise_id__in=keys, consent__revoked_at=None)
    ordered = rows.order_by("enterprise_id", "name", "year", "-given_at", "-pk")
    return ordered.distinct("enterprise_id", "name", "year")


def behind(library: Library, codes: Iterable[str]) -> set[str]:
    """The facts that these policies read, and those from which what they read follows."""
    entries = [library.entries[code] for code in codes if code in library.entries]
    found = {name for entry in entries for name in entry.rule.asked}
    if SIZE in found and library.sizes is not None:
        found |= {INDUSTRY, *library.sizes.fields}
    found |= {other for name in found for other in library.alike_to(name)}
    return {*found, REGISTERED} if MONTHS in found else found


def following(library: Library, names: Iterable[str]) -> set[str]:
    """These facts, and what follows from one of them."""
    found = {other for name in names for other in library.alike_to(name)}
    if library.sizes is not None and not found.isdisjoint((INDUSTRY, *library.sizes.fields)):
        found.add(SIZE)
    return {*found, MONTHS} if REGISTERED in found else found


def using(library: Library, names: Iterable[str]) -> list[str]:
    """The policies that read one of the facts, itself or what follows from it."""
    follows = following(library, names)
    return [code for code, entry in library.entries.items() if not follows.isdisjoint(entry.rule.asked)]
