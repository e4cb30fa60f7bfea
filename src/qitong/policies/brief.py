"""What an application says of the company's facts, in the words of the office."""

from __future__ import annotations

from collections.abc import Iterator

from qitong.casework.drafts import MAX_FIELD
from qitong.kernel.words import Named
from qitong.policies.factwords import source_words, value_words
from qitong.policies.logic.outcomes import Outcome
from qitong.policies.matching import Match
from qitong.policies.queries import Known, Mine

_OUTCOMES = {
    Outcome.ELIGIBLE: "符合条件",
    Outcome.MANUAL_REVIEW: "可量化条件符合，其余由主管部门判断",
    Outcome.UNKNOWN: "部分情况还不清楚",
    Outcome.NOT_ELIGIBLE: "有条件不符合",
    Outcome.NOT_APPLICABLE: "不在适用范围",
}


def description(mine: Mine, match: Match) -> str:
    """The policy, what the rules made of it, and each fact with its source; in Chinese, as cases are."""
    policy = match.entry.policy
    numbers = "、".join(d.number or (d.title.zh if d.title else "") for d in policy.documents)
    lines = [
        f"政策：{policy.name.zh}（{numbers}），第{mine.edition.versions[policy.id][1]}版。",
        f"{mine.on.isoformat()}预评：{_OUTCOMES[match.found.outcome]}。以主管部门认定为准。",
        "企业情况：",
        *_facts(mine, match),
    ]
    return "\n".join(lines)[:MAX_FIELD]


def _facts(mine: Mine, match: Match) -> Iterator[str]:
    for name in match.entry.rule.asked:
        spec, known = match.entry.rule.fields[name], mine.known.get(name)
        value = mine.facts.get(name)
        if value is None:
            continue
        told = _zh(value_words(spec, value))
        origin = f"（{_source(known)}，{known.as_of.isoformat()}）" if known else "（推算）"
        yield f"{spec.label.zh}：{told}{origin}"


def _source(known: Known) -> str:
    words = source_words(known)
    return words.text.format(**{key: _zh(value) for key, value in words.params.items()})


def _zh(value: object) -> str:
    if isinstance(value, list):
        return "、".join(_zh(each) for each in value)
    return value.zh if isinstance(value, Named) else getattr(value, "text", str(value))
