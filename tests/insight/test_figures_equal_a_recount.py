"""What is kept up to date equals what is counted row by row, on the demonstration and after every deed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from qitong.automation import reactions
from qitong.casework import tasks
from qitong.casework.logic.clock import ZONE
from qitong.casework.logic.flow import CASE_FLOW, TASK_FLOW
from qitong.casework.logic.story import CASE_SENTENCES
from qitong.casework.models import Case
from qitong.demo.inbox import inbox
from qitong.demo.play import play
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN, GREEN_CLERK, licence_in_three_days, request_across_departments
from qitong.insight import facts, queries
from qitong.insight.logic.figures import Figures
from qitong.insight.logic.terms import Kind
from qitong.insight.models import Fact, Tally
from qitong.insight.queries import Cut, Scope
from qitong.ledger.models import Entry
from tests.insight import naive
from tests.world import build

NOW = dt.datetime(2026, 11, 24, 15, 0, tzinfo=ZONE)
ALL = Scope(everything=True)


def react() -> None:
    """What the workers would do: each entry that something follows from, in order."""
    for entry in Entry.objects.order_by("pk"):
        if entry.kind in reactions.CHANGES_FIGURES:
            facts.refresh([facts.case_of(entry.stream)])


def measured(stage: Stage) -> None:
    """Two finished cases and the desks of the demonstration, measured."""
    licence_in_three_days(Stage(stage.cast, stage.at - dt.timedelta(days=14)))
    request_across_departments(Stage(stage.cast, stage.at - dt.timedelta(days=21)))
    inbox(stage)
    facts.recount(at=stage.at)


@pytest.fixture
def finished(db: None, files: Path) -> Stage:
    return build(dt.datetime(2026, 3, 3, 9, 30, tzinfo=ZONE), measured)


def seen(figures: Figures) -> tuple[int, ...]:
    return figures.open, figures.overdue, figures.week, figures.closed, figures.on_time


@pytest.mark.django_db
def test_on_the_whole_demonstration() -> None:
    """Today, in three days and in a month: what was open becomes due, then overdue."""
    play(at=NOW)
    for n in (0, 3, 30):
        day = NOW.date() + dt.timedelta(days=n)
        items = queries.figures(ALL, Kind.CASE, day, by="item")
        departments = queries.figures(ALL, Kind.TASK, day, by="department_id")
        same(items, naive.cases_by_item(day))
        same(departments, naive.tasks_by_department(day))
        for kind in Kind:
            as_long_as_their_lists(kind, day)
    assert queries.whole(ALL, Kind.CASE, NOW.date()).closed > 30
    assert queries.whole(ALL, Kind.CASE, NOW.date()).late > 3


def same(kept: Mapping[Any, Figures], counted: Mapping[Any, naive.Naive]) -> None:
    busy = {group: figures for group, figures in kept.items() if figures.open or figures.closed}
    slow = {group: figures for group, figures in counted.items() if figures.open or figures.closed}
    assert {group: seen(f) for group, f in busy.items()} == {group: f.seen() for group, f in slow.items()}
    assert {group: (f.median, f.ninetieth) for group, f in busy.items()} == {
        group: (f.rank(5), f.rank(9)) for group, f in slow.items()
    }


def as_long_as_their_lists(kind: Kind, day: dt.date) -> None:
    whole = queries.whole(ALL, kind, day)
    for what in ("in", "open", "week", "overdue", "paused", "closed", "on_time", "late", "ended"):
        name = "incoming" if what == "in" else what
        assert getattr(whole, name) == queries.listed(ALL, Cut(kind, what), day).count(), (kind, what)


def test_following_the_ledger_comes_to_the_same_as_a_recount(finished: Stage) -> None:
    Fact.objects.all().delete()
    Tally.objects.all().delete()
    react()
    assert not facts.recount(at=finished.at + dt.timedelta(days=1))


def test_doing_it_again_changes_nothing(finished: Stage) -> None:
    before = list(Tally.objects.order_by("pk").values())
    assert facts.refresh(Case.objects.values_list("pk", flat=True)) == []
    assert list(Tally.objects.order_by("pk").values()) == before


def test_a_recount_says_what_differed_and_mends_it(finished: Stage) -> None:
    fact = Fact.objects.filter(kind=Kind.CASE, standing="closed").first()
    assert fact is not None
    Fact.objects.filter(pk=fact.pk).update(on_time=not fact.on_time)
    Tally.objects.filter(pk=Tally.objects.filter(what="open").values("pk")[:1]).update(count=99)
    found = facts.recount(at=finished.at + dt.timedelta(days=1))
    assert fact.case_id in found.cases
    assert found.sums > 0
    assert not facts.recount(at=finished.at + dt.timedelta(days=1))


def test_what_moved_a_moment_ago_is_no_difference(stage: Stage) -> None:
    case = stage.submit(stage.apply("91310151MA1JK0001T", "customs_filing", "13800000001"), "13800000001")
    assert facts.recount(at=stage.at).cases == ()
    assert Fact.objects.filter(case=case, kind=Kind.CASE).count() == 1


CHANGES_NO_FIGURE = {
    *(
        "case.draft",
        "case.discard",
        "case.save",
        "case.from_policy",
        "personal_data.erased",
        "case.attach",
        "case.commit",
        "case.cure",
        "case.authorise",
        "case.fetch",
    ),
    *("case.verify", "case.contact", "case.plan", "case.transfer", "case.owner", "case.remind_company"),
    *("case.note", "case.notes_read", "task.remind"),
}


def test_every_kind_of_entry_of_a_case_is_measured_again_or_changes_nothing() -> None:
    moves = {f"case.{row.deed}" for row in CASE_FLOW} | {f"task.{row.deed}" for row in TASK_FLOW}
    known = moves | {kind for kind in CASE_SENTENCES if not kind.startswith("reminder.")}
    assert known - set(reactions.CHANGES_FIGURES) == CHANGES_NO_FIGURE


def test_a_task_that_is_handed_to_a_colleague_counts_as_taken(stage: Stage) -> None:
    case = stage.accept(stage.submit(stage.apply(GREEN, "energy_review", GREEN_CLERK), GREEN_CLERK))
    task, to = stage.task(case, "energy_check"), stage.cast.user("fgw.reviewer")
    tasks.assign(task_id=task.pk, to=to, by=stage.who("fgw.head"), at=stage.tick())
    stage.days(2)
    tasks.release(task_id=task.pk, by=stage.who("fgw.reviewer"), at=stage.tick())
    tasks.assign(task_id=task.pk, to=to, by=stage.who("fgw.head"), at=stage.tick())
    react()
    assert not facts.recount(at=stage.at + dt.timedelta(days=1))
