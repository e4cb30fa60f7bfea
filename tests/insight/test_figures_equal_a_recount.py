"""What is kept up to date equals what is counted row by row, on the demonstration and after every deed."""

from __future__ import annotations

import datetime as dt

import pytest

from qitong.automation import reactions
from qitong.casework.logic.clock import ZONE
from qitong.casework.models import Case
from qitong.demo.play import play
from qitong.demo.stage import Stage
from qitong.insight import facts, queries
from qitong.insight.logic.figures import Figures
from qitong.insight.logic.terms import Kind
from qitong.insight.models import Fact, Tally
from qitong.insight.queries import Cut, Scope
from qitong.ledger.models import Entry
from tests.insight import naive

NOW = dt.datetime(2026, 11, 24, 15, 0, tzinfo=ZONE)
ALL = Scope(everything=True)


def react() -> None:
    """What the workers would do: each entry that something follows from, in order."""
    for entry in Entry.objects.order_by("pk"):
        if reactions.measures in reactions.ON_EVENT.get(entry.kind, ()):
            reactions.measures([entry], at=entry.at)


@pytest.fixture
def today(db: None, settings: object) -> dt.date:
    play(at=NOW)
    facts.recount(at=NOW)
    return NOW.date()


def seen(figures: Figures) -> tuple[int, ...]:
    return figures.open, figures.overdue, figures.week, figures.closed, figures.on_time


@pytest.mark.parametrize("n", [0, 3, 30])
def test_by_item(today: dt.date, n: int) -> None:
    day = today + dt.timedelta(days=n)
    kept = queries.figures(ALL, Kind.CASE, day, by="item")
    counted = naive.cases_by_item(day)
    assert {item: seen(f) for item, f in kept.items() if f.open or f.closed} == {
        item: f.seen() for item, f in counted.items() if f.open or f.closed
    }
    assert {item: (kept[item].median, kept[item].ninetieth) for item in counted} == {
        item: (f.rank(5), f.rank(9)) for item, f in counted.items()
    }


@pytest.mark.parametrize("n", [0, 3, 30])
def test_by_department(today: dt.date, n: int) -> None:
    day = today + dt.timedelta(days=n)
    kept = queries.figures(ALL, Kind.TASK, day, by="department_id")
    counted = naive.tasks_by_department(day)
    assert {pk: seen(f) for pk, f in kept.items() if f.open or f.closed} == {
        pk: f.seen() for pk, f in counted.items()
    }
    assert {pk: (kept[pk].median, kept[pk].ninetieth) for pk in counted} == {
        pk: (f.rank(5), f.rank(9)) for pk, f in counted.items()
    }


def test_every_figure_is_as_long_as_its_list(today: dt.date) -> None:
    for kind in Kind:
        whole = queries.whole(ALL, kind, today)
        for what in ("in", "open", "week", "overdue", "paused", "closed", "on_time", "late", "ended"):
            name = "incoming" if what == "in" else what
            assert getattr(whole, name) == queries.listed(ALL, Cut(kind, what), today).count(), (kind, what)
    assert queries.whole(ALL, Kind.CASE, today).closed > 5


def test_following_the_ledger_comes_to_the_same_as_a_recount(today: dt.date) -> None:
    Fact.objects.all().delete()
    Tally.objects.all().delete()
    react()
    assert not facts.recount(at=NOW + dt.timedelta(days=1))


def test_doing_it_again_changes_nothing(today: dt.date) -> None:
    before = list(Tally.objects.order_by("pk").values())
    assert facts.refresh(Case.objects.values_list("pk", flat=True)) == []
    assert list(Tally.objects.order_by("pk").values()) == before


def test_a_recount_says_what_differed_and_mends_it(today: dt.date) -> None:
    fact = Fact.objects.filter(kind=Kind.CASE, standing="closed").first()
    assert fact is not None
    Fact.objects.filter(pk=fact.pk).update(on_time=not fact.on_time)
    Tally.objects.filter(pk=Tally.objects.filter(what="open").values("pk")[:1]).update(count=99)
    found = facts.recount(at=NOW + dt.timedelta(days=1))
    assert fact.case_id in found.cases
    assert found.sums > 0
    assert not facts.recount(at=NOW + dt.timedelta(days=1))


def test_what_moved_a_moment_ago_is_no_difference(stage: Stage) -> None:
    case = stage.submit(stage.apply("91310151MA1JK0001T", "customs_filing", "13800000001"), "13800000001")
    assert facts.recount(at=stage.at).cases == ()
    assert Fact.objects.filter(case=case, kind=Kind.CASE).count() == 1
