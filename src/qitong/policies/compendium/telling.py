"""What is to be known of a policy in words: its state, validity, windows, benefit. Pure, as the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from qitong.kernel.words import NOTHING, Named, Sentence, say
from qitong.policies.compendium.parts import Fact, Text
from qitong.policies.compendium.themes import BENEFITS, LEVELS, PERIODS, region
from qitong.policies.compiling import named
from qitong.policies.library import Entry
from qitong.policies.logic.formulas import formula
from qitong.policies.logic.standing import Force, Standing
from qitong.policies.logic.tree import Least, Num, Value
from qitong.policies.logic.units import Kind, Number
from qitong.policies.logic.window_words import window_words
from qitong.policies.logic.wording import shown
from qitong.policies.schema import OpenWindow, Policy


def state(entry: Entry, standing: Standing, successor: Named | None) -> Sentence:
    """Whether it is in force on the day, said plainly."""
    if told := _not_in_force(entry, standing, successor):
        return told
    if standing.to_be_verified:
        return say("施行中；文件还在核实，以主管部门最新公布的为准。")
    return say("施行中。")


def _not_in_force(entry: Entry, standing: Standing, successor: Named | None) -> Sentence:
    valid = entry.policy.valid
    match standing.force:
        case Force.COMING:
            return say("尚未施行，自{day}起施行。", day=valid.from_)
        case Force.SUPERSEDED if successor:
            return say("已被“{name}”取代，不再受理。", name=successor)
        case Force.SUPERSEDED:
            return say("已被新政策取代，不再受理。")
        case Force.EXPIRED if valid.to:
            return say("有效期到{day}为止，已经过期。", day=valid.to)
        case Force.ABOLISHED | Force.EXPIRED:
            return say("已经废止。")
    return NOTHING


def level(levels: Sequence[str]) -> Named:
    names = [LEVELS[one] for one in levels]
    return Named("、".join(name.zh for name in names), ", ".join(name.en for name in names))


def department(code: str, known: Mapping[str, Named]) -> Named:
    return known.get(code) or Named(code, code)


def facts(
    entry: Entry, standing: Standing, departments: Mapping[str, Named], regions: Mapping[str, Named]
) -> tuple[Fact, ...]:
    policy = entry.policy
    told: list[tuple[Sentence, tuple[Text, ...]]] = [
        (say("级别"), (level(policy.level),)),
        (say("适用地区"), (region(policy.region, regions),)),
        (say("主管部门"), (department(policy.department, departments),)),
        (say("依据"), (named(policy.basis),)),
        (say("有效期"), (_valid(policy),)),
        (say("申报期"), tuple(_windows(policy.windows, standing))),
    ]
    return tuple(Fact(label, values) for label, values in told)


FORCES: Mapping[Force, Sentence] = {
    Force.COMING: say("尚未施行"),
    Force.IN_FORCE: say("施行中"),
    Force.SUPERSEDED: say("已被取代"),
    Force.EXPIRED: say("已到期"),
    Force.ABOLISHED: say("已废止"),
}


def state_short(standing: Standing) -> Sentence:
    if standing.in_force and standing.to_be_verified:
        return say("施行中，待核实")
    return FORCES[standing.force]


def _valid(policy: Policy) -> Sentence:
    if policy.valid.to is None:
        return say("{since}起施行，没有写明截止日期", since=policy.valid.from_)
    return say("{since}至{last}", since=policy.valid.from_, last=policy.valid.to)


def _windows(windows: Sequence[OpenWindow], standing: Standing) -> Iterator[Text]:
    for one in windows:
        told = {"opens": one.open, "last": one.close, "basis": named(one.basis)}
        yield say("{opens}至{last}（{basis}）", **told)
    yield window_words(standing)


def benefit(entry: Entry) -> tuple[Fact, ...]:
    """What kind of benefit it is, how it is reckoned, how often, at most how much."""
    spec, rule = entry.policy.benefit, entry.rule.benefit
    kind = BENEFITS[spec.type]
    kinds: tuple[Text, ...] = (kind,)
    if spec.note:
        kinds = (named(spec.note),) if spec.note.zh.startswith(kind.zh) else (*kinds, named(spec.note))
    found = [Fact(say("优惠"), kinds)]
    if rule.node != Num(0):
        amount = formula(_without_ceiling(rule.node, rule.ceiling), entry.rule, Kind.MONEY)
        told = say("{period}：{amount}", period=PERIODS[spec.period], amount=amount)
        found.append(Fact(say("怎样计算"), (told,)))
    if rule.ceiling is not None:
        most = say("最高{amount}", amount=shown(rule.ceiling, Kind.MONEY))
        found.append(Fact(say("上限"), (most,)))
    found += [
        Fact(say("{label}", label=figure.label), (formula(figure.node, entry.rule, Kind.MONEY),))
        for figure in entry.rule.figures
    ]
    return tuple(found)


def _without_ceiling(node: Value, ceiling: Number | None) -> Value:
    """The ceiling is part of the tree, so that every engine pays the same; here it has a row of its own."""
    if ceiling is None or not isinstance(node, Least) or node.parts[1:] != (Num(ceiling),):
        return node
    return node.parts[0]
