"""Whose compendium it is and what things are called: from the database, or from the files of the program."""

from __future__ import annotations

import datetime as dt

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


def published(on: dt.date, *, theme: Theme | None = None) -> Compendium:
    """What was published for a day. Three small queries while nothing new was published."""
    edition = editions.on_day(on)
    return assemble(edition.library, on, around(edition, on), theme=theme)


def around(edition: editions.Edition, on: dt.date) -> Around:
    """The names of the installation: its park, departments, items and regions."""
    known = catalogue.edition_or_none(on)
    places = list(Jurisdiction.objects.order_by("level", "code"))
    return Around(
        place=_place([place.label for place in places if place.level == Level.PARK]),
        source=PUBLISHED,
        departments=known.department_names if known else {},
        items=known.item_names if known else {},
        regions={place.code: place.label for place in places if place.level != Level.PARK},
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
