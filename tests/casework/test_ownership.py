"""One owner from the first contact to the end."""

from __future__ import annotations

import datetime as dt

import pytest

from qitong.accounts import officers
from qitong.accounts.models import DutyShift
from qitong.casework import intake, queries, routing
from qitong.casework.models import Case
from qitong.demo.cast import DIRECTOR
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN_CLERK
from tests.casework.said import again, asked, doing, handed_in, kinds, refused


def leave(stage: Stage, login: str) -> None:
    officers.close_user(user=stage.cast.user(login), by=DIRECTOR, at=stage.tick())


@pytest.mark.parametrize(("later", "owner"), [(0, "wang.fang"), (1, "wang.fang"), (2, "li.qiang")])
def test_the_rota_says_who(stage: Stage, later: int, owner: str) -> None:
    assert handed_in(stage.days(later)).owner == stage.cast.user(owner)


def test_a_chain_of_substitutes_is_followed_to_somebody_who_is_there(stage: Stage) -> None:
    stage.cast.absent("wang.fang", "chen.jing", stage.day(), stage.day(), at=stage.at)
    stage.cast.absent("chen.jing", "zhao.min", stage.day(), stage.day(), at=stage.at)
    case = handed_in(stage)
    assert (case.owner, case.owner_reason) == (stage.cast.user("zhao.min"), "substitute_of_duty")


def test_without_a_shift_whoever_has_least_owns_it(stage: Stage) -> None:
    handed_in(stage)
    DutyShift.objects.all().delete()
    assert [handed_in(stage).owner for _ in range(3)] == [
        stage.cast.user(login) for login in ("li.qiang", "chen.jing", "zhao.min")
    ]


def test_a_substitute_who_has_left_stands_in_for_nobody(stage: Stage) -> None:
    stage.cast.absent("wang.fang", "chen.jing", stage.day(), stage.day(), at=stage.at)
    leave(stage, "chen.jing")
    case = handed_in(stage)
    assert (case.owner, case.owner_reason) == (stage.cast.user("li.qiang"), "least_loaded")


def test_a_transfer_adds_somebody_and_the_owner_stays(stage: Stage) -> None:
    case = asked(stage)
    owner = case.owner
    helper = stage.cast.user("zhao.min")
    who = doing(stage, "wang.fang")
    added = routing.transfer(case_id=case.pk, to=helper, reason="协调住房", **who)
    assert routing.transfer(case_id=case.pk, to=helper, reason="再请一次", **who) == added
    assert again(case).owner == owner
    assert [p.user for p in case.participants.all()] == [helper]
    assert queries.find(stage.who("zhao.min"), pk=case.pk) == case
    routing.contact(case_id=case.pk, note="", **doing(stage, "zhao.min"))
    with refused("not_allowed"):
        intake.withdraw(case_id=case.pk, reason="", **doing(stage, "zhao.min"))


def test_a_hand_over_names_a_receiver_who_is_there_and_says_what_for(stage: Stage) -> None:
    case = asked(stage)
    who = doing(stage, "wang.fang")
    with refused("missing"):
        routing.transfer(case_id=case.pk, to=stage.cast.user("zhao.min"), reason=" ", **who)
    with refused("not_an_officer"):
        routing.transfer(case_id=case.pk, to=stage.cast.user(GREEN_CLERK), reason="请协助", **who)
    with refused("already_owner"):
        routing.transfer(case_id=case.pk, to=stage.cast.user("wang.fang"), reason="请协助", **who)
    leave(stage, "zhao.min")
    with refused("not_an_officer"):
        routing.transfer(case_id=case.pk, to=stage.cast.user("zhao.min"), reason="请协助", **who)


def test_every_open_case_of_a_leaver_gets_a_new_owner_by_the_next_sweep(stage: Stage) -> None:
    cases = [handed_in(stage), asked(stage), handed_in(stage, "export_tax_refund")]
    leave(stage, "wang.fang")
    stage.days(2, hour=3).sweep()  # at night too: nobody is reminded, a desk is cleared
    for case in map(again, cases):
        assert case.owner == stage.cast.user("li.qiang")
        assert [p.user for p in case.participants.all()] == [stage.cast.user("wang.fang")]
        assert "case.owner" in kinds(case)
    stage.sweep()
    assert kinds(cases[0]).count("case.owner") == 1


def test_while_the_owner_is_here_nobody_takes_the_case_over(stage: Stage) -> None:
    case = handed_in(stage)
    routing.replace_owner(case_id=case.pk, by=DIRECTOR, at=stage.tick())
    assert again(case).owner == stage.cast.user("wang.fang")


def test_the_first_contact_is_noted_once(stage: Stage) -> None:
    case = handed_in(stage)
    by = stage.owner(case)
    routing.contact(case_id=case.pk, note="电话已联系", by=by, at=stage.tick())
    first = again(case).contacted_at
    stage.days(1)
    routing.contact(case_id=case.pk, note="再次联系", by=by, at=stage.tick())
    assert again(case).contacted_at == first


def test_a_promise_of_contact_that_was_not_kept_is_said(stage: Stage) -> None:
    case = handed_in(stage)
    stage.days(1, hour=16)
    assert "contact_overdue" not in {f.verdict.kind for f in stage.sweep()}
    stage.days(1, hour=9)
    assert "contact_overdue" in {f.verdict.kind for f in stage.sweep()}
    assert Case.objects.get(pk=case.pk).contact_due_on == dt.date(2026, 3, 4)
