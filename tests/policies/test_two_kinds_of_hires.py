"""Whom a company has hired is asked for each policy by itself: veterans are no hires from key groups."""

from __future__ import annotations

import datetime as dt

from qitong.policies.check import packaged
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.matching import choices, match

ON = dt.date(2026, 11, 23)
VETERANS, KEY_GROUPS = "veteran_hiring_tax", "key_group_hiring_tax"
TAX = {"tax_due_yuan": 50_000_000}


def test_who_hired_of_one_kind_is_not_told_to_take_the_policy_for_the_other() -> None:
    library = packaged()
    found = match(library, {**TAX, "key_group_months": 18}, ON, only=[VETERANS, KEY_GROUPS])
    assert [m.found.outcome for m in found] == [Outcome.UNKNOWN, Outcome.ELIGIBLE]
    assert choices(library, found) == ()


def test_who_hired_of_both_takes_what_brings_more() -> None:
    library = packaged()
    facts = {**TAX, "key_group_months": 36, "veteran_months": 24}
    (group,) = choices(library, match(library, facts, ON, only=[VETERANS, KEY_GROUPS]))
    assert (group.chosen, group.left) == ((KEY_GROUPS,), (VETERANS,))
    assert group.worth == 2_340_000
