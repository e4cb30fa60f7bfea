"""Which officer a company has for its package: whoever serves it already, else the rule of first contact."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from qitong.accounts.logic.substitutes import resolve
from qitong.accounts.models import Department, Enterprise, User
from qitong.accounts.queries import absences_on, officers_of, window_of
from qitong.casework.logic.ownership import OWNER_REASON_WORDS, OwnerReason
from qitong.casework.models import Case
from qitong.casework.routing import WINDOW_ROLES, owner_for
from qitong.kernel.errors import Refused
from qitong.kernel.words import Sentence, say

SERVES, STANDS_IN = "serves", "stands_in"
_WORDS: dict[str, Sentence] = {
    SERVES: say("贵企业最近一次办件的首问负责人"),
    STANDS_IN: say("代替贵企业最近一次办件的首问负责人"),
}


@dataclass(frozen=True, slots=True)
class Officer:
    """``reason``: SERVES, STANDS_IN, or how the rule of first contact chose."""

    user_id: int
    reason: str


def officer_for(enterprise: Enterprise, on: dt.date) -> Officer:
    """Exactly one, present on the day where anybody is.

    The owner of the company's latest case while they still work at its window, or who stands in for them;
    else as for a new case: the rota, then the least loaded. Refused (``no_window``, ``no_officer``) where the
    place has nobody at all.
    """
    window = window_of(enterprise.jurisdiction)
    if window is None:
        raise Refused(say("企业所在地还没有设立受理窗口，请致电园区服务中心。"), code="no_window")
    known = _last_owner(enterprise, window, on)
    if known is not None:
        return known
    choice = owner_for(window, on)
    return Officer(choice.user_id, choice.reason.value)


def _last_owner(enterprise: Enterprise, window: Department, on: dt.date) -> Officer | None:
    cases = Case.objects.filter(enterprise=enterprise, owner__isnull=False).order_by("-pk")
    owner = cases.values_list("owner_id", flat=True).first()
    if owner is None or owner not in {user.pk for user in officers_of(window, WINDOW_ROLES, on)}:
        return None
    absent = absences_on(on)
    if owner not in absent:
        return Officer(owner, SERVES)
    there = resolve(owner, absent)
    if there is not None and User.objects.filter(pk=there, is_active=True).exists():
        return Officer(there, STANDS_IN)
    return None


def reason_words(reason: str) -> Sentence:
    return _WORDS.get(reason) or OWNER_REASON_WORDS[OwnerReason(reason)]
