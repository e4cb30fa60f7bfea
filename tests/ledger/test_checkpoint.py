from __future__ import annotations

import pytest

from qitong.ledger.checkpoint import checkpoint
from qitong.ledger.logic.whole import Break, Kind
from qitong.ledger.models import CheckpointHead
from qitong.ledger.verify import verify
from tests.ledger.conftest import AT, Superuser, fill


@pytest.fixture
def nights(ledger: None) -> list[str]:
    """Three checkpoints; returns their roots."""
    roots = [checkpoint(by="system:nightly", at=AT).root]
    fill("case:2", 2)
    fill("case:3", 1)
    roots.append(checkpoint(by="system:nightly", at=AT).root)
    return [*roots, checkpoint(by="system:nightly", at=AT).root]


def test_a_checkpoint_keeps_only_the_heads_that_changed(nights: list[str]) -> None:
    kept = CheckpointHead.objects.filter(checkpoint_id=2).order_by("stream")
    assert list(kept.values_list("stream", "number", "previous")) == [("case:2", 5, 3), ("case:3", 1, 0)]
    assert not CheckpointHead.objects.filter(checkpoint_id=3).exists()


def test_a_checkpoint_counts_all_streams_and_entries(nights: list[str]) -> None:
    taken = checkpoint(by="system:nightly", at=AT)
    assert (taken.number, taken.streams, taken.entries) == (4, 3, 9)


def test_checkpoints_are_chained_even_through_a_quiet_night(nights: list[str]) -> None:
    assert len(set(nights)) == 3
    assert checkpoint(by="system:nightly", at=AT).prev_root == nights[-1]
    assert verify().whole


@pytest.mark.parametrize(
    ("sql", "number"),
    [
        ("UPDATE ledger_checkpoint SET at = at + interval '1 day' WHERE number = 2", 2),
        ("UPDATE ledger_checkpoint SET entries = 1 WHERE number = 1", 1),
        ("UPDATE ledger_checkpoint SET seal = '' WHERE number = 3", 3),
        ("UPDATE ledger_checkpoint SET algorithm = 'md5' WHERE number = 2", 2),
        ("DELETE FROM ledger_checkpoint WHERE number = 1", 1),
        ("DELETE FROM ledger_checkpoint WHERE number >= 2", 2),
        ("DELETE FROM ledger_checkpoint_head WHERE checkpoint_id = 2", 2),
        ("DELETE FROM ledger_checkpoint_head", 1),
    ],
)
def test_a_changed_checkpoint_is_found(
    nights: list[str], superuser: Superuser, sql: str, number: int
) -> None:
    superuser(sql)
    assert verify().first == Break("", number, Kind.CHECKPOINT)


def test_a_mark_that_differs_from_its_entry_is_found(nights: list[str], superuser: Superuser) -> None:
    superuser("UPDATE ledger_checkpoint_head SET hash = repeat('0', 64) WHERE stream = 'case:3'")
    assert verify().first == Break("case:3", 1, Kind.CHECKPOINT)


def test_checkpoints_removed_with_all_they_covered_are_found_by_a_root_kept_elsewhere(
    nights: list[str], superuser: Superuser
) -> None:
    superuser("DELETE FROM ledger_checkpoint_head")
    superuser("DELETE FROM ledger_checkpoint")
    superuser("DELETE FROM ledger_entry")
    superuser("DELETE FROM ledger_head")
    assert verify().whole
    assert verify(root=nights[-1]).first == Break("", 1, Kind.CHECKPOINT)
