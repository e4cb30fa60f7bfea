"""Whoever may not see a thing gets the very answer they would get if there were no such thing.

Every address is in one of the tables below: a new one without a decision fails here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from qitong.ledger.models import Entry
from tests.permissions.world import ITEM, OFFICERS, PEOPLE, World, read, same

SignedIn = Callable[[str], Client]
NO_NUMBER, NO_ID, NO_UUID, NO_CODE = "QT26-AAAA-BBBB", 987654, UUID(int=7), "91110000600037341L"

NOT_THAT_WAY, STRANGER = 405, "reviewer elsewhere"

COMPANY = frozenset({"company"})
OWNER = frozenset({"owner"})
EDITOR, GREEN = frozenset({"policy editor"}), "green_factory"
SECURITY = frozenset({"security administrator"})
OPERATOR = frozenset({"system administrator"})
ALL_SEE = frozenset({"company", "owner", "same window", "leader", "auditor"})
SERVING = frozenset({"owner", "same window", "leader", "stands in for the owner", "stands in for the leader"})
DESKS = ALL_SEE | {
    "stands in for the owner",
    "stands in for the leader",
    "reviewer at work",
    "head at work",
}
OFFICERS_THERE = frozenset(OFFICERS) - {"closed account"}
DEPARTMENTS = frozenset(
    {
        "owner",
        "same window",
        "reviewer at work",
        "head at work",
        "reviewer elsewhere",
        "head elsewhere",
        "stands in for the owner",
        "stands in for the leader",
    }
)


@dataclass(frozen=True, slots=True)
class Thing:
    """How an address names a thing of the company (or of its officer), and one that is not there."""

    address: str
    missing: str
    knows: frozenset[str]


# Addresses below a draft, a case at each side, a project and a company: name and the rest of the address.
DRAFT = {
    "draft": "",
    "question": "/q/contact_name",
    "save": "/save",
    "materials": "/materials",
    "material": "/materials/id_copy",
    "deferral": "/deferral",
    "check": "/check",
    "authorise": "/authorise",
    "discard": "/discard",
}
CASE = {
    "case": "",
    "notes": "/notes",
    "notes-read": "/notes/read",
    "looks": "/looks",
    "receipt": "/receipt",
    "withdraw": "/withdraw",
    "confirm": "/confirm",
    "reopen": "/reopen",
    "supplement": "/supplements/{supplement}",
    "cure": "/materials/{key}",
}
PROJECT = {
    "project": "",
    "project_facts": "/facts",
    "project_item": f"/items/{ITEM}",
    "project_reached": "/reached/M_BUILT",
}
MEMBERS = {
    "company": "",
    "company_edit": "/contact",
    "company_erasure": "/erasure",
    "member_add": "/members/new",
    "member": "/members/{member}",
}
POLICIES = {
    "policies_of": "",
    "policies_coming_of": "/coming",
    "policy_next": "/next",
    "policy_share": "/share",
    "policy_question": "/facts/sales_last",
    "policy": "/hi_tech_enterprise",
    "policy_apply": "/hi_tech_enterprise/apply",
    "policy_unsuitable": "/hi_tech_enterprise/unsuitable",
    "policy_suitable": "/green_factory/suitable",
}
PACKAGE = {
    "package": "",
    "package_open": "/open",
    "package_accept": "/item/customs_filing/accept",
    "package_unsuitable": "/item/customs_filing/unsuitable",
    "package_suitable": "/item/customs_filing/suitable",
}
DESK = {
    "case": "",
    "show": "/show",
    "notes": "/notes",
    "notes-read": "/notes/read",
    "material": "/materials/{key}",
    "ledger": "/ledger",
    "do": "/do/contact",
    "do-task": "/tasks/{task}/claim",
}


def things(world: World) -> dict[str, Thing]:
    """By the name of the address."""
    case = str(world.review.number)
    parts = {
        "key": world.review.materials.exclude(document=None).order_by("position")[0].key,
        "supplement": str(world.supplement.pk),
        "task": str(world.supplement.task_id),
        "member": str(world.company.memberships.get().pk),
    }
    below: list[tuple[str, str, object, object, frozenset[str], dict[str, str]]] = [
        ("portal", "/my/drafts", world.draft.pk, NO_ID, COMPANY, DRAFT),
        ("portal", "/my/cases", case, NO_NUMBER, COMPANY, CASE),
        ("portal", "/my/projects", world.project.pk, NO_ID, COMPANY, PROJECT),
        ("portal", "/my/company", world.company.pk, NO_ID, COMPANY, MEMBERS),
        ("portal", "/my/policies", world.company.pk, NO_ID, COMPANY, POLICIES),
        ("portal", "/my/package", world.company.pk, NO_ID, COMPANY, PACKAGE),
        ("workbench", "/desk/cases", case, NO_NUMBER, DESKS, DESK),
    ]
    found = {
        f"{space}:{name}": Thing(
            f"{at}/{real}{rest.format(**parts)}", f"{at}/{missing}{rest.format(**parts)}", knows
        )
        for space, at, real, missing, knows, ways in below
        for name, rest in ways.items()
    }
    for name, pattern, thing, nothing, who in single(world):
        found[name] = Thing(pattern.format(thing), pattern.format(nothing), who)
    return found


def single(world: World) -> list[tuple[str, str, object, object, frozenset[str]]]:
    """Name and pattern of an address, the thing, one that is not there, and who knows of it."""
    case, owner, export = world.review.number, world.user("owner").pk, world.export.public_id
    paper = world.note.documents.get().public_id
    leader = frozenset({"leader"})
    return [
        ("portal:consent_revoke", "/my/consents/{}/revoke", world.consent.pk, NO_ID, COMPANY),
        ("portal:document", "/documents/{}", paper, NO_UUID, COMPANY),
        ("workbench:phrases-for", "/desk/phrases/for/{}", case, NO_NUMBER, DESKS),
        ("workbench:document", "/desk/documents/{}", paper, NO_UUID, DESKS),
        ("workbench:filter-do", "/desk/filters/{}/rename", world.kept.pk, NO_ID, OWNER),
        ("workbench:bulk-result", "/desk/bulk/{}", world.batch, NO_UUID, OWNER),
        ("workbench:export", "/desk/exports/{}", export, NO_UUID, OWNER),
        ("workbench:export-retry", "/desk/exports/{}/retry", export, NO_UUID, OWNER),
        ("workbench:policy-begin", "/desk/policies/{}/begin", GREEN, "no_such", EDITOR),
        ("workbench:policy-draft", "/desk/policies/{}/draft", GREEN, "no_such", EDITOR),
        ("workbench:policy-do", "/desk/policies/{}/draft/count", GREEN, "no_such", EDITOR),
        ("workbench:policy-sheet", "/desk/policies/{}/draft/sheet", GREEN, "no_such", EDITOR),
        ("workbench:policy-new-sheet", "/desk/policies/new/{}/sheet", "own_award", "no_such", EDITOR),
        (
            "workbench:policy-affected",
            "/desk/policies/{}/draft/of/gained",
            "green_factory",
            "no_such",
            EDITOR,
        ),
        ("workbench:phrase", "/desk/phrases/{}", world.phrase.pk, NO_ID, OWNER),
        ("workbench:phrase-delete", "/desk/phrases/{}/delete", world.phrase.pk, NO_ID, OWNER),
        # Who is away is on a page for all officers.
        ("workbench:absence-cancel", "/desk/absences/{}/cancel", world.absence.pk, NO_ID, OFFICERS_THERE),
        ("workbench:demand-of", "/desk/demand/{}", world.company.uscc, NO_CODE, SERVING),
        ("workbench:demand-do", "/desk/demand/{}/note", world.company.uscc, NO_CODE, SERVING),
        ("workbench:desk", "/desk/handover/{}", owner, NO_ID, OWNER | OPERATOR),
        ("workbench:licence", "/desk/licence/{}", world.company.uscc, NO_CODE, DEPARTMENTS),
        ("workbench:person", "/desk/people/{}", owner, NO_ID, SECURITY),
        ("workbench:erasure-do", "/desk/erasures/{}", world.asking.pk, NO_ID, SECURITY),
        ("workbench:person-do", "/desk/people/{}/unlock", owner, NO_ID, SECURITY),
        ("dashboard:revoke-link", "/dashboard/wall/links/{}/revoke", world.wall.pk, NO_ID, leader),
        ("operation", "/desk/operations/jobs/{}/retry", 1, NO_ID, OPERATOR),
    ]


OPEN_TO_HOLDERS = {
    "public:stage": "stage and dates, for whoever was given the number",
    "public:guide": "the catalogue is public",
    "public:policy": "published policies are public",
    "public:policy-theme": "published policies are public",
    "calendar-company": "a secret of its own, see test_surfaces",
    "calendar-office": "a secret of its own, see test_surfaces",
    "mail_off": "signed, for one reader and one sort of mail",
    "workbench:policy": "policies are for every officer to read, and hold nothing of a company",
    "workbench:policy-who": "as the policy; of companies only those one serves, see test_policy_who",
    "workbench:policy-who-take": "as that list, taken out",
    "dashboard:shared-wall": "a secret of its own; figures, no company",
}


def addresses(
    patterns: list[URLPattern | URLResolver], before: str = "/", space: str = ""
) -> Iterator[tuple[str, str, bool]]:
    """Name, address and whether it names a thing, of everything but the API (see test_api)."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if not str(pattern.pattern).startswith("api/"):
                within = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from addresses(pattern.url_patterns, before + str(pattern.pattern), space + within)
        else:
            yield f"{space}{pattern.name}", f"{before}{pattern.pattern}", bool(pattern.pattern.regex.groups)


def test_every_address_that_names_a_thing_is_decided(world: World, db: None) -> None:
    named = {name for name, _address, thing in addresses(get_resolver().url_patterns) if thing}
    assert named == things(world).keys() | OPEN_TO_HOLDERS.keys()


@pytest.mark.parametrize("who", ["visitor", *PEOPLE])
def test_what_is_not_yours_answers_as_what_does_not_exist(
    world: World, signed_in: SignedIn, who: str
) -> None:
    client, found = signed_in(who), {}
    before = Entry.objects.count()
    for name, thing in things(world).items():
        # At the companies' door all officers are alike: one of them tries each address behind it.
        if who in thing.knows or (name.startswith("portal:") and who in OFFICERS and who != STRANGER):
            continue
        for method in ("get", "post"):
            missing = _asked(client, method, thing.missing)
            if missing[0] == NOT_THAT_WAY:
                continue
            real = _asked(client, method, thing.address)
            leaked = [secret for secret in world.secrets if secret in real[1]]
            if leaked and who != "company":
                found[f"{method} {name}"] = f"{real[0]} with {leaked}"
            elif real != missing:
                found[f"{method} {name}"] = _difference(real, missing)
    assert not found, "\n".join(f"{name}: {why}" for name, why in found.items())
    assert Entry.objects.count() == before


def _difference(real: tuple[int, str, int], missing: tuple[int, str, int]) -> str:
    """What gives it away, shortly."""
    lines = set(real[1].splitlines()) ^ set(missing[1].splitlines())
    return f"{real[0]} in {real[2]} queries, missing {missing[0]} in {missing[2]}: {sorted(lines)[:2]}"[:200]


def _asked(client: Client, method: str, address: str) -> tuple[int, str, int]:
    """Status, what is said (without the address itself), and how many queries it took."""
    client.cookies.pop("messages", None)  # what the last deed said is not this one's answer
    with CaptureQueriesContext(connection) as queries:
        answer = getattr(client, method)(address)
        text = read(answer)
    told = answer.cookies["messages"].value if "messages" in answer.cookies else ""
    return answer.status_code, same(text + told, address, address.replace("/", "%2F")), len(queries)


STRANGERS = (
    "visitor",
    "another company",
    "reviewer elsewhere",
    "head elsewhere",
    "leader elsewhere",
    "system administrator",
    "policy editor",
    "closed account",
)


@pytest.mark.parametrize("who", STRANGERS)
def test_no_page_of_a_stranger_says_anything_of_the_company(
    world: World, signed_in: SignedIn, who: str
) -> None:
    client, found = signed_in(who), {}
    asked = [
        address
        for name, address, thing in addresses(get_resolver().url_patterns)
        if not thing and not name.startswith("gallery")  # examples written into the page, not in production
    ]
    for address in [*asked, "/messages", "/desk?scope=all&state=any", "/my/cases?show=finished"]:
        text = read(client.get(address))
        leaked = [secret for secret in world.secrets if secret in text]
        if leaked:
            found[address] = leaked
    assert not found, "\n".join(f"{name}: {why}" for name, why in found.items())
    assert len(asked) > 40


def test_who_holds_a_number_reads_stage_and_dates_alone(world: World, signed_in: SignedIn) -> None:
    number = str(world.review.number)
    text = same(read(signed_in("visitor").get(f"/p/{number}")), number)
    assert [secret for secret in world.secrets if secret in text] == []
    assert re.search(r"审查中", text)
