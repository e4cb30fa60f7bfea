"""Every surface shows a case exactly to those who may see it, and says nothing of it to anybody else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from qitong.casework import feeds, lists, queries
from qitong.casework.logic.terms import Side
from qitong.casework.models import Case
from qitong.datashare.models import Document
from tests.permissions.world import COMPANIES, NOTE, OPINION, PEOPLE, STORY, World, read

SignedIn = Callable[[str], Client]
EVERYTHING = {"scope": "all", "state": "any"}
EVERYBODY = ["visitor", *PEOPLE]


def seen_by(world: World, who: str) -> set[str]:
    """What the permission says: the numbers of the company's cases one may see."""
    if who in ("visitor", "closed account"):
        return set()
    cases = queries.visible(world.actor(who)).exclude(number=None)
    return {str(number) for number in cases.values_list("number", flat=True)}


def named(world: World, text: str) -> set[str]:
    """The numbers that stand in a text."""
    return {str(case.number) for case in world.handed_in() if str(case.number) in text}


def test_the_cast_covers_all_there_is_to_see(world: World, db: None) -> None:
    seen = {who: len(seen_by(world, who)) for who in EVERYBODY}
    whole = ("company", "owner", "same window", "leader", "auditor")
    assert {seen[who] for who in whole} == {3}
    assert {seen["stands in for the owner"], seen["stands in for the leader"]} == {3}
    assert {seen["reviewer at work"], seen["head at work"]} == {1}
    assert sum(count == 0 for count in seen.values()) == 9


@pytest.mark.parametrize("who", EVERYBODY)
def test_lists_search_exports_and_calendars_name_what_one_may_see(
    world: World, signed_in: SignedIn, who: str
) -> None:
    client, may = signed_in(who), seen_by(world, who)
    found = {}
    for surface, text in _lists(world, client, who):
        if named(world, text) != may:
            found[surface] = named(world, text)
    assert not found, "\n".join(f"{name}: {why}" for name, why in found.items())


def _lists(world: World, client: Client, who: str) -> Iterator[tuple[str, str]]:
    """Wherever all cases of somebody stand: as a company's member or as an officer."""
    if who in COMPANIES:
        finished = read(client.get("/my/cases", {"show": "finished"}))
        yield "list", read(client.get("/my/cases")) + finished
        yield "search", _without_query(client, "/my/cases", "绿源")
    else:
        yield "list", read(client.get("/desk", EVERYTHING))
        yield "filtered list", read(client.get("/desk", {**EVERYTHING, "q": "QT26"}))
        yield "export", read(client.post("/desk/exports/new", EVERYTHING))
        yield "search", _without_query(client, "/desk/search", "绿源")
        yield "palette", read(client.get("/desk/search.json", {"q": "QT26"}))


def _without_query(client: Client, address: str, words: str) -> str:
    return read(client.get(address, {"q": words}))


@pytest.mark.parametrize("who", EVERYBODY)
def test_details_timelines_and_chains_open_for_who_may_see(
    world: World, signed_in: SignedIn, who: str
) -> None:
    client, may = signed_in(who), seen_by(world, who)
    pages = ("", "/notes", "/receipt") if who in COMPANIES else ("", "/notes", "/ledger")
    at = "/my/cases" if who in COMPANIES else "/desk/cases"
    for case in world.handed_in():
        for page in pages:
            answer = client.get(f"{at}/{case.number}{page}")
            assert (answer.status_code == 200) == (case.number in may), (case.number, page)
    text = read(client.get(f"{at}/{world.review.number}/notes"))
    assert (NOTE in text) == (world.review.number in may)
    story = read(client.get(f"{at}/{world.review.number}"))
    assert (OPINION in story) == (world.review.number in may)
    assert (STORY in read(client.get(f"{at}/{world.asked.number}"))) == (world.asked.number in may)


@pytest.mark.parametrize("who", EVERYBODY)
def test_documents_open_for_who_may_see_a_case_that_holds_them(
    world: World, signed_in: SignedIn, who: str
) -> None:
    client, may = signed_in(who), seen_by(world, who)
    at = "/documents" if who in COMPANIES else "/desk/documents"
    for document in world.documents():
        holders = {str(number) for number in _holders(document) if number}
        own = document.enterprise_id in world.actor(who).enterprise_ids and who in COMPANIES
        answer = client.get(f"{at}/{document.public_id}")
        assert (answer.status_code == 200) == (own or bool(holders & may)), document.name
        read(answer)  # to the end, so that it is closed


def _holders(document: Document) -> set[str | None]:
    ways = ("materials__document", "certificates__document", "notes__documents", "supplements__documents")
    found: set[str | None] = set()
    for way in ways:
        found |= set(Case.objects.filter(**{way: document}).values_list("number", flat=True))
    return found


@pytest.mark.parametrize("who", [who for who in EVERYBODY if who not in COMPANIES])
def test_filters_offer_the_items_of_cases_one_may_see_and_no_others(
    world: World, signed_in: SignedIn, who: str
) -> None:
    page = read(signed_in(who).get("/desk", EVERYTHING))
    select = re.search(r'<select name="item".*?</select>', page, re.DOTALL)
    offered = set(re.findall(r'value="(\w+)"', select[0])) - {"request"} if select else set()
    seen = [] if who in ("visitor", "closed account") else lists.handed_in(world.actor(who))
    assert offered == {case.item_version.code for case in seen if case.item_version}


@pytest.mark.parametrize("who", PEOPLE)
def test_a_calendar_holds_due_dates_of_cases_one_may_see(world: World, signed_in: SignedIn, who: str) -> None:
    side = Side.COMPANY if who in COMPANIES else Side.OFFICE
    feed = feeds.renew(side=side, by=world.actor(who), at=world.stage.at)
    kind = "calendar" if side is Side.COMPANY else "calendar/desk"
    text = read(signed_in("visitor").get(f"/{kind}/{feeds.secret_of(feed)}.ics")).replace("\r\n ", "")
    assert named(world, text) <= seen_by(world, who)
    assert bool(named(world, text)) == (
        who in ("company", "owner", "stands in for the owner", "reviewer at work")
    )


@pytest.mark.parametrize("who", EVERYBODY)
def test_search_finds_the_companys_words_only_for_who_may_see_them(
    world: World, signed_in: SignedIn, who: str
) -> None:
    client, may = signed_in(who), seen_by(world, who)
    for words, case in ((OPINION, world.review), (STORY, world.asked), (world.company.uscc, world.review)):
        at = "/my/cases" if who in COMPANIES else "/desk/search"
        text = read(client.get(at, {"q": words}))
        assert (str(case.number) in text) == (case.number in may), words
        if who not in COMPANIES:
            few = client.get("/desk/search.json", {"q": words})
            count = few.json()["count"] if few.status_code == 200 else 0
            assert bool(count) == (case.number in may), words
