"""A long ledger is read in parts, by several processes: with the same verdict."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import given

from qitong.ledger.checkpoint import checkpoint
from qitong.ledger.logic import chain
from qitong.ledger.logic.whole import Break, Kind
from qitong.ledger.record import NewEntry, record, record_many
from qitong.ledger.verify import verify
from tests.ledger.conftest import AT, Superuser
from tests.ledger.test_chain import bodies, text

STREAMS = 40


@pytest.fixture
def committed(transactional_db: None) -> None:
    """What other processes can see."""
    with transaction.atomic():
        for step in range(2):
            record_many(
                NewEntry(stream=f"case:{n}", kind="case.moved", by="user:7", at=AT, body={"step": step})
                for n in range(STREAMS)
            )
        record("user:1", "user.registered", by="user:1", at=AT, body={}, personal={"phone": "138"})
    checkpoint(by="system:nightly", at=AT)


def test_several_processes_find_what_one_finds(committed: None, superuser: Superuser) -> None:
    expected = [f"case:{n}" for n in range(STREAMS)]
    together, alone = verify(expected=expected, alone=0), verify(expected=expected)
    assert together.whole
    assert together == alone
    assert (together.streams, together.entries, together.texts) == (STREAMS + 1, 2 * STREAMS + 1, 1)

    gone = verify(expected=["case:7", "case:99"], alone=0).first
    assert gone == Break("case:99", 1, Kind.MISSING)
    superuser("UPDATE ledger_text SET text = '139'")
    assert verify(alone=0).first == Break("user:1", 1, Kind.EDITED)
    superuser("UPDATE ledger_entry SET body = '{}' WHERE stream IN ('case:5', 'case:30') AND number = 2")
    assert verify(alone=0).first == Break("case:30", 2, Kind.EDITED)


@given(bodies, text)
def test_what_is_hashed_is_the_canonical_form_of_all_the_facts(body: dict[str, object], by: str) -> None:
    plain = chain.plain(body)
    facts = {
        "stream": "case:1",
        "number": 3,
        "kind": "case.moved",
        "at": chain.moment(AT),
        "by": by,
        "body": plain,
        "prev_hash": "0" * 64,
        "algorithm": "sha256",
    }
    hashed = chain.hash_of(chain.Facts(**facts))
    assert hashed == chain.digest("sha256", chain.canonical(facts))


@pytest.mark.parametrize("length", [1, 64, 65, 200])
def test_many_seals_are_those_of_one_by_one(length: int) -> None:
    key, found = b"k" * length, chain.digest("sha256", b"entry")
    assert chain.Seals(key).of(found) == chain.entry_seal(key, found)
