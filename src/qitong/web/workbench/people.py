"""Names: of who acted, of who may be asked, of whose work one does today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.db.models import BigIntegerField, QuerySet, Value
from django.utils.translation import gettext

from qitong.accounts.actors import Actor, Role
from qitong.accounts.models import Department, User
from qitong.accounts.queries import roles_on
from qitong.kernel.words import Named
from qitong.sql.frozen import Frozen

Groups = list[tuple[str, list[tuple[int, str]]]]


def names_of(ids: Iterable[int]) -> dict[int, str]:
    """Name by primary key; one query, none when nobody is asked for."""
    wanted = set(ids)
    return dict(User.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def actor_name(ref: str, name: str) -> str:
    """Who ``user:7`` and the like are, for people: ``name`` is what is known of the person."""
    kind = ref.partition(":")[0]
    return name or {
        "user": gettext("企业人员"),
        "system": gettext("系统"),
        "token": gettext("接口"),
        "visit": gettext("安全管理员（查看）"),
    }.get(kind, ref)


def _all(on: dt.date) -> QuerySet[Any, Any]:
    none = Value(None, output_field=BigIntegerField())
    places = Department.objects.values_list("pk", none, "name_zh", "name_en", "code")
    held = roles_on(on).values_list("department_id", "user_id", "user__name", Value(""), Value(""))
    return places.union(held, all=True)


_ALL: Frozen[Any] = Frozen(_all)


class Directory:
    """Who works where on a day and which departments there are, for lists to choose from.

    Read when it is first asked for: one query for both.
    """

    def __init__(self, on: dt.date) -> None:
        self.on = on

    @cached_property
    def _rows(self) -> tuple[dict[int, str], list[tuple[int | None, int, str]]]:
        found = _ALL(on=self.on)
        departments = sorted((row for row in found if row[1] is None), key=lambda row: str(row[4]))
        names = {int(pk): str(Named(zh, en)) for pk, _user, zh, en, _code in departments}
        people = [(place, user, name) for place, user, name, _en, _code in found if user is not None]
        return names, sorted(people, key=lambda row: (row[0] is None, row[0] or 0, row[1]))

    def departments(self) -> list[tuple[int, str]]:
        return list(self._rows[0].items())

    def officers(self, *, without: Iterable[int] = (), among: Iterable[int] = ()) -> Groups:
        """People by department. ``without`` leaves some out; ``among`` keeps only these departments."""
        left_out, kept = set(without), set(among)
        names, people = self._rows
        groups: dict[str, dict[int, str]] = {}
        for place, user, name in people:
            if user in left_out or (kept and place not in kept):
                continue
            label = names[place] if place is not None else gettext("不属于部门")
            groups.setdefault(label, {})[user] = name
        return [(label, list(group.items())) for label, group in groups.items()]


def whose(actor: Actor, known: Directory) -> Groups:
    """Whose absence or leaving one may note: one's own; a head's department; an administrator's everybody."""
    if actor.has(Role.SYSTEM_ADMINISTRATOR):
        return known.officers()
    own = [(gettext("本人"), [(actor.user_id or 0, actor.name)])]
    headed = actor.departments(Role.DEPARTMENT_HEAD)
    return [*own, *known.officers(among=headed, without={actor.user_id or 0})] if headed else own
