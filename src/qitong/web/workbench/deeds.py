"""What an officer can do at a case or a task: one table each, deed → form → action.

A deed is offered when it is allowed; when it is not, but one could expect it (it is mine in another
state, or it is what the case waits for), it is named with the reason. The rest is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qitong.casework import permissions
from qitong.casework.logic.flow import Deed, case_row, is_task_deed, task_row
from qitong.kernel.words import NOTHING, Sentence
from qitong.web.common.addresses import address
from qitong.web.workbench.blanks import Asked
from qitong.web.workbench.forms import DeedForm
from qitong.web.workbench.places import Place

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise


def _nothing(place: Place) -> Sentence:
    return NOTHING


def _always(place: Place) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Way:
    """One deed on the page: its words, its form, the action, and what to say afterwards.

    ``more`` adds what the permissions cannot know. ``fits`` says where it makes sense at all, ``when``
    in which course of things it is worth showing.
    ``leads`` marks the step the case waits for: its form stands open.
    """

    slug: str
    deed: Deed
    label: StrOrPromise
    run: Callable[[Place, Mapping[str, Any]], object]
    done: StrOrPromise
    form: type[DeedForm] = DeedForm
    kind: str = ""
    leads: bool = False
    confirm: StrOrPromise = ""
    more: Callable[[Place], Sentence] = _nothing
    fits: Callable[[Place], bool] = _always
    when: Callable[[Place], bool] = _always

    def why_not(self, place: Place) -> Sentence:
        thing = place.task if is_task_deed(self.deed) and place.task else place.case
        allowed = permissions.why_not(place.actor, self.deed, thing, place.standing)
        return allowed or self.more(place)

    def expected(self, place: Place) -> bool:
        """Whether somebody at this place would look for the deed although it is not open to them."""
        if is_task_deed(self.deed) and place.task is not None:
            row, state = task_row(self.deed), place.task.state
        else:
            row, state = case_row(self.deed), place.case.state
        mine = permissions.parties(place.actor, place.case, place.standing, place.task)
        return state in row.sources or bool(mine.intersection(row.who))

    def href(self, place: Place) -> str:
        if place.task is not None:
            return address("workbench:do-task", place.case.number, place.task.pk, self.slug)
        return address("workbench:do", place.case.number, self.slug)

    def anchor(self, place: Place) -> str:
        return f"{self.slug}-{place.task.pk}" if place.task else self.slug


@dataclass(frozen=True, slots=True)
class Bound:
    """A form that was refused, to be shown where it was filled in; ``key`` is the material's."""

    slug: str
    task_id: int | None
    form: DeedForm
    key: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """One deed as the page shows it; with ``why_not`` a form only if what was typed into it stands there."""

    way: Way
    place: Place
    asked: Asked
    why_not: Sentence = NOTHING
    open: bool = False

    @property
    def href(self) -> str:
        return self.way.href(self.place)

    @property
    def anchor(self) -> str:
        return self.asked.anchor


@dataclass(slots=True)
class Panel:
    """The deeds at one place: those that can be done, and the others with their reasons."""

    offers: list[Offer] = field(default_factory=list)
    others: list[Offer] = field(default_factory=list)


def panel(ways: Sequence[Way], place: Place, bound: Bound | None = None) -> Panel:
    found = Panel()
    leading = False
    for way in ways:
        again = bound if bound and _is_here(bound, way, place) else None
        if not (way.fits(place) and (way.when(place) or again)):
            continue
        asked = Asked(way.form, place, way.anchor(place), again.form if again else None)
        if reason := way.why_not(place):
            if again and again.form.fields:
                found.offers.append(Offer(way, place, asked, why_not=reason, open=True))
            elif way.expected(place):
                found.others.append(Offer(way, place, asked, why_not=reason))
            continue
        opens = again is not None or (way.leads and not leading and bound is None)
        leading = leading or way.leads
        found.offers.append(Offer(way, place, asked, open=opens))
    return found


def _is_here(bound: Bound, way: Way, place: Place) -> bool:
    return bound.slug == way.slug and bound.task_id == (place.task.pk if place.task else None)


def find(ways: Sequence[Way], slug: str) -> Way | None:
    return next((way for way in ways if way.slug == slug), None)
