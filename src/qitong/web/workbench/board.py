"""The task board: what one's departments have to do, by light, the most urgent first."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qitong.accounts.actors import Actor, Role
from qitong.casework import queries
from qitong.casework.logic.flow import Deed, TaskState
from qitong.casework.logic.light import COLOUR_WORDS, Colour, Light
from qitong.casework.models import Pause, Task
from qitong.casework.permissions import Standing, why_not
from qitong.casework.tasks import OWN_DOOR
from qitong.catalogue.calendar import current
from qitong.kernel.words import Named, Sentence
from qitong.web.common.dates import today
from qitong.web.common.http import acting, officer_required
from qitong.web.workbench.people import names_of

ORDER = (Colour.RED, Colour.AMBER, Colour.GREEN, Colour.PAUSED)
MOST = 300
# Whether a department's own task may be claimed depends on the task alone, not on the case.
NOBODY = Standing(lead_id=None, jurisdictions=frozenset(), participants=frozenset(), disputed=False)


@dataclass(frozen=True, slots=True)
class Line:
    """One task as a row. ``elsewhere``: done at the case (acceptance, decision); ``own``: by this officer."""

    task: Task
    name: Named
    light: Light
    why_not: Sentence
    elsewhere: bool
    own: bool

    @property
    def claimable(self) -> bool:
        return not self.elsewhere and self.task.state == TaskState.ENABLED and not self.why_not


@dataclass(frozen=True, slots=True)
class Group:
    colour: Colour
    word: Sentence
    lines: list[Line]


@never_cache
@officer_required
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Live tasks; at most MOST, and the page says so when there are more."""
    actor = acting(request)
    open_pauses = Prefetch("pauses", Pause.objects.filter(ends_on=None), to_attr="open_pauses")
    tasks = list(queries.board(actor).prefetch_related(open_pauses)[: MOST + 1])
    calendar, day = current(), today()
    lines: dict[Colour, list[Line]] = {colour: [] for colour in ORDER}
    for task in tasks[:MOST]:
        paused: Pause | None = next(iter(task.open_pauses), None)
        light = queries.light_of(task, paused, calendar, day)
        reason = why_not(actor, Deed.CLAIM, task, NOBODY)
        line = Line(
            task, Named(task.name_zh, task.name_en), light, reason, task.kind in OWN_DOOR, _own(actor, task)
        )
        lines.setdefault(light.colour, []).append(line)
    groups = [Group(colour, COLOUR_WORDS[colour], found) for colour, found in lines.items()]
    return render(
        request,
        "workbench/tasks.html",
        {
            "groups": [group for group in groups if group.lines],
            "more": len(tasks) > MOST,
            "most": MOST,
            "stands_in_for": list(names_of(actor.stands_in_for).values()),
        },
    )


def _own(actor: Actor, task: Task) -> bool:
    """Whether this officer is the one to act: the assignee, who accepts, or who may decide."""
    if task.kind == "acceptance":
        return actor.acts_for(task.case.owner_id)
    if task.is_decision:
        return actor.has(Role.DEPARTMENT_HEAD, task.department_id)
    return actor.acts_for(task.assignee_id)
