from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.transaction import TransactionManagementError

from qitong.ledger.models import Entry, Head, Text
from qitong.ledger.record import NewEntry, record, record_first, record_many
from qitong.ledger.verify import verify

AT = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_entries_of_a_stream_are_numbered_without_gaps_and_chained() -> None:
    first = record("case:1", "case.submitted", by="user:7", at=AT, body={"item": "licence"})
    other = record("case:2", "case.submitted", by="user:7", at=AT, body={})
    second = record("case:1", "case.accepted", by="user:8", at=AT, body={"due": dt.date(2026, 3, 5)})
    assert [first.number, second.number, other.number] == [1, 2, 1]
    assert second.prev_hash == first.hash
    assert Head.objects.get(stream="case:1").hash == second.hash
    assert Entry.objects.get(id=second.id).body == {"due": "2026-03-05"}


@pytest.mark.django_db(transaction=True)
def test_a_stream_is_begun_once() -> None:
    first, second = (
        NewEntry(stream="case:1", kind=f"case.{kind}", by="user:7", at=AT, body={}, personal={"note": kind})
        for kind in ("begun", "submitted")
    )
    with transaction.atomic():
        record_first([first, second])
    with transaction.atomic():
        third = record("case:1", "case.accepted", by="user:8", at=AT, body={})
    with pytest.raises(IntegrityError), transaction.atomic():
        record_first([first])
    assert (third.number, Text.objects.count(), Entry.objects.count()) == (3, 2, 3)
    assert verify().whole


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused() -> None:
    with pytest.raises(TransactionManagementError):
        record("case:1", "case.submitted", by="user:7", at=AT, body={})
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_entry_vanishes_with_the_deed_that_is_rolled_back() -> None:
    def deed() -> None:
        with transaction.atomic():
            record("case:1", "case.submitted", by="user:7", at=AT, body={})
            raise RuntimeError("the deed fails after its entry")

    with pytest.raises(RuntimeError, match="fails after"):
        deed()
    assert not Entry.objects.exists()
    assert not Head.objects.exists()


@pytest.mark.django_db
def test_a_personal_text_stays_out_of_the_entry() -> None:
    entry = record(
        "user:1", "user.registered", by="user:1", at=AT, body={}, personal={"phone": "13800000000"}
    )
    text = Text.objects.get(entry=entry)
    assert text.text == "13800000000"
    assert entry.body["phone"]["text"] == str(text.id)
    assert "13800000000" not in str(entry.body)


@pytest.mark.django_db
def test_a_name_in_both_body_and_personal_is_refused() -> None:
    with pytest.raises(ValueError, match="phone"):
        record("user:1", "k", by="user:1", at=AT, body={"phone": "1"}, personal={"phone": "2"})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        2**63,
        "a\x00b",
        "\ud800",
        {1: 2},
        {1, 2},
        Decimal("NaN"),
        AT.replace(tzinfo=None),
    ],
)
def test_what_json_cannot_keep_exactly_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"ledger|zone"):
        record("case:1", "k", by="user:1", at=AT, body={"value": value})
    assert not Entry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("blank", [{"stream": ""}, {"kind": "two words"}, {"by": ""}])
def test_stream_kind_and_author_are_one_word_each(blank: dict[str, str]) -> None:
    facts = {"stream": "case:1", "kind": "case.moved", "by": "user:1"} | blank
    with pytest.raises(ValueError, match="one word"):
        record(facts["stream"], facts["kind"], by=facts["by"], at=AT, body={})


@pytest.mark.django_db
def test_ten_thousand_alarms_are_a_handful_of_statements(django_assert_max_num_queries: object) -> None:
    news = [
        NewEntry(stream=f"case:{i % 4000}", kind="clock.rang", by="system:sweep", at=AT, body={"i": i})
        for i in range(10_000)
    ]
    with django_assert_max_num_queries(8):  # type: ignore[operator]  # a fixture without a public type
        assert record_many(news) == 10_000
    assert Entry.objects.count() == 10_000
    assert Head.objects.get(stream="case:3").number == 3
    assert record_many([]) == 0


@pytest.mark.django_db
def test_a_sweep_keeps_personal_texts_too() -> None:
    record_many([NewEntry(stream="user:1", kind="k", by="user:1", at=AT, body={}, personal={"name": "张三"})])
    assert Text.objects.get().entry.stream == "user:1"
