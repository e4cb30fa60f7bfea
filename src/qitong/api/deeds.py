"""One table row per deed becomes one address: its body, the row of the flow, the domain's function."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypedDict

from qitong.accounts.actors import Actor, actor_for
from qitong.accounts.models import Department, User
from qitong.api.shapes import In
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.flow import Deed
from qitong.kernel.errors import Refused
from qitong.kernel.words import say


class Who(TypedDict):
    by: Actor
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Call:
    """What a deed's function is called with; ``body`` is of the row's own model."""

    id: int
    body: Any
    who: Who


@dataclass(frozen=True, slots=True)
class DeedRow:
    """``name`` is the last part of the address; ``body`` None: nothing has to be said."""

    name: str
    deed: Deed
    body: type[In] | None
    act: Callable[[Call], object]
    summary: str


def department_of(code: str, *, field: str) -> Department:
    found = Department.objects.filter(code=code).first()
    if found is None:
        raise Refused(say("没有编码为“{code}”的部门。", code=code), code="unknown_department", field=field)
    return found


def officer_of(login: str, at: dt.datetime, *, field: str) -> User:
    """An officer by login; companies' people cannot be added to a case."""
    user = User.objects.filter(login=login.strip().lower(), is_active=True).first()
    if user is None or not actor_for(user, on=day_of(at)).is_officer:
        raise Refused(
            say("没有账号为“{login}”的工作人员。", login=login), code="unknown_officer", field=field
        )
    return user
