"""Lists of companies and packages cut by sector and size, as the lists name them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from qitong.accounts.models import Enterprise
from qitong.kernel.words import Sentence, say
from qitong.policies.logic.size import DIVISIONS, SIZES, Row, SizeTable
from qitong.policies.models import ServicePackage
from qitong.policies.sectors import SIZE_WORDS

ALL, UNKNOWN, OUTSIDE = "", "unknown", "outside"


@dataclass(frozen=True, slots=True)
class Cut:
    """``sector``: a row of the size table, OUTSIDE of it, or UNKNOWN; ``size``: a size or UNKNOWN; or ALL.

    A package is cut by what was known when it was begun, a company by how it was last counted.
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
        return rows.filter(counted_as__division__in=self._divisions()) if self.sector else rows

    @property
    def _row(self) -> Row:
        return next(row for row in self.table.rows if row.id == self.sector)

    def _divisions(self) -> list[str]:
        """Those that the table puts in the chosen row, or in none."""
        wanted = None if self.sector == OUTSIDE else self._row
        return [division for division in DIVISIONS if self.table.row(division) is wanted]


def _any_of(rows: tuple[Row, ...] | list[Row]) -> str:
    return "|".join(row.pattern for row in rows)
