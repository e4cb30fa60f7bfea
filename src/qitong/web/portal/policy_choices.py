"""Of policies that exclude each other: which to take, what each brings, and what that leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from qitong.kernel.words import NOTHING, Named, Sentence, say
from qitong.policies.logic.choice import Group
from qitong.policies.logic.units import Kind
from qitong.policies.logic.wording import shown
from qitong.policies.matching import Match, yearly
from qitong.policies.queries import Mine


@dataclass(frozen=True, slots=True)
class Side:
    """One policy of a choice; ``says``: taken or left out because of what, ``worth``: of a year."""

    name: Named
    href: str
    taken: bool
    says: Sentence
    worth: Sentence


@dataclass(frozen=True, slots=True)
class Choice:
    says: Sentence
    sides: tuple[Side, ...]


def name_of(mine: Mine, code: str) -> Named:
    name = mine.edition.library.entries[code].policy.name
    return Named(name.zh, name.en)


def choices(mine: Mine, policy: str = "") -> list[Choice]:
    """All of a company, or those that ``policy`` is part of."""
    found = [group for group in mine.groups if not policy or policy in (*group.chosen, *group.left)]
    return [Choice(_why(mine, group), tuple(_sides(mine, group))) for group in found]


def left_for(mine: Mine, code: str) -> list[Named]:
    """For which policies this one is left; empty when it is taken or excludes nothing."""
    group = next((group for group in mine.groups if code in group.left), None)
    if group is None:
        return []
    against = mine.edition.library.conflicts
    return [name_of(mine, one) for one in group.chosen if (one, code) in against or (code, one) in against]


def excluded(mine: Mine, code: str) -> Sentence:
    """In one sentence for what it is left; empty when it is not."""
    taken = left_for(mine, code)
    return say("选了{taken}，就不能同时享受这一项。", taken=taken) if taken else NOTHING


def _why(mine: Mine, group: Group) -> Sentence:
    """Which to take and why, as far as amounts are known."""
    told: dict[str, object] = {
        "chosen": [name_of(mine, code) for code in group.chosen],
        "open": [name_of(mine, code) for code in group.undecided],
        "worth": shown(group.worth, Kind.MONEY),
    }
    if group.undecided and not group.worth:
        return say("{open}的金额还不清楚，现在比不出哪个更合算。", **told)
    if group.undecided:
        return say("现在看选{chosen}，一年约{worth}；{open}的金额还不清楚，知道后可能改变。", **told)
    if not group.worth:
        return say("金额上没有差别，先列出{chosen}。", **told)
    return say("选{chosen}最合算，一年约{worth}。", **told)


def _sides(mine: Mine, group: Group) -> Iterator[Side]:
    by_code = {match.entry.policy.id: match for match in mine.proposed}
    for code in (*group.chosen, *group.left):
        taken = code in group.chosen
        says = say("选这一项") if taken else say("选了{taken}，就不能享受", taken=left_for(mine, code))
        href = reverse("portal:policy", args=[mine.enterprise.pk, code])
        yield Side(name_of(mine, code), href, taken, says, _worth(by_code[code]))


def _worth(match: Match) -> Sentence:
    worth = yearly(match)
    if worth is None:
        return say("金额还不清楚")
    if worth == 0:
        return say("没有直接的金额")
    return say("一年约{amount}", amount=shown(worth, Kind.MONEY))
