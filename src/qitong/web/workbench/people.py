"""Names: of who acted, of who may be asked, of whose work one does today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext

from qitong.accounts.models import Department, User
from qitong.accounts.queries import roles_on

Groups = list[tuple[str, list[tuple[int, str]]]]


def names_of(ids: Iterable[int]) -> dict[int, str]:
    """Name by primary key; one query, none when nobody is asked for."""
    wanted = set(ids)
    return dict(User.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def actors_of(refs: Iterable[str]) -> dict[str, str]:
    """Who ``user:7`` and the like are, for people; one query."""
    found = set(refs)
    users = names_of(int(ref.removeprefix("user:")) for ref in found if ref.startswith("user:"))
    return {ref: _shown(ref, users) for ref in found}


def _shown(ref: str, users: dict[int, str]) -> str:
    kind, _, number = ref.partition(":")
    if kind == "user":
        return users.get(int(number), ref)
    return gettext("系统") if kind == "system" else gettext("接口") if kind == "token" else ref


def officers(on: dt.date, *, without: Iterable[int] = (), among: Iterable[int] = ()) -> Groups:
    """Who works where on a day, by department, for a list to choose from; one query.

    ``without`` leaves people out; ``among`` keeps only these departments.
    """
    left_out, kept = set(without), set(among)
    held = roles_on(on).select_related("user", "department").order_by("department_id", "user_id")
    groups: dict[str, dict[int, str]] = {}
    for row in held:
        if row.user_id in left_out or (kept and row.department_id not in kept):
            continue
        place = str(row.department.label) if row.department else gettext("不属于部门")
        groups.setdefault(place, {})[row.user_id] = row.user.name
    return [(place, list(people.items())) for place, people in groups.items()]


def departments() -> list[tuple[int, str]]:
    """Every department, for a list to choose from; one query."""
    return [(row.pk, str(row.label)) for row in Department.objects.order_by("code")]
