"""A draft tried on one company: the outcome today and by the draft, condition by condition.

The officer reads which conditions are met and which facts are missing, not the company's figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Length

from qitong.accounts.models import Enterprise
from qitong.kernel.words import Named, Sentence, say
from qitong.policies import editions, gathering
from qitong.policies.library import Entry
from qitong.policies.logic import wording
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.models import PolicyVersion
from qitong.policies.turning import outcome_of
from qitong.web.common.dates import today

OUTCOME_WORDS: Mapping[Outcome, Sentence] = {
    Outcome.ELIGIBLE: say("各项条件都符合"),
    Outcome.NOT_ELIGIBLE: say("有条件不符合"),
    Outcome.UNKNOWN: say("还不能判断"),
    Outcome.MANUAL_REVIEW: say("可量化的都符合，其余由主管部门判断"),
    Outcome.NOT_APPLICABLE: say("不适用"),
}
_RESULTS = {True: say("满足"), False: say("不满足"), None: say("还不能判断")}


@dataclass(frozen=True, slots=True)
class Tried:
    """``lines``: what is asked, what came of it, and the facts that are missing."""

    company: Enterprise
    before: Sentence
    after: Sentence
    lines: list[tuple[Sentence, Sentence, list[Named]]]


def tried(asked: str, draft: PolicyVersion, entry: Entry) -> Tried | None:
    """The draft for the company of this code or name, or whose name holds this; None when there is none.

    Of several the one with the shortest name comes first, which is the one that is named so.
    """
    text = asked.strip()
    rows = Enterprise.objects.filter(Q(uscc=text.upper()) | Q(name__icontains=text))
    company = rows.order_by(Length("name"), "pk").first() if text else None
    if company is None:
        return None
    edition, on = editions.on_day(today()), today()
    facts = gathering.facts_of([company.pk], edition.library, on)[company.pk]
    found = entry.matcher.explain(facts)
    lines = []
    for told in found.results:
        leading = told.leading
        says = wording.required(leading.leaf, leading.wanted, entry.rule)
        lines.append((says, _RESULTS[told.result], wording.labels(told.missing, entry.rule)))
    before = outcome_of(edition.library.entries.get(draft.code), facts, on)
    return Tried(company, OUTCOME_WORDS[before], OUTCOME_WORDS[outcome_of(entry, facts, on)], lines)
