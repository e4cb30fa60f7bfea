from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from django.db import transaction

from qitong.ledger import hooks
from qitong.ledger.models import Entry
from qitong.ledger.record import NewEntry, record, record_many
from tests.ledger.conftest import AT


class Listener:
    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.batches: list[int] = []

    def one(self, entry: Entry) -> None:
        self.entries.append(entry)

    def many(self, entries: Sequence[Entry]) -> None:
        self.batches.append(len(entries))


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    hooks.on_record(made.one)
    hooks.on_record(made.one)  # a second start of the same subscriber changes nothing
    hooks.on_batch(made.many)
    yield made
    hooks.forget(made.one)
    hooks.forget(made.many)


def test_a_subscriber_hears_of_every_entry_once(db: None, listener: Listener) -> None:
    entry = record("case:1", "case.moved", by="user:7", at=AT, body={})
    news = [NewEntry(stream="case:2", kind="clock.rang", by="system:sweep", at=AT, body={})] * 3
    record_many(news)
    assert [heard.number for heard in listener.entries] == [1, 1, 2, 3]
    assert listener.entries[0].id == entry.id
    assert listener.batches == [1, 3]


def test_a_past_that_is_played_is_recorded_and_told_to_nobody(db: None, listener: Listener) -> None:
    with hooks.untold():
        record("case:1", "case.moved", by="user:7", at=AT, body={})
    assert Entry.objects.filter(stream="case:1").count() == 1
    assert (listener.entries, listener.batches) == ([], [])
    record("case:1", "case.moved", by="user:7", at=AT, body={})
    assert [heard.number for heard in listener.entries] == [2]


def test_what_is_heard_is_already_in_the_database(db: None) -> None:
    found: list[bool] = []

    def look(entry: Entry) -> None:
        found.append(Entry.objects.filter(id=entry.id).exists())

    hooks.on_record(look)
    try:
        record("case:1", "case.moved", by="user:7", at=AT, body={})
    finally:
        hooks.forget(look)
    assert found == [True]


@pytest.mark.django_db(transaction=True)
def test_a_failing_subscriber_undoes_the_deed() -> None:
    def fail(entry: Entry) -> None:
        raise RuntimeError("cannot defer")

    def deed() -> None:
        with transaction.atomic():
            try:
                record("case:1", "case.moved", by="user:7", at=AT, body={})
            except RuntimeError:
                return  # even when the caller swallows it

    hooks.on_record(fail)
    try:
        deed()
    finally:
        hooks.forget(fail)
    assert not Entry.objects.exists()
