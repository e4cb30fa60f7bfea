"""Who wants to know of an entry, inside the transaction that writes it.

Called before the commit: a subscriber defers work in the same transaction (nothing is lost, nothing
happens for what is rolled back) and does no work itself. An error in a subscriber undoes the deed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from qitong.ledger.models import Entry

OnEntry = Callable[[Entry], None]
OnBatch = Callable[[Sequence[Entry]], None]

_on_entry: list[OnEntry] = []
_on_batch: list[OnBatch] = []


def on_record(fn: OnEntry) -> OnEntry:
    """Call ``fn(entry)`` for every entry of ``record()`` and ``record_many()``; also a decorator."""
    if fn not in _on_entry:
        _on_entry.append(fn)
    return fn


def on_batch(fn: OnBatch) -> OnBatch:
    """Call ``fn(entries)`` once per ``record()`` or ``record_many()``, so a sweep defers one job."""
    if fn not in _on_batch:
        _on_batch.append(fn)
    return fn


def forget(fn: OnEntry | OnBatch) -> None:
    """Undo ``on_record`` or ``on_batch``."""
    _on_entry[:] = [known for known in _on_entry if known != fn]
    _on_batch[:] = [known for known in _on_batch if known != fn]


_untold: ContextVar[bool] = ContextVar("untold", default=False)


@contextmanager
def untold() -> Iterator[None]:
    """What is recorded in here is announced to nobody: for a past that is played, never for what happens.

    Whoever uses it brings up to date by itself what would have followed.
    """
    before = _untold.set(True)
    try:
        yield
    finally:
        _untold.reset(before)


def announce(entries: Sequence[Entry]) -> None:
    if _untold.get():
        return
    for batch in tuple(_on_batch):
        batch(entries)
    for single in tuple(_on_entry):
        for entry in entries:
            single(entry)
