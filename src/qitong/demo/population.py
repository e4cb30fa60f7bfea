"""A population of made-up companies: seeded, plausible together, with gaps; to try and measure with.

Size follows an industry's revenue, people and assets follow revenue, research follows the industry, ratios
follow the amounts they are ratios of, titles follow what earns them. No company is a real one. The same
seed gives the same bytes: every number comes from a counter, hashed with whole-number arithmetic.
"""

from __future__ import annotations

import datetime as dt
import math
import zlib
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from qitong.policies.check import packaged
from qitong.policies.engines.batch import whole
from qitong.policies.engines.columns import ID
from qitong.policies.engines.companies import types
from qitong.policies.library import Library
from qitong.policies.logic.rule import FieldSpec
from qitong.policies.logic.units import Kind

AS_OF = dt.date(2026, 11, 23)
"""The day on which the companies are as old as they say."""
CHUNK = 100_000
INDUSTRIES: tuple[tuple[str, float, float, float, float], ...] = (
    # code, share of companies, median revenue (万元), revenue per head (万元), research per revenue
    ("F5191", 0.15, 380, 160, 0.001), ("F5299", 0.13, 120, 70, 0.001), ("L7291", 0.12, 150, 45, 0.004),
    ("M7590", 0.09, 180, 40, 0.05), ("I6513", 0.09, 260, 50, 0.09), ("E4999", 0.06, 520, 60, 0.004),
    ("C3562", 0.05, 900, 80, 0.06), ("C3985", 0.04, 1100, 95, 0.07), ("C2927", 0.04, 800, 75, 0.025),
    ("C1399", 0.03, 700, 85, 0.008), ("G5430", 0.04, 420, 65, 0.002), ("H6210", 0.05, 90, 22, 0.0),
    ("A0141", 0.04, 110, 28, 0.006), ("C2710", 0.02, 1500, 90, 0.09), ("K7020", 0.02, 240, 25, 0.0),
    ("I6421", 0.02, 300, 55, 0.06), ("R8890", 0.01, 100, 30, 0.002),
)  # fmt: skip
DISTRICTS = ("310151", "310101", "310104", "310105", "310106", "310107", "310109", "310110", "310112",
             "310113", "310114", "310115", "310116", "310117", "310118", "310120")  # fmt: skip
"""Chongming, and the other districts of Shanghai."""
_GOLDEN, _MIX = 0x9E3779B97F4A7C15, (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
_WORD = 2**64

SELDOM_KNOWN = 0.85
"""The share of companies of which nobody knows what only a person can judge."""
GAPS = {
    "industry_code": 0.01, "registered_on": 0.01, "entity": 0.01, "district": 0.01,
    "legal_person": 0.02, "employees": 0.04,
    "revenue_last": 0.06, "sales_last": 0.06, "assets": 0.08, "rd_last": 0.2, "tech_staff": 0.2,
    "in_supported_field": SELDOM_KNOWN, "innovation_score": SELDOM_KNOWN, "development_score": SELDOM_KNOWN,
    "market_position_ok": SELDOM_KNOWN, "key_field": SELDOM_KNOWN, "third_party_eval_done": 0.7,
    "score_63": SELDOM_KNOWN, "age": 0.9, "degree": 0.9, "insured_years": 0.9, "bonus_points": 0.9,
}  # fmt: skip
USUAL_GAP = 0.12
YES = {
    "legal_person": 0.93, "resident": 0.99, "is_sole_trader": 0.03,
    "dishonest": 0.01, "major_incident_3y": 0.004, "major_incident_1y": 0.002,
    "major_violation_2y": 0.004, "abnormal_list": 0.02, "abnormal_or_dishonest": 0.025,
    "restricted_industry": 0.02,
    "wage_arrears_or_si_debt": 0.02, "audit_collection": 0.7, "self_developed": 0.5, "insured_now": 0.9,
    "first_time": 0.5, "org_type_ok": 0.9, "market_position_ok": 0.3, "key_field": 0.2,
}  # fmt: skip
SELDOM = 0.06
"""How often any other truth holds."""


def write(out: Path, count: int, seed: int, library: Library | None = None) -> None:
    """``count`` companies in a Parquet file, whole or not at all; facts in the units of their inputs."""
    fields = (library or packaged()).fields
    schema = {ID: pl.Int64(), **types(fields)}
    source = register_io_source(lambda *_: _chunks(fields, count, seed), schema=schema, is_pure=False)
    with whole(out) as half:
        source.sink_parquet(
            half, compression="lz4", statistics=False, row_group_size=CHUNK, maintain_order=True
        )


def _chunks(fields: dict[str, FieldSpec], count: int, seed: int) -> Iterator[pl.DataFrame]:
    for first in range(0, count, CHUNK):
        yield _Chunk(first, min(CHUNK, count - first), seed).frame(fields)


class _Chunk:
    """Some companies in a row: every column is drawn from the numbers of its companies and its own name."""

    def __init__(self, first: int, count: int, seed: int) -> None:
        self._counter = pl.int_range(first + 1, first + count + 1, dtype=pl.UInt64(), eager=True)
        self._seed = (seed * _MIX[0] + 1) % _WORD
        self._numbers = self._related()

    # ---- chance

    def even(self, name: str) -> pl.Series:
        """Evenly from 0 to 1: splitmix64 of company, column and seed."""
        start = (zlib.crc32(name.encode()) * _MIX[1] ^ self._seed) % _WORD
        word = self._counter * pl.Series([_GOLDEN], dtype=pl.UInt64()) + pl.Series([start], dtype=pl.UInt64())
        for shift, factor in ((30, _MIX[0]), (27, _MIX[1])):
            word = (word ^ (word // (1 << shift))) * pl.Series([factor], dtype=pl.UInt64())
        word = word ^ (word // (1 << 31))
        return (word // (1 << 11)).cast(pl.Float64()) / 2**53

    def bell(self, name: str) -> pl.Series:
        """Around 0 with deviation 1: twelve even draws in three, which needs no logarithm."""
        total = self.even(f"{name} 1") + self.even(f"{name} 2") + self.even(f"{name} 3")
        return (total - 1.5) * 2.0

    def about(self, name: str, spread: float) -> pl.Series:
        """A factor around 1."""
        return (self.bell(name) * spread).exp()

    def often(self, name: str, chance: float) -> pl.Series:
        return self.even(name) < chance

    # ---- what goes together

    def _related(self) -> dict[str, pl.Series]:
        """What goes together, in 万元, people and ratios; not yet rounded."""
        industry = self._industry()
        tail = (self.bell("tail") - 1).clip(0) * 2
        revenue = industry["revenue"] * (self.bell("revenue") * 1.6 + tail).exp()
        heads = (revenue / industry["per_head"] * self.about("heads", 0.5)).round().clip(1, 2_000_000)
        growth = self.bell("growth") * 0.18 + 0.06
        before = revenue / (growth + 1).clip(0.2)
        found = {
            "industry_code": industry["code"],
            "registered_on": self._founded(),
            **self._sales(revenue, before, growth),
            **self._research(industry["research"], revenue, before),
            **self._people(industry, heads),
            **self._wealth(revenue),
            **self._taxes(revenue),
        }
        return {**found, **self._titles(found)}

    def _founded(self) -> pl.Series:
        days = (self.even("founded") ** 1.6 * 9000).cast(pl.Int64())
        return (AS_OF.toordinal() - dt.date(1970, 1, 1).toordinal() - days).cast(pl.Date())

    def _sales(self, revenue: pl.Series, before: pl.Series, growth: pl.Series) -> dict[str, pl.Series]:
        return {
            "revenue_last": revenue,
            **dict.fromkeys(("rev_y1", "sales_last", "annual_sales"), revenue),
            "rev_y2": before,
            **dict.fromkeys(("main_rev_growth", "main_rev_growth_2y", "rev_cagr_2y"), growth),
            "sales_3y": revenue + before + before * 0.9,
            "sales_yuan": revenue * 9700 / 12,
            "total_income_last": revenue * 1.02,
            "cost_last": revenue * (self.bell("cost") * 0.1 + 0.92),
            "market_share": self.even("market share") ** 6 * 0.4,
            "main_rev_ratio": 1 - self.even("main revenue") ** 3 * 0.6,
        }

    def _research(self, usual: pl.Series, revenue: pl.Series, before: pl.Series) -> dict[str, pl.Series]:
        """``usual``: research per revenue in the industry; more than half of the companies do none."""
        last = revenue * usual * self.about("research", 0.7) * self.often("does research", 0.45)
        earlier = last * self.about("research before", 0.2)
        three = last + earlier * 1.9
        return {
            **dict.fromkeys(("rd_last", "rd_y1"), last),
            "rd_y2": earlier,
            "rd_2y_sum": last + earlier,
            "rd_3y": three,
            "rd_domestic_3y": three * (1 - self.even("abroad") * 0.15),
            "rd_expensed_wan": last * 0.8,
            "rd_capitalised_amort_wan": last * 0.1,
            "rd_super_deduction_wan": last * 0.9,
            **dict.fromkeys(("rd_ratio", "rd_ratio_y1"), last / revenue),
            "rd_ratio_y2": earlier / before,
            "hitech_income_last": revenue * (usual * 9).clip(0, 1) * self.even("hitech income"),
        }

    def _people(self, industry: pl.DataFrame, heads: pl.Series) -> dict[str, pl.Series]:
        technical = (industry["research"] * 4 + 0.02).clip(0, 0.8) * self.even("tech staff") * 1.5
        return {
            **dict.fromkeys(("employees", "avg_headcount"), heads),
            **dict.fromkeys(("insured_headcount", "insured_staff"), (heads * 0.93).round()),
            "tech_staff": (heads * technical).round(),
            "avg_wage_wan": industry["per_head"] * 0.14 * self.about("wage", 0.2),
        }

    def _wealth(self, revenue: pl.Series) -> dict[str, pl.Series]:
        assets = revenue * self.about("assets", 0.6)
        return {
            **dict.fromkeys(("assets", "total_assets"), assets),
            "avg_assets_wan": assets * 0.96,
            "fixed_assets": assets * self.even("fixed assets") * 0.6,
            "debt_ratio": (self.bell("debt") * 0.22 + 0.52).clip(0, 1.6),
            "taxable_income_wan": revenue * (self.bell("margin") * 0.08 + 0.03),
        }

    def _taxes(self, revenue: pl.Series) -> dict[str, pl.Series]:
        """Up to 500 万元 a company is a small-scale taxpayer unless it wishes otherwise; nobody is both."""
        small = (revenue <= 500) & self.often("small_scale", 0.85)
        deductible = revenue * self.even("deductible_input_vat_yuan") ** 2 * 20
        first = revenue.clip(0, 200) * self.even("tax_on_first_200wan") * 0.2
        return {
            "small_scale": small,
            "general_taxpayer": ~small,
            "deductible_input_vat_yuan": deductible,
            "export_input_vat_yuan": deductible * self.even("export_input_vat_yuan") ** 6,
            "tax_on_first_200wan": first,
            "other_reduction_share": first * self.even("other_reduction_share") ** 4,
        }

    def _titles(self, found: dict[str, pl.Series]) -> dict[str, pl.Series]:
        """Held by those that do what earns them, and not by all of these."""
        research = found["rd_ratio"].fill_nan(0)
        today = AS_OF.toordinal() - dt.date(1970, 1, 1).toordinal()
        years = (today - found["registered_on"].cast(pl.Int32())) // 366
        hi_tech = (research >= 0.03) & (years >= 1) & self.often("is_hi_tech", 0.5)
        tech_sme = (research >= 0.02) & (found["employees"] <= 500) & self.often("is_tech_sme", 0.6)
        srdi = (research >= 0.03) & (found["revenue_last"] >= 1500) & self.often("is_srdi", 0.3)
        low_profit = (found["taxable_income_wan"] <= 300) & (found["employees"] <= 300)
        return {
            "is_hi_tech": hi_tech,
            "fast_track": hi_tech,
            "is_tech_sme": tech_sme,
            "holds_tech_or_innovative_sme": tech_sme | self.often("innovative_sme", 0.02),
            "is_srdi": srdi,
            "small_low_profit": low_profit & (found["assets"] <= 5000),
            "segment_years": (self.even("segment_years") * (years + 1)).floor(),
        }

    def _industry(self) -> pl.DataFrame:
        shares = [share for _, share, *_ in INDUSTRIES]
        edges = [sum(shares[: n + 1]) / sum(shares) for n in range(len(shares) - 1)]
        place = pl.Series(edges).search_sorted(self.even("industry"))
        table = pl.DataFrame(
            INDUSTRIES, schema=["code", "share", "revenue", "per_head", "research"], orient="row"
        )
        return table[place]

    # ---- columns

    def frame(self, fields: dict[str, FieldSpec]) -> pl.DataFrame:
        columns = [self._counter.cast(pl.Int64()).alias(ID)]
        for name, spec in fields.items():
            column = self._numbers[name] if name in self._numbers else self._drawn(spec)
            gap = self.often(f"{name} unknown", GAPS.get(name, USUAL_GAP))
            kept = _shaped(column, spec).to_frame(name).select(pl.when(~gap).then(pl.col(name)))
            columns.append(kept.to_series().alias(name))
        return pl.DataFrame(columns)

    def _drawn(self, spec: FieldSpec) -> pl.Series:
        """A fact that nothing else is related to, but for its size."""
        match spec.kind:
            case Kind.BOOL:
                drawn = self.often(spec.name, YES.get(spec.name, SELDOM))
            case Kind.CODE:
                drawn = self._code(spec)
            case Kind.MONEY:
                share = self.even(spec.name) ** 2 * (20 if spec.unit == "yuan" else 0.2)
                drawn = self._numbers["revenue_last"] * share
            case Kind.PERSONS:
                drawn = (self._numbers["employees"] * self.even(spec.name) ** 3 * 0.3).round()
            case Kind.RATIO:
                drawn = self.even(spec.name) * min(1.0, float(spec.most))
            case Kind.POINTS:
                drawn = (self.bell(spec.name) * 12 + 58).clip(0, min(100.0, float(spec.most)))
            case _:
                drawn = self._counted(spec)
        return drawn

    def _code(self, spec: FieldSpec) -> pl.Series:
        codes = [code for code, _ in spec.codes] or _FREE_CODES.get(spec.name, ["other"])
        if spec.name == "entity":
            return self._picked(spec.name, codes, [0.9, *[0.02] * (len(codes) - 1)])
        if spec.name == "size":
            return self._size(codes)
        return self._picked(spec.name, codes, [1.0] * len(codes))

    def _size(self, codes: list[str]) -> pl.Series:
        """By people, as a company would say that has not looked at the table."""
        heads = self._numbers["employees"]
        place = (heads < 1000).cast(pl.Int64()) + (heads < 300) + (heads < 20)
        return pl.Series(codes)[place]

    def _picked(self, name: str, codes: list[str], weights: list[float]) -> pl.Series:
        edges = [sum(weights[: n + 1]) / sum(weights) for n in range(len(weights) - 1)]
        return pl.Series(codes)[pl.Series(edges, dtype=pl.Float64()).search_sorted(self.even(name))]

    def _counted(self, spec: FieldSpec) -> pl.Series:
        if spec.name == "months_since_registration":
            return self._months()
        most = {Kind.MONTHS: 36.0, Kind.YEARS: 12.0, Kind.AREA: 600.0}.get(spec.kind, 9.0)
        return (self.even(spec.name) ** 2 * min(most, float(spec.most) + 0.99)).floor()

    def _months(self) -> pl.Series:
        from qitong.policies.engines.on_polars import months

        day = self._numbers["registered_on"].to_frame("day")
        return day.select(months(pl.col("day"), AS_OF)).to_series()


_FREE_CODES = {"district": list(DISTRICTS), "crop": ["rice", "vegetable", "fruit", "tea"]}


def _shaped(column: pl.Series, spec: FieldSpec) -> pl.Series:
    """As the file keeps it: a number with as many places as people would give it, within its range."""
    dtype = types({spec.name: spec})[spec.name]
    if spec.kind in (Kind.BOOL, Kind.CODE, Kind.CODES, Kind.DATE):
        return column.cast(dtype)
    scale = spec.of.scale
    places = min(spec.places, 4 if spec.kind is Kind.RATIO else 2)
    least, most = math.ceil(spec.least / scale), math.floor(spec.most / scale)
    return column.cast(pl.Float64()).clip(least, most).round(places).cast(dtype)
