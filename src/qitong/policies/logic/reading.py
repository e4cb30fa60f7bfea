"""Facts as people and files give them, turned into exact values in base units, or refused by name."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

from qitong.kernel.errors import Refused
from qitong.kernel.words import Sentence, say
from qitong.policies.logic.rule import FieldSpec
from qitong.policies.logic.units import Kind, Number, normal, text

MOST_DIGITS = 40
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
LONGEST_CODE = 60


def value(spec: FieldSpec, raw: object) -> Any:
    """The value of a fact in base units; None (missing) stays None. Refused when it cannot be that fact.

    Numbers come as int, Decimal, or a float that was written with few digits; 0 and False are values.
    """
    if raw is None:
        return None
    match spec.kind:
        case Kind.BOOL:
            if not isinstance(raw, bool):
                raise _wrong(spec, say("应为 true 或 false"))
            return raw
        case Kind.CODE:
            return _code(spec, raw)
        case Kind.CODES:
            if not isinstance(raw, list):
                raise _wrong(spec, say("应为一组选项"))
            return frozenset(_code(spec, each) for each in raw)
        case Kind.DATE:
            return _date(spec, raw)
    return _number(spec, raw)


def written(spec: FieldSpec, found: Any) -> Any:
    """The value back in the unit of its fact, for people and files; the inverse of :func:`value`."""
    if spec.of.most and found is not None:
        return normal(Fraction(found) / spec.of.scale)
    return found


def _code(spec: FieldSpec, raw: object) -> str:
    codes = [code for code, _ in spec.codes]
    if not isinstance(raw, str) or not 0 < len(raw) <= LONGEST_CODE or not _whole(raw):
        raise _wrong(spec, say("应为带引号的选项"))
    if codes and raw not in codes:
        raise _wrong(spec, say("没有选项“{code}”，可选：{known}", code=raw, known=", ".join(codes)))
    return raw


def _whole(text: str) -> bool:
    """Without halves of characters, which JSON can write and nothing can store or show."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def _date(spec: FieldSpec, raw: object) -> dt.date:
    try:
        if not isinstance(raw, str) or not _DAY.fullmatch(raw):  # ISO has weeks too: 2025-W01
            raise ValueError
        return dt.date.fromisoformat(raw)
    except ValueError:
        raise _wrong(spec, say("应为日期，如 2026-01-31")) from None


def _number(spec: FieldSpec, raw: object) -> Number:
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal | float):
        raise _wrong(spec, say("应为数，不加引号"))
    number = Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw)
    if not number.is_finite() or number.adjusted() > MOST_DIGITS:
        raise _wrong(spec, out_of_range(spec, None))
    if int(number.as_tuple().exponent) < -MOST_DIGITS:
        raise _wrong(spec, say("小数位数过多"))
    found = Fraction(number) * spec.of.scale
    if not spec.least <= found <= spec.most:
        raise _wrong(spec, out_of_range(spec, found))
    if spec.of.strict and (found * spec.grain).denominator != 1:
        raise _wrong(spec, too_fine(spec, found))
    return normal(found)


def too_fine(spec: FieldSpec, found: Number) -> Sentence:
    """Nobody rounds for the company: 4.999999… % is not 5 %. Further digits are cut, never rounded up."""
    whole = int(abs(Fraction(found)) * spec.grain)
    cut = Fraction(whole if found >= 0 else -whole, spec.grain)
    example = text(written(spec, cut))
    return say("最多{n}位小数，请舍去其后的数位，写作 {example}", n=spec.places, example=example)


def out_of_range(spec: FieldSpec, found: Number | None) -> Sentence:
    """``found`` in base units; None: no number at all. Who writes 5.5 for a share probably means 5.5 %."""
    ends = {"least": text(written(spec, spec.least)), "most": text(written(spec, spec.most))}
    share = Fraction(found) / 100 if found is not None else None
    if spec.kind is Kind.RATIO and share is not None and spec.most < share * 100 and share <= spec.most:
        told = {"given": f"{text(share * 100)}%", "wanted": text(normal(share))}
        return say("应在{least}至{most}之间；{given}应写作 {wanted}", **ends, **told)
    return say("应在{least}至{most}之间", **ends)


def _wrong(spec: FieldSpec, reason: Sentence) -> Refused:
    if spec.of.most:
        sentence = say("{fact}（{unit}）{reason}。", fact=spec.name, unit=spec.unit, reason=reason)
    else:
        sentence = say("{fact}{reason}。", fact=spec.name, reason=reason)
    return Refused(sentence, code="fact", field=spec.name)
