"""A draft as the pages of the wizard need it: its questions, their parts, and how far each is.

Every page of the form holds all questions. A wide screen shows them together; a phone shows the
one that the address names (``portal.css`` chooses, not the server), so Back works and a link leads
to the same place on every device.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from qitong.casework.logic import intake
from qitong.casework.logic.deferral import to_bring
from qitong.casework.logic.flow import CaseKind
from qitong.casework.models import Case
from qitong.catalogue.logic.types import FactSpec
from qitong.catalogue.queries import Edition, edition_on
from qitong.kernel.words import Named, Sentence, say
from qitong.web.common import answers
from qitong.web.common.dates import today
from qitong.web.portal import own
from qitong.web.portal.steps import MaterialLine, material_lines

WORDS: dict[str, Sentence] = {
    "need": say("需求"),
    "contact": say("联系人"),
    "facts": say("情况"),
    "materials": say("材料"),
    "deferral": say("容缺承诺"),
    "check": say("核对并提交"),
}
FIELDS = {"need": ("title", "description"), "contact": ("contact_name", "contact_phone")}


@dataclass(frozen=True, slots=True)
class Question:
    """One screen of a phone. ``left``: how much there is still to do."""

    key: str
    part: str
    href: str
    left: int = 0

    @property
    def is_open(self) -> bool:
        return self.left > 0

    @property
    def anchor(self) -> str:
        """The address with the place on the page, for screens that show the whole form."""
        return self.href if self.part == "check" else f"{self.href}#q-{self.key}"


@dataclass(frozen=True, slots=True)
class Part:
    """What belongs together: one section of the whole form."""

    key: str
    questions: tuple[Question, ...]

    @property
    def words(self) -> Sentence:
        return WORDS[self.key]

    @property
    def href(self) -> str:
        return self.questions[0].anchor

    @property
    def left(self) -> int:
        return sum(question.left for question in self.questions)


@dataclass(slots=True)
class Draft:
    """``known`` are the facts the item depends on; ``facts`` those to be asked, given the answers."""

    case: Case
    catalogue: Edition
    lines: Sequence[MaterialLine]
    known: Sequence[FactSpec]
    facts: Sequence[FactSpec]
    questions: Sequence[Question]

    @property
    def name(self) -> Named | Sentence | str:
        return self.case.own_label or say("说说需求")

    @property
    def parts(self) -> list[Part]:
        keys = dict.fromkeys(question.part for question in self.questions)
        return [Part(key, tuple(q for q in self.questions if q.part == key)) for key in keys]

    def find(self, key: str) -> Question | None:
        """A question by its key, or the first one of a part."""
        return next((q for q in self.questions if key in (q.key, q.part)), None)

    def first_open(self) -> Question:
        """Where to go on: the first question with something left to do, else the check."""
        return next((q for q in self.questions if q.is_open), self.questions[-1])

    def after(self, key: str, *, whole_part: bool = False) -> Question:
        """The question after ``key``. Nobody leaves a part in which an answer raised a question."""
        at = self.find(key)
        if at is None:
            return self.questions[-1]
        rest = self.questions[self.questions.index(at) + 1 :]
        onwards = next((q for q in rest if not whole_part or q.part != at.part), self.questions[-1])
        if onwards.part != at.part == "facts":
            return next((q for q in self.questions if q.part == "facts" and q.is_open), onwards)
        return onwards

    def place(self, key: str) -> dict[str, object]:
        """Number, count and title for the stepper, and the way back."""
        at = self.find(key) or self.questions[-1]
        number = self.questions.index(at) + 1
        back = self.questions[number - 2].href if number > 1 else ""
        return {"number": number, "of": len(self.questions), "title": WORDS[at.part], "back": back}

    def shown(self, key: str, **more: object) -> dict[str, object]:
        return {"case": self.case, "draft": self, "place": self.place(key), **more}


def opened(request: HttpRequest, pk: int) -> Draft:
    """The draft (or file to be corrected) behind an address, read anew."""
    case = own.draft_by_pk(request, pk)
    return draft_of(case, today())


def draft_of(case: Case, on: dt.date) -> Draft:
    sections = edition_on(on)
    known, facts = _facts(case, sections)
    lines = material_lines(case)
    return Draft(case, sections, lines, known, facts, list(_questions(case, facts, lines)))


def _facts(case: Case, sections: Edition) -> tuple[list[FactSpec], list[FactSpec]]:
    """What the item depends on, and of that what to ask for, given the answers so far."""
    if case.item_version is None:
        return [], []
    known = answers.about(case.item_version.spec, sections.facts)
    return known, answers.asked(known, answers.all_typed(known, case.form.get("facts", {})))


def _questions(case: Case, facts: Sequence[FactSpec], lines: Sequence[MaterialLine]) -> list[Question]:
    missing = set(unfilled(case))
    parts = ("need", "contact") if case.kind == CaseKind.REQUEST else ("contact",)
    made = [_field(case, key, part, is_open=key in missing) for part in parts for key in FIELDS[part]]
    answered = case.form.get("facts", {})
    made += [_field(case, f"fact.{f.code}", "facts", is_open=f.code not in answered) for f in facts]
    if lines:
        wanting = len(to_bring([line.paper for line in lines]))
        made.append(Question("materials", "materials", _at("materials", case), wanting))
    if may_defer(lines):
        made.append(Question("deferral", "deferral", _at("deferral", case)))
    return [*made, Question("check", "check", _at("check", case))]


def may_defer(lines: Sequence[MaterialLine]) -> list[MaterialLine]:
    """What could follow later; signing for it is offered once it can be of use."""
    return [line for line in lines if line.row.klass == "deferrable" and not (line.is_in or line.is_coming)]


def _field(case: Case, key: str, part: str, *, is_open: bool) -> Question:
    return Question(key, part, reverse("portal:question", args=[case.pk, key]), int(is_open))


def _at(view: str, case: Case) -> str:
    return reverse(f"portal:{view}", args=[case.pk])


def unfilled(case: Case) -> list[str]:
    """The fields without which it cannot be handed in."""
    return intake.missing_fields(case.kind, case.form)


def on_draft(view: Callable[[HttpRequest, Draft], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For pages that change a draft: once it is handed in, they lead to the case instead."""

    @wraps(view)
    def guarded(request: HttpRequest, pk: int) -> HttpResponseBase:
        draft = opened(request, pk)
        if not own.is_editable(draft.case):
            return redirect("portal:case", draft.case.number)
        return view(request, draft)

    return guarded
