"""Every address of the pages and who may use it: gathered, so that a new one is tried at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from django import forms
from django.test import Client
from django.urls import get_resolver

from qitong.web.workbench import users
from qitong.web.workbench.bulk import SHOWN
from qitong.web.workbench.case_deeds import CASE_WAYS, MATERIAL_WAYS
from qitong.web.workbench.task_deeds import TASK_WAYS
from tests.permissions.test_strangers import addresses, things
from tests.permissions.world import World, read

HELD = {  # a name of their own for each address that is opened with a secret or a number
    "public:stage": "/p/{case}",
    "public:guide": "/items/energy_review",
    "calendar-company": "/calendar/x.ics",
    "calendar-office": "/calendar/desk/x.ics",
    "mail_off": "/mail/off/x",
    "dashboard:shared-wall": "/wall/x",
}
DEEDS: dict[str, type[forms.Form]] = {
    **{f"do:{way.slug}": way.form for way in (*CASE_WAYS, *MATERIAL_WAYS)},
    **{f"task:{way.slug}": way.form for way in TASK_WAYS},
    **{f"person:{slug}": users.ReasonForm for slug in users._DEEDS},
    **{f"bulk:{slug}": shown.form for slug, shown in SHOWN.items()},
}
PAGES = tuple(name for name, _address, _thing in addresses(get_resolver().url_patterns))
NAMES = (*PAGES, *DEEDS)
EVERYBODY = ("company", "owner", "leader", "head at work", "security administrator", "system administrator")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is sent, by whom, and what its form is known to ask."""

    address: str
    who: tuple[str, ...]
    form: type[forms.Form] | None = None


def places(world: World) -> dict[str, Place]:
    found = {
        name: Place(address, _users(name)) for name, address, thing in addresses(get_resolver().url_patterns)
    }
    for name, thing in things(world).items():
        knows = tuple(sorted(thing.knows))[:3]
        found[name] = Place(thing.address, (*knows, "another company"))
    for name, address in HELD.items():
        found[name] = Place(address.format(case=world.review.number), ("visitor", "owner"))
    return found | _deeds(world)


def _users(name: str) -> tuple[str, ...]:
    space = name.partition(":")[0]
    by_space = {"portal": ("company",), "workbench": EVERYBODY[1:], "dashboard": EVERYBODY[2:4]}
    return by_space.get(space, ("visitor", *EVERYBODY[:2]))


def _deeds(world: World) -> dict[str, Place]:
    desk = "/desk/cases/{}"
    at = {
        "do": (desk.format("{case}") + "/do/{slug}", ("owner", "leader", "head at work")),
        "task": (desk.format("{review}") + "/tasks/{task}/{slug}", ("reviewer at work", "owner", "leader")),
        "person": ("/desk/people/{person}/{slug}", ("security administrator",)),
        "bulk": ("/desk/bulk?deed={slug}&it={pk}&it=0", ("owner", "head at work")),
    }
    parts = {
        "case": world.asked.number,
        "review": world.review.number,
        "task": world.supplement.task_id,
        "person": world.user("reviewer at work").pk,
        "pk": world.review.pk,
    }
    found = {}
    for name, form in DEEDS.items():
        kind, _, slug = name.partition(":")
        address, who = at[kind]
        found[name] = Place(address.format(slug=slug, **parts), who, form)
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """The fields of a page: what each offers, and which of them are written in."""

    offered: dict[str, list[str]]
    files: frozenset[str]

    def of_address(self, usual: tuple[str, ...]) -> Asked:
        """The same as parameters of an address, with those that addresses usually have."""
        return Asked({**{name: [] for name in usual}, **self.offered}, frozenset())


_FIELD = re.compile(
    r"<(?:input|textarea|select)\b([^>]*)>(.*?)(?=<input|<textarea|<select|</form|$)", re.DOTALL
)
_VALUE = re.compile(r'\bvalue="([^"]*)"')


def asked_at(client: Client, place: Place) -> Asked:
    """Every field of whatever the address shows, and those of the form that is known to stand behind it."""
    offered: dict[str, list[str]] = {}
    files: set[str] = set()
    for name, field in (place.form.base_fields if place.form else {}).items():
        offered.setdefault(name, [])
        if isinstance(field, forms.FileField):
            files.add(name)
    page = read(client.get(place.address))
    for attributes, inner in _FIELD.findall(page):
        if found := re.search(r'\bname="([^"]+)"', attributes):
            name = unescape(found[1])
            values = _VALUE.findall(attributes) + _VALUE.findall(inner)
            offered.setdefault(name, []).extend(unescape(value) for value in values)
            if 'type="file"' in attributes:
                files.add(name)
    offered.pop("csrfmiddlewaretoken", None)
    return Asked(offered or {"next": []}, frozenset(files))
