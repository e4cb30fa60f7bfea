"""A refused form says so at its place, and everything else that was typed still stands in it.

The forms are those that the pages show (see places.py), so a new one is tried from the day it is shown.
Not expected to come back: passwords, codes that hold once, and files, which no browser fills in again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django import forms
from django.contrib.messages import ERROR, get_messages
from django.test import Client
from django.urls import resolve

from qitong.web.workbench.bulk import SHOWN
from tests.fuzz import places
from tests.fuzz.further import further_cases
from tests.fuzz.typed import TICKED, Form, Page
from tests.fuzz.unlost import undone
from tests.permissions.world import PEOPLE, World, read

AT_WORK = ("owner", "stands in for the owner", "leader", "head at work", "reviewer at work")
BUTTONS = {f"person:{slug}" for slug in ("unlock", "close", "end", "end-all", "revoke")}
"""They ask nothing: a click does it."""
LATE = ("contact", "transfer", "extend", "approve", "refuse", "notify")
LATE_AT_TASKS = ("finish", "return", "ask", "pause", "waive", "remind")
STOCK = "这个字段是必填项"
"""What Django says of any field that is missing."""
Sent = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A form, who was shown it, and where."""

    who: str
    address: str
    form: Form

    @property
    def target(self) -> str:
        return (self.form.action or self.address).partition("?")[0]

    @property
    def deed(self) -> str:
        """The address it is sent to by name, and what is done there."""
        found = resolve(self.target)
        given = [c.value for c in self.form.controls if c.name == "deed"]
        return f"{found.view_name} {found.kwargs.get('slug', ''.join(given[:1]))}".strip()

    def again(self, page: Page) -> list[Form]:
        """The same form on another page, or at other things on this page."""
        here = [form for form in page.forms if Shown("", self.address, form).target == self.target]
        return [form for form in here if self.form.asked.keys() <= form.asked.keys()]


@pytest.fixture(scope="module")
def clients(world: World) -> dict[str, Client]:
    return {who: world.signed_in(who) for who in ("visitor", *PEOPLE)}


@pytest.fixture(scope="module")
def shown(world: World, clients: dict[str, Client]) -> Iterator[list[Shown]]:
    """Every form that asks something, once: the same at another thing is the same form."""
    found: dict[tuple[str, ...], Shown] = {}
    with undone():
        for who, address in _looked_at(world):
            answer = clients[who].get(address, follow=True)
            for form in _page(answer).forms:
                it = Shown(who, answer.wsgi_request.get_full_path(), form)
                if form.posts and form.asked:
                    found.setdefault((it.deed, *sorted(form.asked)), it)
        yield list(found.values())


def _looked_at(world: World) -> Iterator[tuple[str, str]]:
    made, more = places.places(world), further_cases(world.stage)
    for name in places.PAGES:
        yield from ((who, made[name].address) for who in made[name].who)
    for case in (world.review, world.asked, *(case for case in more if case.number)):
        yield from ((who, f"/desk/cases/{case.number}") for who in AT_WORK)
    asking, lacking = more[-2:]
    due = world.stage.working_day(2)
    yield "company", f"/my/drafts/{asking.pk}/q/title"
    yield "company", f"/my/drafts/{lacking.pk}"
    yield "company", f"/my/drafts/{lacking.pk}/deferral?due_on={due}&keys=injury_ins"
    yield "company", f"/my/cases/{world.done.number}/reopen"
    cases = "&it=".join(str(case.pk) for case in (world.review, *more))
    steps = "&it=".join(str(task.pk) for case in more for task in case.tasks.all())
    for slug, bulk in SHOWN.items():
        ticked = cases if bulk.back == "workbench:inbox" else steps
        yield from ((who, f"/desk/bulk?deed={slug}&it={ticked}") for who in ("owner", "head at work"))


def _page(answer: Any) -> Page:
    text = read(answer) if answer.streaming else answer.content.decode(errors="replace")
    return Page(text if answer.get("Content-Type", "").startswith("text/html") else "")


def test_what_is_typed_into_a_refused_form_is_kept(
    clients: dict[str, Client], shown: list[Shown], db: None
) -> None:
    wrong, never = [], []
    for it in shown:
        answers = [(left, *_tried(clients[it.who], it, sent, left)) for left, sent in _attempts(it.form)]
        wrong += [f"{it.deed}, {left}: {fault}" for left, _refused, fault in answers if fault]
        if not any(refused for _left, refused, _fault in answers):
            never.append(it.deed)
    assert wrong == []
    assert never == [], "no way was found to have these refused"


def test_what_can_be_done_no_more_keeps_what_was_typed(
    world: World, clients: dict[str, Client], shown: list[Shown], db: None
) -> None:
    """Somebody else was quicker, or it is no longer one's own to do."""
    deeds = [it for it in shown if it.deed.startswith("workbench:do")]
    decided = world.review.tasks.exclude(kind="acceptance").exclude(outcome="").get()
    over = {
        "workbench:do": ("owner", f"/desk/cases/{world.done.number}/do/", LATE),
        "workbench:do-task": (
            "reviewer at work",
            f"/desk/cases/{world.review.number}/tasks/{decided.pk}/",
            LATE_AT_TASKS,
        ),
    }
    late = []
    for it in deeds:
        at, _, slug = it.deed.partition(" ")
        who, address, slugs = over[at]
        if slug in slugs:
            late.append(Shown(who, address + slug, it.form))
    assert len(late) == len(LATE) + len(LATE_AT_TASKS)
    wrong = []
    for it in [*(Shown("auditor", it.target, it.form) for it in deeds), *late]:
        moved = Shown(it.who, it.address, Form(it.address, it.form.posts, it.form.shut, it.form.controls))
        refused, fault = _tried(clients[it.who], moved, _filled(it.form), "")
        if fault or not refused:
            wrong.append(f"{it.who} at {it.address}: {fault or 'not refused'}")
    assert wrong == []


def test_every_deed_that_asks_something_was_tried(shown: list[Shown]) -> None:
    asks = {
        name
        for name, form in places.DEEDS.items()
        if any(
            not (isinstance(it, forms.FileField) or it.widget.is_hidden) for it in form.base_fields.values()
        )
    }
    named = {"do": "do", "task": "do-task", "person": "person-do", "bulk": "bulk"}
    met = {it.deed for it in shown}
    parts = {name: name.partition(":") for name in asks - BUTTONS}
    assert [name for name, (at, _, slug) in parts.items() if f"workbench:{named[at]} {slug}" not in met] == []
    assert {it.deed.partition(":")[0] for it in shown} >= {"portal", "workbench", "dashboard", "register"}


def _filled(form: Form) -> Sent:
    """As somebody would, each text unlike any other; of the buttons the one that saves, else the first."""
    sent: Sent = {}
    for n, control in enumerate(form.controls):
        match control.kind:
            case "hidden" | "checkbox":
                sent.setdefault(control.name, []).append(control.value)
            case "button" | "file":
                pass
            case _:
                typed = {
                    "select": control.options[-1:],
                    "radio": [control.value],
                    "number": [str(n + 1)],
                    "date": [f"2026-04-{n + 1:02}"],
                }
                sent[control.name] = typed.get(control.kind, [f"所填{n}"[: control.longest or 9]])
    buttons = [it for it in form.controls if it.kind == "button"]
    pressed = next((it for it in buttons if it.value == "save"), next(iter(buttons), None))
    return {**sent, pressed.name: [pressed.value]} if pressed and pressed.name else sent


def _attempts(form: Form) -> Iterator[tuple[str, Sent]]:
    """All filled in; and each field left empty or too long, or, where nothing is written, never offered."""
    whole = _filled(form)
    yield "all filled in", whole
    written = any(control.is_text for control in form.controls)
    for name, (control, *_others) in form.asked.items():
        yield f"no {name}", {it: values for it, values in whole.items() if it != name}
        if control.is_text:
            yield f"long {name}", {**whole, name: ["长" * ((control.longest or 3000) + 1)]}
        elif control.kind != "file" and not written:
            yield f"unknown {name}", {**whole, name: ["?"]}


def _tried(client: Client, it: Shown, sent: Sent, left: str) -> tuple[bool, str]:
    """Whether it was refused, and what is wrong with the answer then."""
    with undone():
        answer = client.post(it.target, sent)
        told = [str(said) for said in get_messages(answer.wsgi_request) if said.level == ERROR]
    client.cookies.pop("messages", None)
    if 300 <= answer.status_code < 400:
        return bool(told), f"refused on another page, without the form: {told}" if told else ""
    if answer.status_code not in (200, 422):
        return True, f"answered with {answer.status_code}"
    page = _page(answer)
    if answer.status_code == 200 and not page.said:
        return False, ""
    faults = [_lost(form, sent, left) or _unsaid(page, form) for form in it.again(page)]
    return True, "the form is gone" if not faults else "" if "" in faults else faults[0]


def _lost(form: Form, sent: Sent, left: str) -> str:
    """What is no longer there, or out of sight."""
    if form.shut:
        return "the form is folded up"
    for name, controls in form.asked.items():
        kind = controls[0].kind
        if kind in ("password", "file") or left == f"unknown {name}":
            continue
        held = [it.value for it in controls if (it.on if kind in TICKED else it.value)]
        given = [it for it in sent.get(name, []) if it or kind in TICKED]  # an empty text holds nothing
        if sorted(held) != sorted(given):
            return f"{name}: {sent.get(name)} became {held}"[:200]
    return ""


def _unsaid(page: Page, form: Form) -> str:
    """Whether one is told on top, and led to the field; of what belongs to no field, beside the form."""
    if not page.said:
        return "no sentence on top"
    if STOCK in page.said:
        return f"no sentence of its own: {page.said}"
    if form.wrong and not form.ids.intersection(page.leads):
        return f"nothing leads to the field: {page.leads}"
    return ""
