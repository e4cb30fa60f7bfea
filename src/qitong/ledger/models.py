"""The ledger's tables. Only ``record.py``, ``checkpoint.py`` and ``erase.py`` write them.

Triggers (migration 0002) refuse UPDATE, DELETE and TRUNCATE of entries and checkpoints, let a head
only move forward, and let a text only be erased. ``ledger_entry`` has one more column, ``xid``
(the writing transaction, set by the database), which ``queries.since`` reads.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import CheckConstraint, F, Func, Index, Q, UniqueConstraint, Value


def is_one_word(column: str) -> Func:
    """A word of 1 to 200 characters, said without a pattern that counts: that takes 20 µs a row."""
    return Func(
        F(column),
        template=r"(%(expressions)s !~ '\s' AND length(%(expressions)s) BETWEEN 1 AND 200)",
        output_field=models.BooleanField(),
    )


def area_of_kind() -> Func:
    """What a kind begins with: ``login`` of ``login.failed``."""
    return Func(F("kind"), Value("."), Value(1), function="split_part", output_field=models.TextField())


class Entry(models.Model):
    """One fact: who (``by``, like ``user:7``) did what (``kind``) when (``at``) in which stream.

    ``number`` runs 1, 2, 3 … within the stream; ``hash`` covers everything before it and the
    previous entry's hash; ``seal`` is an HMAC of the hash.
    """

    id = models.BigAutoField(primary_key=True)
    stream = models.TextField(db_collation="C")
    number = models.BigIntegerField()
    kind = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()
    body: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    algorithm = models.TextField()
    prev_hash = models.TextField(blank=True)
    hash = models.TextField()
    seal = models.TextField()

    class Meta:
        db_table = "ledger_entry"
        ordering = ["stream", "number"]
        constraints = [
            UniqueConstraint(fields=["stream", "number"], name="ledger_entry_number"),
            CheckConstraint(condition=Q(number__gte=1), name="ledger_entry_number_from_one"),
            CheckConstraint(condition=is_one_word("stream"), name="ledger_entry_stream"),
            CheckConstraint(condition=is_one_word("kind"), name="ledger_entry_kind"),
            CheckConstraint(condition=~Q(by=""), name="ledger_entry_by"),
        ]
        indexes = [
            Index("at", "id", name="ledger_entry_when"),
            Index("by", "at", "id", name="ledger_entry_whose"),
            Index(area_of_kind(), "at", "id", name="ledger_entry_area"),
        ]

    def __str__(self) -> str:
        return f"{self.stream}#{self.number} {self.kind}"


class Head(models.Model):
    """The last entry of a stream. Locked while the stream is written, so a stream never forks."""

    stream = models.TextField(primary_key=True, db_collation="C")
    number = models.BigIntegerField(default=0)
    hash = models.TextField(blank=True, default="")
    algorithm = models.TextField(blank=True, default="")
    mac = models.TextField(blank=True, default="")

    class Meta:
        db_table = "ledger_head"

    def __str__(self) -> str:
        return f"{self.stream}#{self.number}"


class Text(models.Model):
    """A personal text, of which the entry holds only the salted digest. Erasable, not changeable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="texts", db_index=False)
    name = models.TextField()
    salt = models.BinaryField()
    text = models.TextField()

    class Meta:
        db_table = "ledger_text"
        constraints = [UniqueConstraint(fields=["entry", "name"], name="ledger_text_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"


class Checkpoint(models.Model):
    """All stream heads at one moment; ``root`` covers the heads that changed and the previous root."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    by = models.TextField()
    streams = models.BigIntegerField()
    entries = models.BigIntegerField()
    algorithm = models.TextField()
    prev_root = models.TextField(blank=True)
    root = models.TextField()
    seal = models.TextField()

    class Meta:
        db_table = "ledger_checkpoint"
        ordering = ["number"]
        constraints = [
            CheckConstraint(condition=Q(number__gte=1), name="ledger_checkpoint_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.root}"


class CheckpointHead(models.Model):
    """A head that had changed since the previous checkpoint; ``previous`` is its number then (0: new)."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="heads")
    stream = models.TextField(db_collation="C")
    number = models.BigIntegerField()
    hash = models.TextField()
    previous = models.BigIntegerField()

    class Meta:
        db_table = "ledger_checkpoint_head"
        constraints = [
            UniqueConstraint(fields=["stream", "checkpoint"], name="ledger_checkpoint_head_once"),
        ]

    def __str__(self) -> str:
        return f"{self.stream}#{self.number}"
