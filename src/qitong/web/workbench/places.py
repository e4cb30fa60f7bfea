"""Where an officer stands in a request: the case as read, or nothing (404) when they may not see it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property

from django.http import Http404, HttpRequest

from qitong.accounts.actors import Actor
from qitong.casework import dossier, personal, queries
from qitong.casework.dossier import Dossier
from qitong.casework.logic.flow import CaseKind
from qitong.casework.models import Case, Task
from qitong.casework.permissions import Standing
from qitong.casework.queries import Detail
from qitong.catalogue.logic.types import IntakeFilter
from qitong.catalogue.queries import Edition
from qitong.kernel.masking import Veil
from qitong.web.common.dates import now, today
from qitong.web.common.http import acting
from qitong.web.workbench.people import Directory


@dataclass(frozen=True)
class Place:
    """Where a deed is done: who stands there, the case as read, and the task if it is one's.

    ``site`` is the absolute address of this site, for what is printed.
    """

    actor: Actor
    dossier: Dossier
    detail: Detail
    at: dt.datetime
    site: str
    directory: Directory
    task: Task | None = None

    @property
    def case(self) -> Case:
        return self.detail.case

    @cached_property
    def veil(self) -> Veil:
        """How this officer sees the company's personal data now."""
        return personal.veil_of(self.actor, self.case, at=self.at)

    @cached_property
    def must_say_why(self) -> bool:
        """Whether they have to give a reason to see it in full."""
        tasks = [row.task for row in self.detail.tasks]
        return personal.needs_reason(self.actor, self.case, self.standing, tasks)

    @property
    def edition(self) -> Edition | None:
        """The catalogue in force today."""
        return self.dossier.edition

    @property
    def standing(self) -> Standing:
        return self.detail.standing

    @cached_property
    def tasks(self) -> list[Task]:
        """The tasks of the present round."""
        return [row.task for row in self.detail.tasks if row.task.round == self.case.round]

    @cached_property
    def hints(self) -> tuple[IntakeFilter, ...]:
        """For a request: the reasons not to accept it that its words suggest."""
        if self.case.kind != CaseKind.REQUEST:
            return ()
        form = self.case.form
        text = f"{form.get('title', '')}\n{form.get('description', '')}"
        return self.edition.intake_hints(text) if self.edition else ()

    def with_task(self, task: Task | None) -> Place:
        return replace(self, task=task)


def place_of(request: HttpRequest, number: str) -> Place:
    actor, on = acting(request), today()
    found = dossier.read(actor, number, on=on)
    if found is None:
        raise Http404
    detail = queries.detail(found.case, today=on)
    site = f"{request.scheme}://{request.get_host()}"
    return Place(actor, found, detail, now(), site, Directory(on))
