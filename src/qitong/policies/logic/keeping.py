"""Facts between the values that rules read (base units, fractions) and the JSON in which they are kept.

Kept is what was given, in the fact's own unit: a whole number, a decimal as text, true or false, a date as
text, a code, a sorted list of codes. Never a binary float.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from qitong.kernel.errors import Refused
from qitong.kernel.words import say
from qitong.policies.logic import reading
from qitong.policies.logic.rule import FieldSpec
from qitong.policies.logic.units import UNITS, Kind, Number, decimal_text, normal, text

_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
EARLIEST, LATEST = 1900, 2200
"""The years in which a day can lie."""
Given = bool | int | str | list[str]
"""A fact as somebody gives it: numbers whole, or as text with all their digits (``"4.2"``, ``"4.2%"``)."""


def value(spec: FieldSpec, given: Given) -> Any:
    """What was given, in base units; Refused, in words for people, when it cannot be this fact."""
    numeric = spec.of.most > 0
    texts = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    if not all(each.isprintable() for each in texts):  # a database keeps no NUL, and nobody means a tab
        raise Refused(say("“{fact}”含有无法识别的字符。", fact=spec.label), code="fact", field=spec.name)
    raw: object = number(spec, given) if numeric and isinstance(given, str) else given
    try:
        return keepable(spec, reading.value(spec, raw))
    except Refused as refused:
        reason = refused.sentence.params.get("reason", refused.sentence)
        if spec.kind is Kind.RATIO:
            sentence = say("{fact}{reason}。", fact=spec.label, reason=_in_percent(spec, reason))
        elif numeric:
            sentence = say("{fact}（{unit}）{reason}。", fact=spec.label, unit=spec.of.name, reason=reason)
        else:
            sentence = say("{fact}{reason}。", fact=spec.label, reason=reason)
        raise Refused(sentence, code="fact", field=spec.name) from None


def _in_percent(spec: FieldSpec, reason: Any) -> Any:
    """Of a share people are told in percent, as they type it."""
    told = getattr(reason, "params", {})
    if "example" in told:
        digits = {"n": max(spec.places - 2, 0), "example": _percent(told["example"])}
        return say("最多{n}位小数，请舍去其后的数位，写作 {example}", **digits)
    if "least" in told:
        return say("应在{least}至{most}之间", least=_percent(spec.least), most=_percent(spec.most))
    return reason


def _percent(share: Any) -> str:
    return f"{text(normal(Fraction(share) * 100))}%"


def _in_base(raw: Any, scale: int) -> Number | None:
    """A whole number, or a decimal as text, times ``scale``; None for anything else."""
    if type(raw) is int:
        return raw * scale
    if not isinstance(raw, str) or not _PLAIN.fullmatch(raw):
        return None
    whole, _, decimals = raw.partition(".")
    number, parts = int(whole + decimals) * scale, 10 ** len(decimals)
    return number // parts if number % parts == 0 else Fraction(number, parts)


def keepable(spec: FieldSpec, found: Any) -> Any:
    """The value, when every engine can hold it; else Refused. Nobody means more, and nothing is rounded."""
    if isinstance(found, dt.date) and not EARLIEST <= found.year <= LATEST:
        reason = say("应在{least}年至{most}年之间", least=EARLIEST, most=LATEST)
    elif isinstance(found, Fraction) and (found * spec.grain).denominator != 1:
        reason = reading.too_fine(spec, found)
    else:
        return found
    raise Refused(say("{fact}{reason}。", fact=spec.name, reason=reason), code="fact", field=spec.name)


def number(spec: FieldSpec, typed: str) -> Decimal:
    """``1,200.5``, ``１２００``, ``4.2%`` as a number; Refused when it is none."""
    plain = unicodedata.normalize("NFKC", typed).replace(",", "").replace(" ", "")
    share = plain.endswith("%") and spec.kind is Kind.RATIO
    try:
        found = Decimal(plain.removesuffix("%") if share else plain)
    except InvalidOperation:
        found = Decimal("NaN")
    if not plain.isascii() or not found.is_finite() or len(plain) > reading.MOST_DIGITS:
        example = "5.5%" if spec.kind is Kind.RATIO else "1200.5" if spec.places else "120"
        sentence = say("请为“{fact}”填写数字，如 {example}。", fact=spec.label, example=example)
        raise Refused(sentence, code="fact", field=spec.name)
    return found.scaleb(-2) if share else found


def kept(spec: FieldSpec, found: Any) -> Any:
    """A value in base units as JSON, in the fact's unit."""
    if isinstance(found, frozenset):
        return sorted(found)
    if isinstance(found, dt.date):
        return found.isoformat()
    if isinstance(found, bool | str) or found is None:
        return found
    whole: Number = reading.written(spec, found)
    return whole if isinstance(whole, int) else decimal_text(whole)


def known(spec: FieldSpec, unit: str, raw: Any) -> Any:
    """What was kept in ``unit`` as the fact is read today; None when it cannot be this fact any more."""
    return reader(spec)(unit, raw)


def reader(spec: FieldSpec) -> Callable[[str, Any], Any]:
    """:func:`known` of one fact, for many companies: what is the same for all is looked up once."""
    kind, least, most, grain = spec.kind, spec.least, spec.most, spec.grain

    def read_number(unit: str, raw: Any) -> Any:
        told = UNITS.get(unit)
        base = _in_base(raw, told.scale) if told is not None and told.kind is kind else None
        if base is None or not least <= base <= most:
            return None
        return base if isinstance(base, int) or (base * grain).denominator == 1 else None

    def read_other(unit: str, raw: Any) -> Any:
        told = UNITS.get(unit)
        if raw is None or told is None or told.kind is not kind:
            return None
        if kind is Kind.BOOL:
            return raw if isinstance(raw, bool) else None
        try:
            return keepable(spec, reading.value(spec, raw))
        except Refused:
            return None

    return read_number if spec.of.most else read_other
