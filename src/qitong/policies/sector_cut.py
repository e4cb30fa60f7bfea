"""Lists of companies and packages cut by sector and size, as the lists name them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from qitong.accounts.models import Enterprise
from qitong.kernel.words import Sentence, say
from qitong.policies.logic.size import DIVISIONS, SIZES, Row, SizeTable
from qitong.policies.models import ServicePackage
from qitong.policies.sectors import SIZE_WORDS, division_of

ALL, UNKNOWN, OUTSIDE = "", "unknown", "outside"
FINE = "^[A-T]?[0-9]{3}"
"""A code that says more than a division."""


@dataclass(frozen=True, slots=True)
class Cut:
    """``sector``: a row of the size table, OUTSIDE of it, or UNKNOWN; ``size``: a size or UNKNOWN; or ALL.

    A package is cut by what was known when it was begun, a company by how it was last counted: its division,
    and within that, where a division is in several rows, by its code.
    """

    table: SizeTable
    sector: str = ALL
    size: str = ALL

    @classmethod
    def read(cls, given: Mapping[str, Any], table: SizeTable) -> Cut:
        """From an address; what cannot be is as ALL."""
        cut = cls(table, str(given.get("sector", ALL)), str(given.get("size", ALL)))
        return cls(
            table,
            cut.sector if cut.sector in dict(cut.sectors()) else ALL,
            cut.size if cut.size in dict(cut.sizes()) else ALL,
        )

    @property
    def narrows(self) -> bool:
        return bool(self.sector or self.size)

    def sectors(self) -> list[tuple[str, object]]:
        """What can be chosen, in the order of the table."""
        rows: list[tuple[str, object]] = [(row.id, row.name) for row in self.table.rows]
        return [*rows, (OUTSIDE, say("不在划型标准内的行业")), (UNKNOWN, say("没有填写行业"))]

    def sizes(self) -> list[tuple[str, Sentence]]:
        return [*((size, SIZE_WORDS[size]) for size in SIZES), (UNKNOWN, SIZE_WORDS[""])]

    def packages(self, rows: QuerySet[ServicePackage]) -> QuerySet[ServicePackage]:
        if self.size:
            rows = rows.filter(size="" if self.size == UNKNOWN else self.size)
        if self.sector == UNKNOWN:
            return rows.filter(industry="")
        if self.sector == OUTSIDE:
            covered = Q(industry__regex=_any_of(self.table.rows))
            return rows.exclude(industry="").exclude(covered)
        return rows.filter(industry__regex=_any_of([self._row])) if self.sector else rows

    def companies(self, rows: QuerySet[Enterprise]) -> QuerySet[Enterprise]:
        if self.size == UNKNOWN:
            rows = rows.filter(Q(counted_as=None) | Q(counted_as__size=""))
        elif self.size:
            rows = rows.filter(counted_as__size=self.size)
        if self.sector == UNKNOWN:
            return rows.filter(Q(counted_as=None) | Q(counted_as__division=""))
        if self.sector == OUTSIDE:
            return rows.filter(counted_as__division__in=DIVISIONS).exclude(self._in(self.table.rows))
        return rows.filter(self._in([self._row])) if self.sector else rows

    @property
    def _row(self) -> Row:
        return next(row for row in self.table.rows if row.id == self.sector)

    def _in(self, wanted: Sequence[Row]) -> Q:
        """Companies in one of these rows, as :func:`industry_of` tells."""
        whole = [one for one in DIVISIONS if self.table.row(one) in wanted]
        partly = [one for one in DIVISIONS if any(row.touches(one) for row in wanted)]
        coarse = ~Q(industry_code__regex=FINE) & Q(counted_as__division__in=whole)
        fine = Q(industry_code__regex=FINE) & Q(industry_code__regex=_any_of(wanted))
        return Q(counted_as__division__in=partly) & (fine | coarse)


def industry_of(company: Enterprise) -> str:
    """By what a company is listed: its code where that is finer than the division it was counted under."""
    counted = getattr(company, "counted_as", None)
    division: str = counted.division if counted else ""
    own = company.industry_code
    return own if re.match(FINE, own) and division_of(own) == division else division


def _any_of(rows: Sequence[Row]) -> str:
    return "|".join(row.pattern for row in rows)
