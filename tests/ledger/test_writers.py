"""Several connections at once; each thread has its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from qitong.ledger.checkpoint import checkpoint
from qitong.ledger.models import Checkpoint, Entry
from qitong.ledger.queries import BEGINNING, Position, since
from qitong.ledger.record import NewEntry, record, record_many
from qitong.ledger.verify import verify
from tests.ledger.conftest import AT, fill

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], object]) -> None:
    def run(deed: Callable[[], object]) -> None:
        try:
            deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        for future in [pool.submit(run, deed) for deed in deeds]:
            future.result(timeout=120)


def one(stream: str, step: int) -> None:
    with transaction.atomic():
        record(stream, "case.moved", by="user:7", at=AT, body={"step": step})


def test_two_writers_of_one_stream_never_fork_it() -> None:
    def fifty() -> None:
        for step in range(50):
            one("case:1", step)

    at_once(fifty, fifty)
    numbers = Entry.objects.filter(stream="case:1").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 101))
    assert verify().whole


def test_sweeps_over_the_same_streams_do_not_deadlock() -> None:
    def sweep(order: int) -> Callable[[], None]:
        def run() -> None:
            for turn in range(10):
                names = [f"case:{turn + i}" for i in range(20)][::order]
                with transaction.atomic():
                    record_many(
                        NewEntry(stream=name, kind="clock.rang", by="system:sweep", at=AT, body={})
                        for name in names
                    )

        return run

    at_once(sweep(1), sweep(-1), sweep(1))
    assert Entry.objects.count() == 600
    assert verify().whole


def follow(position: Position, *, count: int, limit: int = 500) -> tuple[list[Entry], Position]:
    """Ask until ``count`` entries came; transactions of other test runs on this server hold us back."""
    seen: list[Entry] = []
    for _ in range(1200):
        entries, position = since(position, limit=limit)
        assert len(entries) <= limit
        seen += entries
        if len(seen) >= count:
            break
        if not entries:
            threading.Event().wait(0.05)
    return seen, position


def test_a_follower_does_not_miss_the_earlier_entry_that_commits_last() -> None:
    written, may_commit = threading.Event(), threading.Event()
    early: list[Entry] = []
    delivered: list[Entry] = []

    def slow() -> None:
        with transaction.atomic():
            record("case:1", "case.moved", by="user:1", at=AT, body={})
            written.set()
            assert may_commit.wait(60)

    def quick_and_follow() -> None:
        assert written.wait(60)
        try:
            one("case:2", 0)
            entries, position = since(BEGINNING)
            early.extend(entries)
        finally:
            may_commit.set()
        delivered.extend(follow(position, count=2)[0])

    at_once(slow, quick_and_follow)
    assert list(Entry.objects.order_by("id").values_list("stream", flat=True)) == ["case:1", "case:2"]
    assert early == []
    assert [entry.stream for entry in delivered] == ["case:1", "case:2"]


def test_a_follower_gets_everything_once_in_small_steps() -> None:
    fill("case:1", 3)
    fill("case:2", 4)
    seen, position = follow(BEGINNING, count=7, limit=2)
    assert [entry.id for entry in seen] == list(Entry.objects.order_by("id").values_list("id", flat=True))
    fill("case:1", 1)
    assert [entry.number for entry in follow(position, count=1)[0]] == [4]


def test_checkpoints_beside_writers_are_whole_and_in_turn() -> None:
    def write() -> None:
        for step in range(30):
            one(f"case:{step % 3}", step)

    def take() -> None:
        for _ in range(10):
            checkpoint(by="system:nightly", at=AT)

    at_once(write, write, take, take)
    assert Checkpoint.objects.count() == 20
    assert verify().whole


def test_verification_beside_a_writer_raises_no_alarm() -> None:
    done = threading.Event()

    def write() -> None:
        try:
            for step in range(100):
                one("case:1", step)
        finally:
            done.set()

    def check() -> None:
        while not done.is_set():
            verdict = verify()
            assert verdict.whole, verdict.first

    at_once(write, check)
