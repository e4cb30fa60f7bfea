"""What the log says of all this: which address, how long; no person, no company, nothing anybody wrote."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from qitong.server.watch.logs import REQUESTS, JsonLine, Worth
from tests.permissions.test_strangers import things
from tests.permissions.world import LIN, NOTE, OPINION, PAPER, PLAN, STORY, TITLE, World, read

SignedIn = Callable[[str], Client]


class Kept(logging.Handler):
    """The lines as production writes them."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLine())
        self.addFilter(Worth())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def kept() -> Iterator[Kept]:
    handler, root, requests = Kept(), logging.getLogger(), logging.getLogger(REQUESTS)
    before = root.level, requests.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    requests.setLevel(logging.INFO)
    yield handler
    root.removeHandler(handler)
    root.setLevel(before[0])
    requests.setLevel(before[1])


def test_no_line_names_a_person_a_company_or_what_they_wrote(
    world: World, signed_in: SignedIn, kept: Kept
) -> None:
    for who in ("company", "owner", "auditor", "visitor", "another company"):
        client = signed_in(who)
        for thing in things(world).values():
            read(client.get(thing.address))
        for words in ("林小雨", LIN, STORY):
            read(client.get("/desk/search", {"q": words}))
            read(client.get("/my/cases", {"q": words}))
    client.post("/my/company/1/members/new", {"login": LIN, "name": "林小雨", "role": "clerk"})
    visitor = signed_in("visitor")
    read(visitor.post("/login", {"login": LIN, "password": "Wrong-horse-7"}))
    read(visitor.post("/register", {"uscc": world.company.uscc, "phone": LIN, "contact_name": "林小雨"}))
    said = (NOTE, OPINION, PAPER, PLAN, STORY, TITLE)
    secrets = ("林小雨", LIN, world.company.name, world.company.legal_representative, *said)
    assert [line for line in kept.lines if any(secret in line for secret in secrets)] == []
    assert len(kept.lines) > 200
