"""Marks on an enterprise's record."""

from __future__ import annotations

import pytest

from qitong.accounts.enterprises import mark, repair
from qitong.accounts.logic.roles import Role
from qitong.accounts.models import Department, Enterprise, Jurisdiction, MarkKind
from qitong.accounts.queries import has_unrepaired_mark
from qitong.kernel.errors import Refused
from tests.accounts import cast


@pytest.fixture
def enterprise(park: Jurisdiction) -> Enterprise:
    return cast.registered(park).enterprise


def test_a_mark_counts_until_it_is_repaired(enterprise: Enterprise, market: Department) -> None:
    assert not has_unrepaired_mark(enterprise.pk)
    reviewer = cast.acting(cast.officer(Role.REVIEWER, market))
    noted = mark(enterprise=enterprise, kind=MarkKind.DISHONESTY, note="虚假材料", by=reviewer, at=cast.AT)
    assert has_unrepaired_mark(enterprise.pk)
    head = cast.acting(cast.officer(Role.DEPARTMENT_HEAD, market))
    repair(mark=noted, note="已改正", by=head, at=cast.AT)
    assert not has_unrepaired_mark(enterprise.pk)
    assert (noted.noted_by, noted.repaired_by) == (reviewer.ref, head.ref)
    assert cast.kinds(f"enterprise:{enterprise.pk}")[1:] == ["enterprise.marked", "enterprise.mark_repaired"]


def test_the_same_case_is_noted_once(enterprise: Enterprise) -> None:
    first, second = (
        mark(
            enterprise=enterprise,
            kind=MarkKind.MISSED_COMMITMENT,
            subject="2026-000001",
            by=cast.SYSTEM,
            at=cast.AT,
        )
        for _ in range(2)
    )
    assert first == second
    assert len(cast.kinds(f"enterprise:{enterprise.pk}")) == 2


def test_marks_without_a_subject_are_separate(enterprise: Enterprise) -> None:
    for _ in range(2):
        mark(enterprise=enterprise, kind=MarkKind.DISHONESTY, by=cast.SYSTEM, at=cast.AT)
    assert enterprise.marks.count() == 2


def test_a_mark_is_repaired_once(enterprise: Enterprise) -> None:
    noted = mark(enterprise=enterprise, kind=MarkKind.DISHONESTY, by=cast.SYSTEM, at=cast.AT)
    repair(mark=noted, by=cast.SYSTEM, at=cast.AT)
    with pytest.raises(Refused) as refusal:
        repair(mark=noted, by=cast.SYSTEM, at=cast.AT)
    assert refusal.value.code == "repaired"


def test_who_marks_may_not_repair_alone(enterprise: Enterprise, market: Department) -> None:
    reviewer = cast.acting(cast.officer(Role.REVIEWER, market))
    noted = mark(enterprise=enterprise, kind=MarkKind.DISHONESTY, by=reviewer, at=cast.AT)
    with pytest.raises(Refused, match="部门负责人"):
        repair(mark=noted, by=reviewer, at=cast.AT)
    assert has_unrepaired_mark(enterprise.pk)
