"""Whatever is typed into a form or written into an address is answered by a page, never by a crash.

Addresses, deeds and fields are gathered from the program; a new form is tried from the day it has an address.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.datashare.made import docx, jpeg, png
from tests.fuzz import places
from tests.fuzz.budget import Tried, drawn
from tests.fuzz.nasty import sendable
from tests.fuzz.unlost import asked
from tests.permissions.world import World, read

CONTENTS = (b"", b"%PDF-1.4\n", png()[:20], png(), jpeg(), docx(), docx()[:-20], b"PK\3\4", b"a,b\n", b"\0")
FILES = st.builds(
    SimpleUploadedFile,
    st.sampled_from(["a.pdf", "_", "长" * 200 + ".pdf", "a.png", "a.docx", "..pdf", "a\u202efdp.exe"]),
    st.sampled_from(CONTENTS) | st.binary(max_size=60),
    st.sampled_from(["application/pdf", "text/html", "", "image/png; charset=x"]),
)
LOUD = ("login", "login_code", "login_second", "account_password", "portal:question")
"""Where a refusal leaves a trace, as it should: a wrong password or code, words kept as they were typed."""
USUAL = ("cursor", "q", "next", "page", "state", "scope", "kind", "since", "until", "before", "list", "back")
SAID = ("healthz",)
"""Says 503 of itself where no worker runs."""
Knows = Callable[[str, str], tuple[Client, places.Asked]]


@pytest.fixture(scope="module")
def made(world: World) -> dict[str, places.Place]:
    return places.places(world)


@pytest.fixture(scope="module")
def knows(world: World, made: dict[str, places.Place]) -> Knows:
    """Somebody's client, and what a place asks them; both once, for they cost more than what is tried."""
    clients = {who: world.signed_in(who) for who in {who for place in made.values() for who in place.who}}

    @cache
    def known(name: str, who: str) -> tuple[Client, places.Asked]:
        return clients[who], places.asked_at(clients[who], made[name])

    return known


@st.composite
def filled(draw: st.DrawFn, fields: places.Asked) -> dict[str, Any]:
    """Some of the fields: with what the page offers, or with whatever."""
    names = draw(st.lists(st.sampled_from(sorted(fields.offered)), unique=True, max_size=8))
    found: dict[str, Any] = {}
    for name in names:
        if name in fields.files:
            found[name] = draw(FILES)
            continue
        offered = fields.offered[name]
        value = (st.sampled_from(offered) | sendable) if offered else sendable
        found[name] = draw(st.lists(value, min_size=1, max_size=2))
    return found


@pytest.mark.parametrize("name", places.NAMES)
def test_a_form_answers_whatever_is_typed(
    made: dict[str, places.Place], knows: Knows, db: None, tried: Tried, name: str
) -> None:
    address = made[name].address

    @drawn(tried.test)
    @given(who=st.sampled_from(made[name].who), data=st.data())
    def answers(who: str, data: st.DataObject) -> None:
        tried.one()
        client, fields = knows(name, who)
        sent = data.draw(filled(fields))
        answer = asked(lambda: client.post(address, sent), quiet=name not in LOUD)
        assert answer.status_code < 500 or name in SAID, (answer.status_code, address)

    answers()


@pytest.mark.parametrize("name", places.PAGES)
def test_a_page_answers_whatever_its_address_asks(
    made: dict[str, places.Place], knows: Knows, db: None, tried: Tried, name: str
) -> None:
    address = made[name].address

    @drawn(tried.test)
    @given(who=st.sampled_from(made[name].who), data=st.data())
    def answers(who: str, data: st.DataObject) -> None:
        tried.one()
        client, fields = knows(name, who)
        sent = data.draw(filled(fields.of_address(USUAL)))
        answer = asked(lambda: client.get(address, sent))
        read(answer)
        assert answer.status_code < 500 or name in SAID, (answer.status_code, address)

    answers()
