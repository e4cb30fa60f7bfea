from __future__ import annotations

import datetime as dt
import enum
import hashlib
import uuid
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from qitong.ledger.logic import chain
from qitong.ledger.logic.whole import Break, Kind
from qitong.ledger.models import Entry
from qitong.ledger.record import record
from qitong.ledger.verify import verify
from tests.ledger.conftest import AT, Superuser

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
leaf = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: not abs(x) >= 2**63)
    | st.sampled_from([1.0, -0.0, 1e16, 1e-7, 5e-324, 0.1, 123456789.123456789])
    | text
    | st.sampled_from(["é", "é", "😀", "'\"\\", "\u2028", "\x7f"])
    | st.dates()
    | st.datetimes(timezones=st.just(dt.UTC), min_value=dt.datetime(1000, 1, 1))  # noqa: DTZ001 — its bounds are naive
    | st.decimals(allow_nan=False, allow_infinity=False, places=3)
    | st.uuids()
)
bodies = st.dictionaries(
    text,
    st.recursive(leaf, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4)),
)


@pytest.mark.django_db
@examples(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=bodies, at=st.datetimes(timezones=st.timezones(), min_value=dt.datetime(1902, 1, 1)))  # noqa: DTZ001
def test_what_is_read_back_has_the_hash_of_what_was_written(body: dict[str, object], at: dt.datetime) -> None:
    entry = record("case:1", "case.moved", by="user:7", at=at, body=body)
    assert Entry.objects.get(id=entry.id).body == entry.body
    verdict = verify(stream="case:1")
    assert verdict.whole, verdict.first


class Colour(enum.IntEnum):
    RED = 1


def test_dates_decimals_ids_and_enums_become_plain() -> None:
    shanghai = dt.timezone(dt.timedelta(hours=8))
    assert chain.plain(
        {
            "day": dt.date(2026, 3, 2),
            "at": dt.datetime(2026, 3, 2, 9, tzinfo=shanghai),
            "fee": Decimal("1E+2"),
            "id": uuid.UUID(int=1),
            Kind.HEAD: Colour.RED,
            "pair": (1.0, 0.5),
        }
    ) == {
        "day": "2026-03-02",
        "at": "2026-03-02T01:00:00.000000+00:00",
        "fee": "100",
        "id": "00000000-0000-0000-0000-000000000001",
        "head": 1,
        "pair": [1, 0.5],
    }


def test_the_published_sm3_vector_holds() -> None:
    # GB/T 32905-2016, annex A.1
    assert chain.digest("sm3", b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_both_hashes_follow_each_other_in_one_stream(
    db: None, superuser: Superuser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for algorithm in ("sha256", "sm3", "sha256"):
        monkeypatch.setattr(settings, "LEDGER_HASH", algorithm)
        record("case:1", "case.moved", by="user:7", at=AT, body={})
    assert list(Entry.objects.values_list("algorithm", flat=True)) == ["sha256", "sm3", "sha256"]
    assert verify().whole
    superuser("UPDATE ledger_entry SET kind = 'x' WHERE number = 2")
    assert verify().first == Break("case:1", 2, Kind.EDITED)


def test_an_unknown_hash_is_refused_and_nothing_falls_back(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LEDGER_HASH", "md5")
    with pytest.raises(chain.HashUnavailableError, match="md5"):
        record("case:1", "case.moved", by="user:7", at=AT, body={})


def test_sm3_without_an_openssl_that_has_it_is_not_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_sm3(name: str) -> object:
        raise ValueError(f"unsupported hash type {name}")

    monkeypatch.setattr(hashlib, "new", without_sm3)
    with pytest.raises(chain.HashUnavailableError, match="not configured"):
        chain.digest("sm3", b"abc")


def test_a_missing_key_is_not_configured(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LEDGER_KEY", "")
    with pytest.raises(ImproperlyConfigured, match="LEDGER_KEY"):
        record("case:1", "case.moved", by="user:7", at=AT, body={})
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_head")
        assert cursor.fetchone() == (0,)
