"""The two tables that say what may happen to a case and to a task are whole."""

from __future__ import annotations

from enum import StrEnum

import pytest

from qitong.casework.logic.flow import (
    CASE_FLOW,
    CASE_STATE_WORDS,
    FINAL_STATES,
    PARTY_WORDS,
    TASK_FLOW,
    TASK_STATE_WORDS,
    CaseState,
    Deed,
    Party,
    Row,
    TaskState,
    case_why_not,
    is_task_deed,
    task_why_not,
)

TABLES = {"case": (CASE_FLOW, CaseState, "draft"), "task": (TASK_FLOW, TaskState, "waiting")}
Table = tuple[tuple[Row, ...], type[StrEnum], str]


@pytest.fixture(params=TABLES)
def table(request: pytest.FixtureRequest) -> Table:
    return TABLES[request.param]


def test_every_state_is_reached_from_the_first(table: Table) -> None:
    rows, states, first = table
    seen = {first}
    while more := {r.target for r in rows if r.target and seen & r.sources} - seen:
        seen |= more
    assert seen == set(states)


def test_every_state_that_is_not_final_has_an_exit(table: Table) -> None:
    rows, states, _ = table
    final = {*FINAL_STATES, TaskState.DONE, TaskState.DROPPED}
    left = {source for row in rows if row.target for source in row.sources}
    assert set(states) - left <= final


def test_a_task_that_is_over_stays_over() -> None:
    assert not any(row.sources & {TaskState.DONE, TaskState.DROPPED} for row in TASK_FLOW)


def test_each_deed_has_one_row() -> None:
    deeds = [row.deed for row in (*CASE_FLOW, *TASK_FLOW)]
    assert sorted(deeds) == sorted(Deed)


def test_nobody_does_nothing(table: Table) -> None:
    rows, _, _ = table
    assert all(row.who and row.sources and row.words for row in rows)


def test_everything_has_a_word() -> None:
    assert set(CASE_STATE_WORDS) == set(CaseState)
    assert set(TASK_STATE_WORDS) == set(TaskState)
    assert set(PARTY_WORDS) == set(Party)


def test_only_the_company_withdraws_confirms_and_reopens() -> None:
    own = {Deed.WITHDRAW, Deed.CONFIRM, Deed.REOPEN, Deed.SUBMIT, Deed.ANSWER_CORRECTION}
    assert {row.deed for row in CASE_FLOW if row.deed in own and row.who == (Party.COMPANY,)} == own


def test_a_closed_case_can_be_challenged() -> None:
    reopen = next(row for row in CASE_FLOW if row.deed is Deed.REOPEN)
    assert {CaseState.CLOSED, CaseState.REFUSED, CaseState.DELIVERED} == reopen.sources


def test_why_not_is_empty_exactly_along_a_row() -> None:
    for deed in Deed:
        rows: tuple[Row, ...] = TASK_FLOW if is_task_deed(deed) else CASE_FLOW
        row = next(r for r in rows if r.deed is deed)
        for party in Party:
            held = frozenset({party})
            open_to: set[str] = (
                {s for s in TaskState if not task_why_not(deed, s, held)}
                if is_task_deed(deed)
                else {s for s in CaseState if not case_why_not(deed, s, held)}
            )
            assert open_to == (row.sources if party in row.who else set())


def test_the_reason_names_the_state_or_who_may() -> None:
    wrong_state = case_why_not(Deed.ACCEPT, CaseState.DRAFT, frozenset({Party.OWNER}))
    assert str(wrong_state) == "现在是“草稿”，不能“受理”。"
    wrong_party = case_why_not(Deed.DELIVER, CaseState.APPROVED, frozenset({Party.COMPANY}))
    assert str(wrong_party) == "“送达结果”由首问负责人或牵头部门办理。"
