"""The task board: what one's departments have to do, the most urgent first, by light, department, hands."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qitong.accounts.actors import Actor, Role
from qitong.accounts.models import Department, User
from qitong.casework import queries
from qitong.casework.lights import task_shines
from qitong.casework.logic.flow import Deed, TaskState
from qitong.casework.logic.light import COLOUR_WORDS, Colour, Light
from qitong.casework.models import Pause, Task
from qitong.casework.permissions import Standing, why_not
from qitong.casework.tasks import OWN_DOOR
from qitong.catalogue.calendar import current
from qitong.kernel.words import Named, Sentence
from qitong.kernel.workdays import Calendar
from qitong.web.common.counting import Capped, shown
from qitong.web.common.dates import today
from qitong.web.common.http import acting, number_of, officer_required
from qitong.web.common.paging import page_of
from qitong.web.common.parts import Tab
from qitong.web.workbench.bulk import bulk_bar

COLOURS = (Colour.RED, Colour.AMBER, Colour.GREEN, Colour.PAUSED)
ALL, MINE, FREE = "", "mine", "free"
SIZE = 50
BULK = ("claim", "hand-task")
# Whether a department's own task may be claimed depends on the task alone, not on the case.
NOBODY = Standing(lead_id=None, jurisdictions=frozenset(), participants=frozenset(), disputed=False)


@dataclass(frozen=True, slots=True)
class Cut:
    """``light`` is a colour, ``department`` a primary key, ``who`` MINE, FREE or a person's; or ALL."""

    light: str
    department: str
    who: str

    @classmethod
    def read(cls, request: HttpRequest) -> Cut:
        def one(name: str) -> str:
            return request.GET.get(name, "")

        light = one("light") if one("light") in COLOURS else ALL
        department = one("department") if number_of(one("department")) else ALL
        who = one("who") if one("who") in (MINE, FREE) or number_of(one("who")) else ALL
        return cls(light, department, who)

    def href(self, light: str) -> str:
        given = {"light": light, "department": self.department, "who": self.who}
        kept = {name: value for name, value in given.items() if value}
        return reverse("workbench:tasks") + (f"?{urlencode(kept)}" if kept else "")

    @property
    def narrows(self) -> bool:
        return bool(self.light or self.department or self.who)


class CutForm(forms.Form):
    """Shown only: an address is read by ``Cut.read``."""

    department = forms.ChoiceField(label=_("部门"), required=False)
    who = forms.ChoiceField(label=_("经办人"), required=False)

    def __init__(self, cut: Cut, people: dict[int, str], departments: list[tuple[int, str]]) -> None:
        super().__init__(initial={"department": cut.department, "who": cut.who})
        fixed = [(ALL, gettext("全部")), (MINE, pgettext("tasks", "我的")), (FREE, gettext("待领取"))]
        offered = {
            "department": [(ALL, gettext("全部")), *((str(pk), name) for pk, name in departments)],
            "who": [*fixed, *((str(pk), name) for pk, name in people.items())],
        }
        for name, options in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = options


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


@never_cache
@officer_required
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Live tasks, page after page, the earliest due first."""
    actor, cut, calendar = acting(request), Cut.read(request), current()
    board = queries.board(actor)
    hands = _in_hand(board, actor, cut)
    rows = hands.filter(_shining(cut.light, calendar)) if cut.light else hands
    open_pauses = Prefetch("pauses", Pause.objects.filter(ends_on=None), to_attr="open_pauses")
    page = page_of(request, rows.prefetch_related(open_pauses), key="due_on", newest_first=False, size=SIZE)
    names, tabs = _standing(actor, hands, cut, calendar)
    context = {
        "lines": [_line(actor, task, calendar) for task in page.rows],
        "page": page,
        "tabs": tabs,
        "cut": cut,
        "form": CutForm(cut, _assignees(board, actor), _departments(actor)),
        "stands_in_for": names,
        **bulk_bar(request, BULK),
    }
    return render(request, "workbench/tasks.html", context)


def _in_hand(board: QuerySet[Task], actor: Actor, cut: Cut) -> QuerySet[Task]:
    if cut.department:
        board = board.filter(department_id=int(cut.department))
    if cut.who == MINE:
        people = actor.people
        accepts = Q(kind="acceptance", case__owner_id__in=people)
        return board.filter(Q(assignee_id__in=people) | accepts)
    if cut.who == FREE:
        return board.filter(state=TaskState.ENABLED).exclude(kind__in=OWN_DOOR)
    return board.filter(assignee_id=int(cut.who)) if cut.who else board


def _shining(light: str, calendar: Calendar) -> Q:
    return task_shines(Colour(light), calendar=calendar, today=today())


def _standing(
    actor: Actor, hands: QuerySet[Task], cut: Cut, calendar: Calendar
) -> tuple[list[str], list[Tab]]:
    """Whom one stands in for, and a tab a light with how many there are: one query."""
    counts = {colour.value: Capped(hands.filter(_shining(colour, calendar))) for colour in COLOURS}
    counts["all"] = Capped(hands)
    people = User.objects.filter(pk__in=actor.people).order_by("pk")
    found = list(people.annotate(**counts).values("pk", "name", *counts))
    tabs = [Tab(_("全部"), cut.href(ALL), not cut.light, shown(found[0]["all"]))]
    for colour in COLOURS:
        number = shown(found[0][colour.value])
        tabs.append(Tab(COLOUR_WORDS[colour], cut.href(colour), cut.light == colour, number))
    return [row["name"] for row in found if row["pk"] != actor.user_id], tabs


def _departments(actor: Actor) -> list[tuple[int, str]]:
    own = Department.objects.filter(pk__in=actor.departments()).order_by("code")
    return [(row.pk, str(row.label)) for row in own]


def _assignees(board: QuerySet[Task], actor: Actor) -> dict[int, str]:
    """Who has something of the board in hand, oneself left out."""
    held = board.exclude(assignee=None).order_by().values("assignee_id")
    people = User.objects.filter(pk__in=held).exclude(pk=actor.user_id or 0).order_by("pk")
    return dict(people.values_list("pk", "name"))


def _line(actor: Actor, task: Task, calendar: Calendar) -> Line:
    open_pauses: list[Pause] = getattr(task, "open_pauses", [])
    light = queries.light_of(task, next(iter(open_pauses), None), calendar, today())
    reason = why_not(actor, Deed.CLAIM, task, NOBODY)
    return Line(task, task.label, light, reason, task.kind in OWN_DOOR, _own(actor, task))


def _own(actor: Actor, task: Task) -> bool:
    """Whether this officer is the one to act: the assignee, who accepts, or who may decide."""
    if task.kind == "acceptance":
        return actor.acts_for(task.case.owner_id)
    if task.is_decision:
        return actor.has(Role.DEPARTMENT_HEAD, task.department_id)
    return actor.acts_for(task.assignee_id)
