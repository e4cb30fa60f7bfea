"""Short ways to say what every test of casework says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN, GREEN_CLERK
from qitong.kernel.errors import Refused
from qitong.ledger.models import Entry


@contextmanager
def refused(code: str) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """The deed is refused with this code and a sentence, and leaves no trace in the ledger."""
    before = Entry.objects.count()
    with pytest.raises(Refused) as caught, transaction.atomic():
        yield caught
    assert caught.value.code == code, str(caught.value)
    assert str(caught.value)
    assert Entry.objects.count() == before


def forbidden(sql: str, *params: object) -> str:
    """Raw SQL that the database refuses; returns what it said."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        _at_once(sql, params)
    return str(caught.value)


def _at_once(sql: str, params: tuple[object, ...]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)  # type: ignore[arg-type]  # any SQL value
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def doing(stage: Stage, login: str) -> dict[str, Any]:
    """``by`` and ``at`` of a deed that ``login`` does next."""
    return {"by": stage.who(login), "at": stage.tick()}


def handed_in(stage: Stage, item: str = "business_licence", *, leave: frozenset[str] = frozenset()) -> Case:
    """A submitted application of the first company."""
    return stage.submit(stage.apply(GREEN, item, GREEN_CLERK, leave=leave), GREEN_CLERK)


def accepted(stage: Stage, item: str = "business_licence") -> Case:
    return stage.accept(handed_in(stage, item))


def asked(stage: Stage, title: str = "厂区门前道路积水") -> Case:
    """An accepted free request of the first company."""
    case = stage.request(GREEN, GREEN_CLERK, title, "雨后积水约二十厘米，货车无法进出。")
    return stage.accept(stage.submit(case, GREEN_CLERK))


def delivered(stage: Stage, item: str = "export_tax_refund") -> Case:
    case = accepted(stage, item)
    stage.days(1)
    stage.review_all(case)
    stage.decide(case, "zhou.jun")
    stage.deliver(case)
    return again(case)


def again(case: Case) -> Case:
    """The case as the database holds it now."""
    return Case.objects.get(pk=case.pk)


def kinds(case: Case) -> list[str]:
    """The ledger of a case, oldest first, as kinds."""
    return list(Entry.objects.filter(stream=case.stream).order_by("number").values_list("kind", flat=True))
