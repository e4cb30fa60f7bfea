"""What a page offers to see what is masked: the button, or until when it is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from qitong.accounts import showing
from qitong.accounts.actors import Actor
from qitong.casework import permissions, personal
from qitong.casework.models import Case
from qitong.kernel.masking import Veil
from qitong.kernel.words import NOTHING, Sentence
from qitong.web.common.addresses import address
from qitong.web.common.dates import now
from qitong.web.common.http import acting
from qitong.web.workbench.places import Place


class WhyForm(forms.Form):
    """For who does not work on it."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=showing.LONGEST_REASON,
        error_messages={"required": _("请填写理由。")},
        help_text=_("写明为什么事查看；审计管理员看得到。"),
        widget=forms.Textarea({"rows": 2}),
    )


@dataclass(frozen=True, slots=True)
class Asking:
    """What the page offers: a button, with ``form`` one that asks for a reason; or until when it is shown."""

    href: str
    form: WhyForm | None = None
    shown_until: dt.datetime | None = None
    why_not: Sentence = NOTHING
    own: bool = False
    minutes: int = int(showing.SHOWN_FOR.total_seconds() // 60)


def asking(place: Place, form: WhyForm | None = None) -> Asking:
    """For the pages of a case; ``form`` is one that was refused."""
    return _asking(place.actor, place.case, place.veil, form, lambda: place.must_say_why)


def asking_for(request: HttpRequest, case: Case) -> Asking:
    """The same for a page that reads a case through ``queries.find`` alone."""
    actor = acting(request)

    def must_say_why() -> bool:
        return personal.needs_reason(actor, case, permissions.standing(case, ()), case.tasks.all())

    return _asking(actor, case, personal.veil_of(actor, case, at=now()), None, must_say_why)


def _asking(
    actor: Actor, case: Case, veil: Veil, form: WhyForm | None, must_say_why: Callable[[], bool]
) -> Asking:
    href = address("workbench:show", case.number)
    if veil.lifted:
        return Asking(href, shown_until=personal.shown_until(case), own=personal.owns(actor, case))
    if reason := personal.why_not_show(actor, case):
        return Asking(href, why_not=reason)
    return Asking(href, form=form or (WhyForm(auto_id="why-%s") if must_say_why() else None))
