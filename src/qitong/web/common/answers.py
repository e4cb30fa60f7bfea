"""Answers to the catalogue's questions: kept as typed, read as what the conditions need."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from qitong.catalogue.logic.conditions import parse
from qitong.catalogue.logic.path import complete_facts
from qitong.catalogue.logic.types import FactSpec, FactType, ItemSpec
from qitong.kernel.words import Sentence, say

_NUMBER = re.compile(r"\d{1,12}(\.\d{1,4})?")
YES, NO = "true", "false"


def typed(spec: FactSpec, raw: object) -> bool | int | float | str | None:
    """What was typed as yes or no, number or choice; None for no answer and for what does not fit."""
    text = str(raw).strip() if raw is not None else ""
    match spec.type:
        case FactType.BOOL:
            return {YES: True, NO: False}.get(text.lower())
        case FactType.NUMBER:
            if not _NUMBER.fullmatch(text):
                return None
            number = Decimal(text)
            return int(number) if number == number.to_integral_value() else float(number)
        case FactType.CHOICE:
            return text if text in dict(spec.choices) else None


def all_typed(specs: Iterable[FactSpec], raw: Mapping[str, object]) -> dict[str, object]:
    """The answers that are answers, by fact."""
    found = {spec.code: typed(spec, raw.get(spec.code)) for spec in specs}
    return {code: value for code, value in found.items() if value is not None}


def asked(specs: Sequence[FactSpec], answers: Mapping[str, object]) -> list[FactSpec]:
    """The questions to put, given the answers so far: a question whose condition does not hold waits."""
    full = complete_facts(answers, specs)
    return [s for s in specs if not s.asked_when or parse(s.asked_when).evaluate(full) is True]


def about(item: ItemSpec, specs: Sequence[FactSpec]) -> list[FactSpec]:
    """The facts on which this item depends, and those their questions depend on."""
    wanted: set[str] = set(parse(item.applies_when).names) if item.applies_when else set()
    if item.variant_fact:
        wanted.add(item.variant_fact)
    return _with_grounds(wanted, specs)


def _with_grounds(wanted: Collection[str], specs: Sequence[FactSpec]) -> list[FactSpec]:
    known = {spec.code: spec for spec in specs}
    found: set[str] = set()
    todo = [code for code in wanted if code in known]
    while todo:
        code = todo.pop()
        if code not in found:
            found.add(code)
            condition = known[code].asked_when
            todo.extend(name for name in (parse(condition).names if condition else ()) if name in known)
    return [spec for spec in specs if spec.code in found]


def shown(spec: FactSpec, value: object) -> object:
    """An answer for people, with its unit."""
    answer = typed(spec, value)
    if answer is None:
        return say("还不清楚")
    if spec.type is FactType.BOOL:
        return say("是") if answer else say("否")
    if spec.type is FactType.CHOICE:
        return dict(spec.choices).get(str(answer), str(answer))
    return say("{number}{unit}", number=f"{answer:,}", unit=spec.unit or "")


def doubt(item: ItemSpec, specs: Sequence[FactSpec], answers: Mapping[str, object]) -> Sentence:
    """A word of caution when the answers say that the item is not needed; empty otherwise."""
    if item.applies_when and parse(item.applies_when).evaluate(complete_facts(answers, specs)) is False:
        return say("按您的回答，这个事项可能不需要办理。拿不准可以继续提交，由窗口核实。")
    return say("")
