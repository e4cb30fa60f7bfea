"""The catalogue that is shipped, as the path logic reads it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from qitong.catalogue.logic.path import PathItem, Plan, from_data, milestones_from_data, plan

EVERYTHING: dict[str, object] = {
    "has_construction_project": True,
    "needs_new_land": True,
    "is_special_fire_project": True,
    "eia_category": "report_book",
    "annual_energy_tce": 2000,
    "annual_power_mwh": 8000,
    "investment_wan": 5000,
    "floor_area_m2": 20000,
    "discharges_to_sewer": True,
    "discharge_category": "key",
    "owns_building": True,
    "food_business": True,
    "trades_hazardous_chemicals": True,
    "import_export": True,
    "builds_pv": True,
}
"""Facts under which every item applies."""


@cache
def data() -> dict[str, Any]:
    text = files("qitong.catalogue").joinpath("data/catalogue.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


@cache
def items() -> tuple[PathItem, ...]:
    return tuple(from_data(item) for item in data()["items"])


@cache
def milestones() -> tuple[PathItem, ...]:
    return milestones_from_data(data()["milestones"])


def planned(changes: dict[str, object] | None = None, **how: Any) -> Plan:
    """The packaged catalogue's plan with every condition true but for ``changes``."""
    return plan(items(), milestones(), EVERYTHING | (changes or {}), **how)
