"""A superuser with the triggers off: each deed is found, and named by stream, number and kind."""

from __future__ import annotations

import json

import pytest
from django.conf import settings

from qitong.ledger.checkpoint import checkpoint
from qitong.ledger.logic import chain
from qitong.ledger.logic.whole import Break, Kind
from qitong.ledger.models import Entry, Head
from qitong.ledger.record import record
from qitong.ledger.verify import verify
from tests.ledger.conftest import AT, Superuser, fill

EDIT = "UPDATE ledger_entry SET CHANGE WHERE stream = 'case:1' AND number = 2"
FORGE = (
    'INSERT INTO ledger_entry (stream, number, kind, at, "by", body, algorithm, prev_hash, hash, seal)'
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


def forge(superuser: Superuser, prev: Entry | None, *, stream: str = "case:1", hashed: bool = True) -> str:
    """Append a well-formed entry without the key; returns its hash."""
    body = {"step": 99}
    facts = chain.Facts(
        stream=stream,
        number=prev.number + 1 if prev else 1,
        kind="case.approved",
        at=chain.moment(AT),
        by="user:7",
        body=body,
        prev_hash=prev.hash if prev else "",
        algorithm="sha256",
    )
    made = chain.hash_of(facts) if hashed else "0" * 64
    seal = chain.entry_seal(b"guessed", made)
    row = (facts.kind, AT, facts.by, json.dumps(body), facts.algorithm, facts.prev_hash, made, seal)
    superuser(FORGE, stream, facts.number, *row)
    return made


def last() -> Entry:
    return Entry.objects.filter(stream="case:1").order_by("number")[2]


def test_the_untouched_ledger_verifies(ledger: None) -> None:
    record("user:1", "user.registered", by="user:1", at=AT, body={}, personal={"phone": "138"})
    root = checkpoint(by="system:nightly", at=AT).root
    fill("case:2", 2)
    fill("case:3", 1)
    last_root = checkpoint(by="system:nightly", at=AT).root
    verdict = verify(expected=["case:1", "case:3"], root=root)
    assert verdict.whole, verdict.first
    assert (verdict.streams, verdict.entries, verdict.texts, verdict.checkpoints) == (4, 10, 1, 2)
    assert verdict.root == last_root


@pytest.mark.parametrize(
    "change",
    [
        """body = '{"step": 7}'""",
        """body = '{"step": 1.0}'""",
        "at = at + interval '1 microsecond'",
        "at = 'infinity'",
        "\"by\" = 'user:8'",
        "kind = 'case.refused'",
        "algorithm = 'md5'",
        "seal = 'ä'",
        "hash = repeat('0', 64)",
        "body = ('{\"step\": ' || repeat('9', 5000) || '}')::jsonb",
    ],
)
def test_an_edited_entry_is_found(ledger: None, superuser: Superuser, change: str) -> None:
    superuser(EDIT.replace("CHANGE", change))
    assert verify().first == Break("case:1", 2, Kind.EDITED)


def test_an_edited_last_entry_is_edited_not_appended(ledger: None, superuser: Superuser) -> None:
    superuser("UPDATE ledger_entry SET hash = repeat('0', 64) WHERE stream = 'case:2' AND number = 3")
    assert verify().first == Break("case:2", 3, Kind.EDITED)


def test_a_deleted_middle_entry_is_found(ledger: None, superuser: Superuser) -> None:
    superuser("DELETE FROM ledger_entry WHERE stream = 'case:2' AND number = 2")
    assert verify().first == Break("case:2", 2, Kind.MISSING)


def test_a_middle_entry_deleted_and_the_rest_renumbered_is_found(ledger: None, superuser: Superuser) -> None:
    superuser("DELETE FROM ledger_entry WHERE stream = 'case:1' AND number = 2")
    superuser("UPDATE ledger_entry SET number = 2 WHERE stream = 'case:1' AND number = 3")
    assert verify().first == Break("case:1", 2, Kind.REORDERED)


@pytest.mark.parametrize("with_checkpoint", [False, True])
def test_a_deleted_tail_is_found_by_its_head(
    ledger: None, superuser: Superuser, with_checkpoint: bool
) -> None:
    if with_checkpoint:
        checkpoint(by="system:nightly", at=AT)
    superuser("DELETE FROM ledger_entry WHERE stream = 'case:1' AND number > 1")
    assert verify().first == Break("case:1", 2, Kind.TRUNCATED)


@pytest.mark.parametrize(("with_checkpoint", "found"), [(False, (2, Kind.HEAD)), (True, (3, Kind.TRUNCATED))])
def test_a_deleted_tail_with_its_head_moved_back_is_found(
    ledger: None, superuser: Superuser, with_checkpoint: bool, found: tuple[int, Kind]
) -> None:
    if with_checkpoint:
        checkpoint(by="system:nightly", at=AT)
    superuser("DELETE FROM ledger_entry WHERE stream = 'case:1' AND number = 3")
    superuser(
        "UPDATE ledger_head h SET number = 2, hash = e.hash FROM ledger_entry e"
        " WHERE h.stream = 'case:1' AND e.stream = 'case:1' AND e.number = 2"
    )
    assert verify().first == Break("case:1", *found)


def test_a_tail_cut_back_to_an_old_genuine_head_is_found_by_the_checkpoint(
    db: None, superuser: Superuser
) -> None:
    fill("case:1", 2)
    old = Head.objects.get(stream="case:1")
    fill("case:1", 1)
    checkpoint(by="system:nightly", at=AT)
    superuser("DELETE FROM ledger_entry WHERE stream = 'case:1' AND number = 3")
    superuser("UPDATE ledger_head SET number = 2, hash = %s, mac = %s", old.hash, old.mac)
    assert verify().first == Break("case:1", 3, Kind.TRUNCATED)


def test_two_entries_that_changed_places_are_found(ledger: None, superuser: Superuser) -> None:
    for old, new in ((1, 99), (2, 1), (99, 2)):
        superuser(
            "UPDATE ledger_entry SET number = %s WHERE stream = 'case:1' AND number = %s",
            new,
            old,
        )
    assert verify().first == Break("case:1", 1, Kind.REORDERED)


@pytest.mark.parametrize("hashed", [True, False])
@pytest.mark.parametrize("head_moved", [True, False])
def test_a_forged_appended_entry_is_found(
    ledger: None, superuser: Superuser, hashed: bool, head_moved: bool
) -> None:
    made = forge(superuser, last(), hashed=hashed)
    if head_moved:
        superuser("UPDATE ledger_head SET number = 4, hash = %s WHERE stream = 'case:1'", made)
    assert verify().first == Break("case:1", 4, Kind.APPENDED)


def test_a_forged_stream_is_found(ledger: None, superuser: Superuser) -> None:
    forge(superuser, None, stream="case:3")
    assert verify().first == Break("case:3", 1, Kind.APPENDED)


def test_a_stream_rewritten_with_correct_hashes_is_found(ledger: None, superuser: Superuser) -> None:
    superuser("DELETE FROM ledger_entry WHERE stream = 'case:1'")
    made = forge(superuser, None)
    superuser("UPDATE ledger_head SET number = 1, hash = %s WHERE stream = 'case:1'", made)
    assert verify().first == Break("case:1", 1, Kind.APPENDED)


def test_an_emptied_table_is_found(ledger: None, superuser: Superuser) -> None:
    superuser("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
    superuser("TRUNCATE ledger_entry CASCADE")
    assert verify().first == Break("case:1", 1, Kind.TRUNCATED)


def test_a_stream_without_a_head_is_found(ledger: None, superuser: Superuser) -> None:
    superuser("DELETE FROM ledger_head WHERE stream = 'case:1'")
    assert verify().first == Break("case:1", 3, Kind.HEAD)


def test_an_edited_head_is_found(ledger: None, superuser: Superuser) -> None:
    superuser("UPDATE ledger_head SET mac = repeat('0', 64) WHERE stream = 'case:2'")
    assert verify().first == Break("case:2", 3, Kind.HEAD)


def test_a_removed_stream_is_found_by_the_checkpoint(ledger: None, superuser: Superuser) -> None:
    checkpoint(by="system:nightly", at=AT)
    superuser("DELETE FROM ledger_entry WHERE stream = 'case:2'")
    superuser("DELETE FROM ledger_head WHERE stream = 'case:2'")
    assert verify().first == Break("case:2", 1, Kind.MISSING)


def test_a_stream_removed_before_any_checkpoint_is_found_by_what_is_expected(
    ledger: None, superuser: Superuser
) -> None:
    superuser("DELETE FROM ledger_entry WHERE stream = 'case:2'")
    superuser("DELETE FROM ledger_head WHERE stream = 'case:2'")
    assert verify().whole
    assert verify(expected=["case:1", "case:2"]).first == Break("case:2", 1, Kind.MISSING)
    assert verify(stream="case:2").first == Break("case:2", 1, Kind.MISSING)


def test_a_changed_personal_text_is_found(ledger: None, superuser: Superuser) -> None:
    record("user:1", "user.registered", by="user:1", at=AT, body={}, personal={"phone": "138"})
    superuser("UPDATE ledger_text SET text = '139'")
    assert verify().first == Break("user:1", 1, Kind.EDITED)


def test_only_the_first_break_of_many_is_named(ledger: None, superuser: Superuser) -> None:
    superuser("UPDATE ledger_entry SET kind = 'x' WHERE number = 2")
    assert verify().first == Break("case:1", 2, Kind.EDITED)
    assert verify(stream="case:2").first == Break("case:2", 2, Kind.EDITED)


def test_another_key_does_not_verify(ledger: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LEDGER_KEY", "another")
    assert not verify().whole
