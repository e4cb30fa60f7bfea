"""What the shape of catalogue data cannot say: references, cycles, limits, the form of step graphs.

Pure. Each function complains about one kind of thing, at the place where it was written.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache

from qitong.catalogue.logic.conditions import Check, parse
from qitong.catalogue.logic.graph import Dag
from qitong.catalogue.logic.kinds import WINDOW, FactType, LimitUnit, MaterialClass, StepKind
from qitong.catalogue.schema import Catalogue, Fact, Item, Limit, Step
from qitong.kernel.calendar_data import official_years
from qitong.kernel.errors import Refused
from qitong.kernel.words import Sentence, say
from qitong.kernel.workdays import official
from qitong.kernel.yamlmarks import Loc

Complain = Callable[[Loc, Sentence], None]


@cache
def calendar_days_at_most(working_days: int) -> int:
    """Calendar days that ``working_days`` took at worst, from any day of the years announced."""
    announced = official_years()
    first, last = dt.date(min(announced), 1, 1), dt.date(max(announced), 12, 31)
    starts = [dt.date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
    ends = official().add_many(starts, working_days)
    return max((end - start).days for start, end in zip(starts, ends, strict=True))


def find(catalogue: Catalogue, complain: Complain) -> None:
    """Complain about everything in ``catalogue`` that refers to nothing, or contradicts itself."""
    _codes(catalogue, complain)
    for code, milestone in catalogue.milestones.items():
        _known_requires(catalogue, milestone.requires, ("milestones", code, "requires"), complain)
    for code, fact in catalogue.facts.items():
        _condition(catalogue, fact.asked_when, ("facts", code, "asked_when"), complain)
    _fact_cycles(catalogue, complain)
    for index, item in enumerate(catalogue.items):
        loc: Loc = ("items", index)
        _departments(catalogue, item, loc, complain)
        _requires(catalogue, item, loc, complain)
        _limits(item, loc, complain)
        _variants(catalogue, item, loc, complain)
        _materials(item, loc, complain)
        _steps(item, (*loc, "steps"), complain)
    _order(catalogue, complain)


def _codes(catalogue: Catalogue, complain: Complain) -> None:
    _once([item.code for item in catalogue.items], lambda i: ("items", i, "code"), complain)
    if WINDOW in catalogue.departments:
        complain(("departments", WINDOW), say("window指综合窗口，不能用作部门代码。"))


def _once(keys: Sequence[str], loc: Callable[[int], Loc], complain: Complain) -> None:
    seen: set[str] = set()
    for index, key in enumerate(keys):
        if key in seen:
            complain(loc(index), say("{key}重复。", key=key))
        seen.add(key)


def _department(catalogue: Catalogue, code: str, loc: Loc, complain: Complain) -> None:
    if code not in catalogue.departments:
        complain(loc, say("没有代码为{code}的部门。", code=code))


def _departments(catalogue: Catalogue, item: Item, loc: Loc, complain: Complain) -> None:
    _department(catalogue, item.lead, (*loc, "lead"), complain)
    _department(catalogue, item.certificate.issuer, (*loc, "certificate", "issuer"), complain)
    _once(item.co, lambda i: (*loc, "co", i), complain)
    for index, code in enumerate(item.co):
        _department(catalogue, code, (*loc, "co", index), complain)
        if code == item.lead:
            complain((*loc, "co", index), say("牵头部门不再列为协办部门。"))
    for index, material in enumerate(item.materials):
        if material.from_ is not None:
            _department(catalogue, material.from_, (*loc, "materials", index, "from"), complain)


def _known_requires(catalogue: Catalogue, codes: Sequence[str], loc: Loc, complain: Complain) -> None:
    known = {item.code for item in catalogue.items} | set(catalogue.milestones)
    _once(codes, lambda i: (*loc, i), complain)
    for index, code in enumerate(codes):
        if code not in known:
            complain((*loc, index), say("没有代码为{code}的事项或里程碑。", code=code))


def _requires(catalogue: Catalogue, item: Item, loc: Loc, complain: Complain) -> None:
    _known_requires(catalogue, item.requires, (*loc, "requires"), complain)
    _condition(catalogue, item.applies_when, (*loc, "applies_when"), complain)
    for condition, codes in item.requires_if.items():
        place = (*loc, "requires_if", condition)
        _condition(catalogue, condition, place, complain)
        _known_requires(catalogue, codes, place, complain)


def _condition(catalogue: Catalogue, text: str, loc: Loc, complain: Complain) -> None:
    if not text:
        return
    try:
        checks = [finding.check for finding in parse(text).explain({})]
    except Refused as refused:
        complain(loc, refused.sentence)
        return
    for check in checks:
        fact = catalogue.facts.get(check.fact)
        if fact is None:
            complain(loc, say("没有声明过事实{fact}。", fact=check.fact))
        elif not _comparable(fact, check):
            complain(loc, say("{fact}的取值与声明的类型不符。", fact=check.fact))


def _comparable(fact: Fact, check: Check) -> bool:
    match fact.type:
        case FactType.BOOL:
            return all(isinstance(value, bool) for value in check.wanted)
        case FactType.NUMBER:
            return all(isinstance(value, Decimal) for value in check.wanted)
        case FactType.CHOICE:
            return all(value in fact.choices for value in check.wanted)


def _fact_cycles(catalogue: Catalogue, complain: Complain) -> None:
    """A question may not, even by way of others, wait for its own answer."""
    after: dict[str, list[str]] = {}
    for code, fact in catalogue.facts.items():
        try:
            names = parse(fact.asked_when).names if fact.asked_when else frozenset()
        except Refused:
            return  # complained about already
        after[code] = sorted(names & set(catalogue.facts))
    _acyclic(after, ("facts",), complain)


def _acyclic(after: Mapping[str, Iterable[str]], loc: Loc, complain: Complain) -> bool:
    try:
        Dag(after)
    except Refused as refused:
        complain(loc, refused.sentence)
        return False
    return True


def _order(catalogue: Catalogue, complain: Complain) -> None:
    """Items and milestones, with every conditional requirement counted, must have an order."""
    after: dict[str, set[str]] = {code: set(m.requires) for code, m in catalogue.milestones.items()}
    for item in catalogue.items:
        after[item.code] = set(item.requires).union(*item.requires_if.values())
    known = {code: sorted(before & set(after)) for code, before in after.items()}
    _acyclic(known, ("items",), complain)


def _limits(item: Item, loc: Loc, complain: Complain) -> None:
    _within(item.promised_wd, item.statutory, (*loc, "promised_wd"), complain)
    for code, variant in item.variants.items():
        _within(variant.promised_wd, variant.statutory, (*loc, "variants", code, "promised_wd"), complain)


def _within(promised: int, statutory: Limit, loc: Loc, complain: Complain) -> None:
    if statutory.days is None:
        return
    calendar = statutory.unit is LimitUnit.CD
    needed = calendar_days_at_most(promised) if calendar else promised
    if needed > statutory.days:
        complain(loc, say("承诺时限超过法定时限（{limit}天）。", limit=statutory.days))


def _variants(catalogue: Catalogue, item: Item, loc: Loc, complain: Complain) -> None:
    if item.variant_fact is None:
        return
    fact = catalogue.facts.get(item.variant_fact)
    if fact is None or fact.type is not FactType.CHOICE:
        complain((*loc, "variant_fact"), say("variant_fact应为已声明的choice类型事实。"))
        return
    for code in item.variants:
        if code not in fact.choices:
            complain(
                (*loc, "variants", code), say("{code}不是{fact}的取值。", code=code, fact=item.variant_fact)
            )


def _materials(item: Item, loc: Loc, complain: Complain) -> None:
    _once([m.id for m in item.materials], lambda i: (*loc, "materials", i, "id"), complain)
    if item.red_line and all(m.klass is not MaterialClass.RED_LINE for m in item.materials):
        complain((*loc, "red_line"), say("红线事项至少应有一份红线材料。"))


def _steps(item: Item, loc: Loc, complain: Complain) -> None:
    steps = item.steps
    _once([s.key for s in steps], lambda i: (*loc, i, "key"), complain)
    keys = {s.key for s in steps}
    for index, step in enumerate(steps):
        for place, before in enumerate(step.after):
            if before not in keys:
                complain((*loc, index, "after", place), say("没有步骤{key}。", key=before))
        if step.department not in {WINDOW, item.lead, *item.co}:
            complain((*loc, index, "department"), say("步骤的部门应为window、牵头部门或协办部门。"))
    for code in item.co:
        if all(step.department != code for step in steps):
            complain(loc, say("协办部门{code}没有步骤。", code=code))
    _shape(item, loc, complain)
    known = {s.key: [k for k in s.after if k in keys] for s in steps}
    if _acyclic(known, loc, complain):
        _days(item, known, loc, complain)


def _shape(item: Item, loc: Loc, complain: Complain) -> None:
    """One acceptance at most and first; one decision, by the lead, after which nothing follows."""
    kinds = Counter(step.kind for step in item.steps)
    if kinds[StepKind.ACCEPTANCE] > 1:
        complain(loc, say("受理步骤最多一个。"))
    if kinds[StepKind.DECISION] != 1:
        complain(loc, say("决定步骤应有且只有一个。"))
    followed = {key for step in item.steps for key in step.after}
    for index, step in enumerate(item.steps):
        _ends(item, step, step.key in followed, (*loc, index), complain)


def _ends(item: Item, step: Step, followed: bool, loc: Loc, complain: Complain) -> None:
    if step.kind is StepKind.ACCEPTANCE and step.after:
        complain((*loc, "after"), say("受理步骤之前不能有其他步骤。"))
    if step.kind is StepKind.DECISION and (followed or step.department != item.lead):
        complain(loc, say("决定由牵头部门作出，之后不再有步骤。"))
    if step.kind is not StepKind.DECISION and not followed:
        complain(loc, say("步骤{key}之后没有步骤；最后一步应为决定。", key=step.key))


def _days(item: Item, after: Mapping[str, Sequence[str]], loc: Loc, complain: Complain) -> None:
    days = {step.key: step.days for step in item.steps}
    length = Dag(after).schedule(days).length
    if length > item.promised_wd:
        sentence = say(
            "最长的步骤链需{n}个工作日，超过承诺时限{promised}。", n=length, promised=item.promised_wd
        )
        complain(loc, sentence)
