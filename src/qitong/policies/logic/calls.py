"""The functions of the rule language, and membership among codes: each checks what it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from qitong.kernel.words import say
from qitong.policies.logic import joining
from qitong.policies.logic.joining import Part
from qitong.policies.logic.tokens import Mistake
from qitong.policies.logic.tree import AtLeast, Field, Has, Is, Num, Place, Prefix, Since
from qitong.policies.logic.units import Kind


@dataclass(frozen=True, slots=True)
class Declared:
    """A fact as the parser needs it: its kind, and the codes it may have (none: any)."""

    kind: Kind
    codes: frozenset[str] = frozenset()


Facts = Mapping[str, Declared]
MOST = 40
"""Arguments of a function: each is compared with all before it."""


def code_fact(part: Part) -> str:
    """The name of the fact that ``part`` is; a Mistake unless it is a code."""
    if part.kind is not Kind.CODE or not isinstance(part.value, Field):
        raise Mistake(say("此处应为选项类的事实，而这里是{kind}。", kind=joining.named(part.kind)), part.at)
    return part.value.name


def member(left: Part, codes: Sequence[tuple[str, Place]], facts: Facts) -> Part:
    name = code_fact(left)
    for code, at in codes:
        _known(name, code, facts, at)
    return Part(left.at, Kind.BOOL, truth=Is(name, tuple(sorted({code for code, _ in codes})), at=left.at))


def _known(name: str, code: str, facts: Facts, at: Place) -> None:
    known = facts[name].codes
    if known and code not in known:
        sentence = say(
            "{fact}没有选项“{code}”；可选：{known}。", fact=name, code=code, known=", ".join(sorted(known))
        )
        raise Mistake(sentence, at)


def call(name: str, arguments: Sequence[Part], facts: Facts, at: Place) -> Part:
    function = _CALLS.get(name)
    if function is None:
        raise Mistake(
            say("没有{name}这个函数；可用：{known}。", name=name, known=", ".join(sorted(_CALLS))), at
        )
    if len(arguments) > MOST:
        raise Mistake(say("{name}的括号中最多写{n}项。", name=name, n=MOST), arguments[MOST].at)
    return function(arguments, facts, at)


def _extreme(arguments: Sequence[Part], at: Place, *, most: bool) -> Part:
    if len(arguments) < 2:
        raise Mistake(say("min 和 max 至少比较两个数。"), at)
    return joining.extreme(arguments, most=most, at=at)


def _at_least(arguments: Sequence[Part], _: Facts, at: Place) -> Part:
    count, *parts = arguments
    wanted = count.value.value if isinstance(count.value, Num) else None
    if not isinstance(wanted, int) or not 1 <= wanted <= len(parts):
        raise Mistake(say("at_least 先写个数，再写至少同样多的条件。"), count.at)
    held = tuple(joining.truth(part) for part in parts)
    return Part(at, Kind.BOOL, truth=AtLeast(wanted, held, count.at))


def _starts(arguments: Sequence[Part], _: Facts, at: Place) -> Part:
    name, prefixes = code_fact(arguments[0]), [part.text for part in arguments[1:]]
    if not prefixes or not all(prefixes):
        raise Mistake(say("starts 写成 starts(事实, '开头', …)。"), at)
    return Part(at, Kind.BOOL, truth=Prefix(name, tuple(sorted(set(prefixes))), at=at))


def _has(arguments: Sequence[Part], facts: Facts, at: Place) -> Part:
    fact, *codes = arguments
    if (
        fact.kind is not Kind.CODES
        or not isinstance(fact.value, Field)
        or len(codes) != 1
        or not codes[0].text
    ):
        raise Mistake(say("has 写成 has(多选的事实, '选项')。"), at)
    _known(fact.value.name, codes[0].text, facts, codes[0].at)
    return Part(at, Kind.BOOL, truth=Has(fact.value.name, codes[0].text, at=at))


def _since(arguments: Sequence[Part], at: Place, *, unit: Kind) -> Part:
    if len(arguments) != 1 or arguments[0].kind is not Kind.DATE:
        raise Mistake(say("此处应为一个日期类的事实。"), at)
    return Part(at, unit, value=Since(joining.number(arguments[0], dates=True), unit))


_CALLS: dict[str, Callable[[Sequence[Part], Facts, Place], Part]] = {
    "min": lambda arguments, _, at: _extreme(arguments, at, most=False),
    "max": lambda arguments, _, at: _extreme(arguments, at, most=True),
    "at_least": _at_least,
    "starts": _starts,
    "has": _has,
    "months_since": lambda arguments, _, at: _since(arguments, at, unit=Kind.MONTHS),
    "years_since": lambda arguments, _, at: _since(arguments, at, unit=Kind.YEARS),
}
