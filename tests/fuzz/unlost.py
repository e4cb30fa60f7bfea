"""What must hold after whatever was asked: what was there is there, and a refusal changed nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple, Protocol, TypeVar

from django.db import connection, transaction

from qitong.accounts.models import Enterprise, User
from qitong.casework.models import Case, CaseMaterial, Note, Task
from qitong.datashare.models import Document
from qitong.ledger.models import Entry
from qitong.ledger.verify import verify

KEPT = (Case, CaseMaterial, Task, Note, Document, Enterprise, User)
_COUNTS = ", ".join(f'(SELECT count(*) FROM "{kind._meta.db_table}")' for kind in KEPT)  # noqa: S608
_SEEN = f"SELECT (SELECT coalesce(max(id), 0) FROM ledger_entry), {_COUNTS}"  # noqa: S608  our own tables


class Answer(Protocol):
    status_code: int


A = TypeVar("A", bound=Answer)


class Seen(NamedTuple):
    """The last entry of the ledger, and how many there are of what is never removed."""

    last: int
    counts: tuple[int, ...]


def seen() -> Seen:
    with connection.cursor() as cursor:
        cursor.execute(_SEEN)
        last, *counts = cursor.fetchone()
    return Seen(last, tuple(counts))


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens within has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def asked(ask: Callable[[], A], *, quiet: bool = True) -> A:
    """The answer to one request, which is undone afterwards: the next input meets the same world.

    What was there is still there; what was written is chained and sealed as the ledger has it; and a
    refusal left no trace (unless not ``quiet``: a wrong password is written down).
    """
    before = seen()
    with undone():
        answer = ask()
        after = seen()
        kept = zip(KEPT, before.counts, after.counts, strict=True)
        lost = [kind.__name__ for kind, was, now in kept if now < was]
        assert not lost, f"gone: {lost}"
        assert after == before or answer.status_code < 400 or not quiet, "a refusal left something behind"
        written = Entry.objects.filter(pk__gt=before.last).values_list("stream", flat=True)
        for stream in set(written) if after.last > before.last else ():
            assert verify(stream=stream, expected=[stream]).whole, stream
    return answer
