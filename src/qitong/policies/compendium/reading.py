"""Whose compendium it is and what things are called: from the database, or from the files of the program."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from qitong.accounts import organisation
from qitong.accounts.models import Jurisdiction, Level
from qitong.catalogue import queries as catalogue
from qitong.catalogue.check import PACKAGED as ITEMS
from qitong.catalogue.check import check_path
from qitong.kernel.words import Named, say
from qitong.policies import editions
from qitong.policies.compendium.assemble import FILES, PUBLISHED, Around, assemble
from qitong.policies.compendium.parts import Compendium, Text
from qitong.policies.compendium.themes import Theme
from qitong.policies.library import Library

NOBODY = say("本园区")


Places = tuple[tuple[str, str, str, str], ...]
"""Level, code and both names of each jurisdiction."""


def published(on: dt.date, *, theme: Theme | None = None) -> Compendium:
    """What was published for a day. Three small queries while nothing new was published."""
    return _assembled(editions.on_day(on), catalogue.edition_or_none(on), _places(), on, theme)


@lru_cache(maxsize=32)
def _assembled(
    edition: editions.Edition,
    known: catalogue.Edition | None,
    places: Places,
    on: dt.date,
    theme: Theme | None,
) -> Compendium:
    """Made of what never changes, and in no language: kept for the next reader."""
    return assemble(edition.library, on, _named(edition, known, places), theme=theme)


def around(edition: editions.Edition, on: dt.date) -> Around:
    """The names of the installation: its park, departments, items and regions."""
    return _named(edition, catalogue.edition_or_none(on), _places())


def _places() -> Places:
    rows = Jurisdiction.objects.order_by("level", "code")
    return tuple(rows.values_list("level", "code", "name_zh", "name_en"))


def _named(edition: editions.Edition, known: catalogue.Edition | None, places: Places) -> Around:
    return Around(
        place=_place([Named(zh, en) for level, _, zh, en in places if level == Level.PARK]),
        source=PUBLISHED,
        departments=known.department_names if known else {},
        items=known.item_names if known else {},
        regions={code: Named(zh, en) for level, code, zh, en in places if level != Level.PARK},
        versions={code: number for code, (_, number) in edition.versions.items()},
    )


def of_files(library: Library, on: dt.date, *, theme: Theme | None = None) -> Compendium:
    """The same of policy files, with the names that come with the program; no database."""
    organised = organisation.read()
    items, _ = check_path(ITEMS)
    parks = [Named(place.zh, place.en) for place in organised.jurisdictions if place.level == Level.PARK]
    names = Around(
        place=_place(parks),
        source=FILES,
        departments={code: Named(one.zh, one.en) for code, one in items.departments.items()} if items else {},
        items={item.code: Named(item.name.zh, item.name.en) for item in items.items} if items else {},
        regions={
            one.code: Named(one.zh, one.en) for one in organised.jurisdictions if one.level != Level.PARK
        },
    )
    return assemble(library, on, names, theme=theme)


def _place(parks: list[Named]) -> Text:
    """The one park, or all of them by name; before any is set up, just "this park"."""
    if not parks:
        return NOBODY
    return Named("、".join(park.zh for park in parks), ", ".join(park.en for park in parks))
