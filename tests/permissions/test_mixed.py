"""Many cases at once, some of them somebody else's: those are not done nor named; their number is said."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.test import Client

from qitong.casework import queries
from qitong.casework.models import Participant, Reminder, Task
from qitong.ledger.models import Entry
from tests.permissions.world import World, read

SignedIn = Callable[[str], Client]
NOWHERE = (987_654, 987_655)
OFFICERS = (
    *("reviewer at work", "head at work", "reviewer elsewhere", "head elsewhere"),
    *("leader elsewhere", "stands in for the owner", "security administrator"),
)


def chosen(world: World, deed: str) -> list[int]:
    """Everything of the company that the deed could be done to, and what is not there."""
    if deed in ("claim", "hand-task"):
        return [task.pk for case in world.handed_in() for task in case.tasks.all()] + list(NOWHERE)
    return [case.pk for case in world.handed_in()] + [world.draft.pk, *NOWHERE]


def at_many(deed: str, ids: list[int]) -> str:
    """Where a deed at all of these is confirmed."""
    return f"/desk/bulk?{urlencode({'deed': deed, 'it': ids}, doseq=True)}"


def foreign(world: World, who: str, deed: str) -> list[int]:
    """Of these what one may not see."""
    actor = world.actor(who)
    seen = queries.visible(actor).exclude(submitted_at=None).values_list("pk", flat=True)
    mine = queries.board(actor).values_list("pk", flat=True) if deed in ("claim", "hand-task") else seen
    return [pk for pk in chosen(world, deed) if pk not in set(mine)]


def state(world: World) -> tuple[object, ...]:
    """What deeds at many change."""
    return (
        sorted(Task.objects.values_list("pk", "state", "assignee_id")),
        Reminder.objects.count(),
        Participant.objects.count(),
        Entry.objects.filter(stream__startswith="case:").count(),
    )


@pytest.mark.parametrize("deed", ["helper", "hand", "remind", "remind-company", "claim", "hand-task"])
@pytest.mark.parametrize("who", OFFICERS)
def test_of_a_bulk_deed_what_is_somebody_elses_is_counted_and_nothing_else(
    world: World, signed_in: SignedIn, who: str, deed: str
) -> None:
    client, ids = signed_in(who), foreign(world, who, deed)
    assert len(ids) >= len(NOWHERE)
    page = read(client.get(at_many(deed, ids)))
    assert f"所选的有 {len(ids)} 件您看不到，不会办理" in page
    key, before = uuid.uuid4(), state(world)
    given = {
        "deed": deed,
        "it": ids,
        "key": key,
        "to": world.user("same window").pk,
        "reason": "x",
        "note": "x",
    }
    answer = client.post("/desk/bulk", given, follow=True)
    said = page + read(answer)
    assert state(world) == before
    assert [secret for secret in world.secrets if secret in said] == []
    assert answer.status_code in (200, 422)
    if answer.redirect_chain:
        assert f"还有 {len(ids)} 件没有轮到（办理中断，或您已看不到）" in said


@pytest.mark.parametrize("who", ["reviewer at work", "head at work", "same window"])
def test_what_is_ones_own_is_done_beside_what_is_not(world: World, signed_in: SignedIn, who: str) -> None:
    """The same choice with what one sees in it: that is named, the rest is a number."""
    client, ids = signed_in(who), chosen(world, "remind")
    others = foreign(world, who, "remind")
    page = read(client.get(at_many("remind", ids)))
    assert f"所选的有 {len(others)} 件您看不到" in page
    assert str(world.review.number) in page
    hidden = set(re.findall(r'name="it" value="(\d+)"', page))
    assert not hidden & {str(pk) for pk in others}


@pytest.mark.parametrize("who", OFFICERS)
def test_an_export_counts_what_it_holds_and_leaves_the_others_out(
    world: World, signed_in: SignedIn, who: str
) -> None:
    client, ids, others = signed_in(who), chosen(world, "remind"), foreign(world, who, "remind")
    page = read(client.get("/desk/exports/new", {"it": ids}))
    assert f"导出{len(ids) - len(others)}件办件" in page
    assert f"所选的有 {len(others)} 件您看不到，不会导出" in page
    table = read(client.post("/desk/exports/new", {"it": ids}))
    hidden = [case for case in world.handed_in() if case.pk in others]
    assert [case.number for case in hidden if str(case.number) in page + table] == []
    shown = [case for case in world.handed_in() if case.pk not in others]
    assert [case.number for case in shown if str(case.number) not in table] == []
