"""A private address for one's due dates: one a side, its secret not kept, gone when its owner says so."""

from __future__ import annotations

import pytest

from qitong.accounts.actors import Actor
from qitong.casework import due, feeds, supplements, tasks
from qitong.casework.logic.terms import Side
from qitong.casework.models import CalendarFeed, Case
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN, GREEN_CLERK, TIDE_CLERK
from qitong.ledger.models import Entry
from tests.casework.said import accepted, again, delivered, handed_in, refused


def made(stage: Stage, login: str = GREEN_CLERK, side: Side = Side.COMPANY) -> CalendarFeed:
    return feeds.renew(side=side, by=stage.who(login), at=stage.tick())


def due_of(stage: Stage, login: str = GREEN_CLERK) -> dict[str, str]:
    return {one.key: str(one.on) for one in due.of_company(stage.who(login))}


def test_an_address_is_found_by_its_secret_for_its_side_only(stage: Stage) -> None:
    feed = made(stage)
    secret = feeds.secret_of(feed)
    assert len(secret) == 64
    assert secret not in (feed.digest, feed.nonce)
    assert feeds.find(secret, Side.COMPANY) == feed
    assert feeds.find(secret, Side.OFFICE) is None
    assert feeds.find(secret[:-1], Side.COMPANY) is None


def test_a_new_address_ends_the_old_one(stage: Stage) -> None:
    old = feeds.secret_of(made(stage))
    new = feeds.secret_of(made(stage))
    assert feeds.find(old, Side.COMPANY) is None
    assert feeds.find(new, Side.COMPANY) is not None
    assert feeds.revoke(side=Side.COMPANY, by=stage.who(GREEN_CLERK), at=stage.tick())
    assert feeds.find(new, Side.COMPANY) is None
    assert not feeds.revoke(side=Side.COMPANY, by=stage.who(GREEN_CLERK), at=stage.tick())
    stream = stage.who(GREEN_CLERK).ref
    kinds = Entry.objects.filter(stream=stream, kind__startswith="calendar.").order_by("number")
    assert list(kinds.values_list("kind", flat=True)) == [
        "calendar.created",
        "calendar.renewed",
        "calendar.revoked",
    ]
    assert not any(new in str(entry.body) or old in str(entry.body) for entry in kinds)


def test_a_token_of_the_interface_makes_no_address(stage: Stage) -> None:
    clerk = stage.who(GREEN_CLERK)
    with refused("not_allowed"):
        feeds.renew(side=Side.COMPANY, by=Actor("token:1", clerk.user_id, "t"), at=stage.tick())


def test_what_the_company_has_to_do_and_what_it_was_promised(stage: Stage) -> None:
    case = handed_in(stage, "food_business_licence")
    assert due_of(stage) == {"reply": str(again(case).plan_due_on)}
    stage.accept(case)
    task = case.tasks.exclude(kind__in=["acceptance", "decision"]).filter(state="enabled")[0]
    by = stage.who(f"{task.department.code}.reviewer")
    tasks.claim(task_id=task.pk, by=by, at=stage.tick())
    asked = supplements.ask(task_id=task.pk, question="请提供平面图", by=by, at=stage.tick())
    found = due_of(stage)
    assert found[f"supplement-{asked.pk}"] == str(asked.due_on)
    assert found["result"] == str(again(case).promise_due_on)
    assert due_of(stage, TIDE_CLERK) == {}
    clerk = stage.who(GREEN_CLERK)
    supplements.answer(supplement_id=asked.pk, text="见附件", files=[], by=clerk, at=stage.tick())
    assert list(due_of(stage)) == ["result"]


def test_a_promised_material_and_a_result_to_confirm(stage: Stage) -> None:
    draft = stage.apply(GREEN, "construction_permit", GREEN_CLERK, leave=frozenset({"injury_ins"}))
    letter = stage.commit(draft, GREEN_CLERK, ["injury_ins"], within=3)
    stage.submit(draft, GREEN_CLERK)
    assert due_of(stage)[f"commitment-{letter.pk}"] == str(letter.due_on)
    case = delivered(stage)
    assert "confirm" in due_of(stage)
    stage.confirm(case, GREEN_CLERK)
    assert "confirm" not in due_of(stage)


def test_an_officer_has_the_cases_owned_and_the_tasks_on_the_desk(stage: Stage) -> None:
    case = accepted(stage, "food_business_licence")
    owner = stage.owner(case)
    assert {one.key for one in due.of_officer(owner) if one.case == case} >= {"result"}
    task = case.tasks.filter(state="enabled").exclude(kind__in=["acceptance", "decision"])[0]
    reviewer = stage.who(f"{task.department.code}.reviewer")
    assert f"task-{task.pk}" in {one.key for one in due.of_officer(reviewer)}
    assert due.of_officer(stage.who(GREEN_CLERK)) == []


def test_nothing_is_left_of_an_ended_membership(stage: Stage) -> None:
    case = Case.objects.get(pk=handed_in(stage).pk)
    assert due_of(stage)
    case.enterprise.memberships.update(active=False)
    assert due_of(stage) == {}


def test_colleagues_tasks_take_no_place_from_ones_own(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much a department has in hand, what waits for the reader is all there."""
    cases = [accepted(stage, "energy_review") for _ in range(3)]
    held = [stage.task(case, "energy_check") for case in cases]
    head, reviewer = stage.who("fgw.head"), stage.who("fgw.reviewer")
    for task in held[:2]:
        tasks.claim(task_id=task.pk, by=head, at=stage.tick())
    monkeypatch.setattr(due, "MOST", 2)
    assert [one.key for one in due.of_officer(reviewer)] == [f"task-{held[2].pk}"]
