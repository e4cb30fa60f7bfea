"""Where a policy stands on a day is told apart from whether its conditions hold."""

from __future__ import annotations

import datetime as dt

import pytest

from qitong.policies.check import packaged
from qitong.policies.logic.ages import full
from qitong.policies.logic.standing import Force, WindowState
from qitong.policies.logic.units import Kind

DAYS = [
    ("srdi_sme_2022", "2022-05-31", Force.COMING),
    ("srdi_sme_2022", "2022-06-01", Force.IN_FORCE),
    ("srdi_sme_2022", "2026-03-31", Force.IN_FORCE),
    ("srdi_sme_2022", "2026-04-01", Force.SUPERSEDED),
    ("srdi_sme_2026", "2026-03-31", Force.COMING),
    ("srdi_sme_2026", "2026-04-01", Force.IN_FORCE),
    ("cold_store_2022_sh", "2022-12-31", Force.IN_FORCE),
    ("cold_store_2022_sh", "2023-01-01", Force.EXPIRED),
    ("patent_grant_subsidy", "2026-01-01", Force.ABOLISHED),
    ("software_vat_refund", "2026-11-23", Force.IN_FORCE),
]


@pytest.mark.parametrize(("policy", "on", "force"), DAYS)
def test_validity_includes_its_last_day(policy: str, on: str, force: Force) -> None:
    assert packaged().entries[policy].standing(dt.date.fromisoformat(on)).force is force


@pytest.mark.parametrize(
    ("on", "state", "deadline"),
    [
        ("2026-05-31", WindowState.COMING, "2026-08-31"),
        ("2026-06-01", WindowState.OPEN, "2026-08-31"),
        ("2026-08-31", WindowState.OPEN, "2026-08-31"),
        ("2026-09-01", WindowState.CLOSED, None),
    ],
)
def test_a_window_is_open_from_its_first_to_its_last_day(
    on: str, state: WindowState, deadline: str | None
) -> None:
    found = packaged().entries["tech_sme"].standing(dt.date.fromisoformat(on))
    assert found.window_state is state
    assert (found.deadline.isoformat() if found.deadline else None) == deadline


def test_what_is_to_be_verified_is_in_force_and_says_so() -> None:
    found = packaged().entries["software_vat_refund"].standing(dt.date(2026, 11, 23))
    assert (found.in_force, found.to_be_verified, found.window_state) == (True, True, WindowState.NONE)


@pytest.mark.parametrize(
    ("start", "on", "months"),
    [
        ("2023-11-23", "2026-11-22", 35),
        ("2023-11-23", "2026-11-23", 36),
        ("2026-01-31", "2026-02-27", 0),
        ("2026-01-31", "2026-02-28", 1),
        ("2024-02-29", "2025-02-28", 12),
        ("2026-11-24", "2026-11-23", None),
    ],
)
def test_months_are_full_by_the_calendar(start: str, on: str, months: int | None) -> None:
    days = dt.date.fromisoformat(start), dt.date.fromisoformat(on)
    assert full(Kind.MONTHS, *days) == months
    assert full(Kind.YEARS, *days) == (None if months is None else months // 12)
