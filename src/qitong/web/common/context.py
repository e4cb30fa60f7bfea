"""The frame around every page: who is signed in, and which ways are open to them.

Portal, workbench and public pages each register their entries in their own ``nav.py`` (imported
when the server starts), so the frame shows them all while none knows another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial

from django.http import HttpRequest

from qitong.accounts.actors import Actor
from qitong.accounts.models import Visit
from qitong.web.common.addresses import address
from qitong.web.common.http import acting
from qitong.web.common.parts import Text
from qitong.web.common.theme import THEMES, theme_of
from qitong.web.common.visiting import visit_of


class Audience(StrEnum):
    VISITOR = "visitor"
    COMPANY = "company"
    OFFICER = "officer"


@dataclass(frozen=True, slots=True)
class Entry:
    """A way in the head of the page. ``view`` is a URL name; lower ``order`` stands further left.

    ``waiting`` counts what waits for the reader behind it. ``bar``: worth a place within the thumb's
    reach on a phone, where five fit. ``only`` says which readers have this way.
    """

    label: Text
    view: str
    audiences: frozenset[Audience]
    order: int
    waiting: Callable[[Actor], int | str] | None = None
    bar: bool = True
    only: Callable[[Actor], bool] | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """``waiting``, where something can wait, counts it when the frame is drawn, and not before."""

    label: Text
    href: str
    current: bool
    waiting: Callable[[], int | str] | None = None
    bar: bool = True


@dataclass(frozen=True, slots=True)
class Shell:
    """``audience`` is who reads; ``who`` their name, empty for a visitor; ``theme`` what they chose."""

    audience: Audience
    who: str
    nav: tuple[Link, ...]
    home: str
    here: str
    theme: str = ""
    visit: Visit | None = None
    """Under way when an administrator looks as ``who``."""

    @property
    def rest(self) -> tuple[Link, ...]:
        """The ways that stand behind 更多 on a phone."""
        return tuple(link for link in self.nav if not link.bar)

    @property
    def themes(self) -> Iterator[tuple[str, Text, bool]]:
        """What can be chosen: value, word, and whether it is the present one."""
        return ((value, word, value == self.theme) for value, word in THEMES.items())


BAR = 5  # places at the foot of a phone's screen; the last one is 更多 when there are more ways

_entries: dict[str, Entry] = {}
_homes: dict[Audience, str] = {}
_own_homes: list[tuple[Audience, str, Callable[[Actor], bool]]] = []


def register(
    label: Text,
    view: str,
    *audiences: Audience,
    order: int,
    waiting: Callable[[Actor], int | str] | None = None,
    bar: bool = True,
    only: Callable[[Actor], bool] | None = None,
) -> None:
    """Show ``label`` in the head of the page to these audiences.

    ``waiting`` counts what waits there for a signed-in reader; it should be one query. With ``bar``
    false it stands behind 更多 on a phone, unless there are but a few. ``only`` narrows the audience to
    the readers for whom it holds; it should ask no query.
    """
    _entries[view] = Entry(label, view, frozenset(audiences), order, waiting, bar, only)


def register_home(audience: Audience, view: str, *, only: Callable[[Actor], bool] | None = None) -> None:
    """Where this audience lands after signing in; with ``only``, those of it for whom that holds."""
    if only is None:
        _homes[audience] = view
    elif (audience, view, only) not in _own_homes:
        _own_homes.append((audience, view, only))


def audience_of(request: HttpRequest | None) -> Audience:
    """An officer role counts before a company: who has both sees the workbench."""
    if request is None or not request.user.is_authenticated:
        return Audience.VISITOR
    return Audience.OFFICER if acting(request).is_officer else Audience.COMPANY


def home_of(audience: Audience, reader: Actor | None = None) -> str:
    """The address where this audience (and this reader of it) starts, ``/`` when none is registered."""
    if reader is not None:
        for whose, view, only in _own_homes:
            if whose is audience and only(reader):
                return address(view)
    return address(_homes[audience]) if audience in _homes else "/"


def shell(request: HttpRequest | None) -> Shell:
    """Everything the frame shows; for a page without a request (a crash), a visitor's frame."""
    audience = audience_of(request)
    here = request.path if request is not None else ""
    reader = None if request is None or audience is Audience.VISITOR else acting(request)
    who = reader.name if reader else ""
    ways = tuple(_links(audience, here, reader))
    visit = None if request is None else visit_of(request)
    return Shell(audience, who, ways, home_of(audience, reader), here, theme_of(request), visit)


def _links(audience: Audience, here: str, reader: Actor | None) -> Iterator[Link]:
    open_to = (e for e in _entries.values() if audience in e.audiences and _has_way(e, reader))
    ways = sorted(open_to, key=lambda entry: entry.order)
    addressed = [(entry, address(entry.view)) for entry in ways]
    # The longest address that begins the present one is "here": /cases marks /cases/42 too.
    fitting = [href for _, href in addressed if here == href or (href != "/" and here.startswith(href))]
    current = max(fitting, key=len, default="")
    few = len(ways) < BAR - 1
    inside = {entry.view for entry in [e for e in ways if e.bar or few][: BAR - 1]}
    for entry, href in addressed:
        # shown on a desk and in the phone's last way: counted once
        waiting = cache(partial(entry.waiting, reader)) if entry.waiting and reader else None
        yield Link(entry.label, href, href == current, waiting, entry.view in inside)


def _has_way(entry: Entry, reader: Actor | None) -> bool:
    return entry.only is None or (reader is not None and entry.only(reader))
