"""Facts that a department supplied until its consent was withdrawn: what they were, and the ways on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qitong.catalogue import queries as catalogue
from qitong.datashare.models import Consent
from qitong.kernel.words import Named, Sentence, say
from qitong.policies.queries import Known, Mine
from qitong.policies.receiving import PURPOSE
from qitong.web.common.parts import Crumb
from qitong.web.portal.policy_words import question_address


@dataclass(frozen=True, slots=True)
class Withheld:
    """The facts of one department, each with the way to answer. ``again``: it may supply them anew."""

    source: Sentence
    facts: tuple[Crumb, ...]
    again: bool


def withheld(mine: Mine) -> list[Withheld]:
    """By department; one query, where there are any."""
    found: dict[Named | None, list[Known]] = {}
    for one in mine.spoken.withheld.values():
        found.setdefault(one.department, []).append(one)
    allowed = _allowed(mine) if found else set()
    each = sorted(found.items(), key=lambda pair: pair[0].zh if pair[0] else "")
    return [Withheld(_from(who), _asked(mine, facts), who in allowed) for who, facts in each]


def _from(department: Named | None) -> Sentence:
    return say("来自{department}：", department=department) if department else say("来自部门：")


def _asked(mine: Mine, facts: Iterable[Known]) -> tuple[Crumb, ...]:
    each = sorted(facts, key=lambda one: one.spec.name)
    return tuple(Crumb(one.spec.label, question_address(mine, one.spec.name)) for one in each)


def _allowed(mine: Mine) -> set[Named | None]:
    """Departments that have a consent for policies again."""
    names = catalogue.department_names(mine.on)
    rows = Consent.objects.filter(enterprise=mine.enterprise, purpose=PURPOSE, revoked_at=None)
    return {names.get(code) for codes in rows.values_list("department_codes", flat=True) for code in codes}
