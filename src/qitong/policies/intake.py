"""The facts of one company from a JSON file: exact numbers, every mistake with its place."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from qitong.kernel.errors import Refused
from qitong.kernel.parsers import of_json
from qitong.kernel.words import Sentence, say
from qitong.kernel.yamlmarks import Problem
from qitong.policies.logic import keeping, reading
from qitong.policies.logic.rule import FieldSpec


def read(text: str, name: str, fields: Mapping[str, FieldSpec]) -> tuple[dict[str, Any], list[Problem]]:
    """Facts in base units, or problems; ``text`` is a JSON object of input names and values.

    Numbers are in the unit of their input (``sales_last`` in 万元, names ending in ``_yuan`` in 元); null is
    missing. A name given twice, an unknown one, and a value that cannot be that fact are problems; so is one
    with more decimals than the fact has, as in a file of companies: nothing is rounded.
    """
    try:
        given = json.loads(text, parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_Pairs)
    except json.JSONDecodeError as error:
        return {}, [
            Problem(
                name, error.lineno, error.colno, say("JSON写法有误：{reason}。", reason=of_json(error.msg))
            )
        ]
    except _NoNumber as error:
        reason = say("{value}不是JSON中的数；不知道的值写作 null", value=str(error))
        return {}, [_at(text, name, str(error), say("JSON写法有误：{reason}。", reason=reason))]
    except ValueError:  # whole numbers of thousands of digits
        longest = max(re.findall(r"[0-9]+", text), key=len)
        return {}, [_at(text, name, longest, say("JSON写法有误：{reason}。", reason=say("数字的位数过多")))]
    except RecursionError:
        return {}, [Problem(name, 1, 1, say("JSON写法有误：{reason}。", reason=say("层级过深")))]
    if not isinstance(given, _Pairs):
        return {}, [Problem(name, 1, 1, say("应为一个JSON对象：事实名和值。"))]
    facts: dict[str, Any] = {}
    problems = []
    for fact, raw in given:
        try:
            if fact in facts:
                raise Refused(say("{key}写了两次。", key=fact))
            spec = _spec(fact, fields)
            facts[fact] = keeping.keepable(spec, reading.value(spec, raw))
        except Refused as refused:
            problems.append(_problem(text, name, fact, refused.sentence, again=fact in facts))
    return ({} if problems else facts), problems


class _Pairs(list[tuple[str, Any]]):
    """An object as it was written, names given twice included."""


class _NoNumber(ValueError):
    """``NaN`` and its like, which JSON does not have."""


def _refuse(constant: str) -> None:
    raise _NoNumber(constant)


def _spec(fact: str, fields: Mapping[str, FieldSpec]) -> FieldSpec:
    spec = fields.get(fact)
    if spec is not None:
        return spec
    close = difflib.get_close_matches(fact, fields, n=1)
    if close:
        raise Refused(say("不认识{key}，是否应为{close}？", key=fact, close=close[0]))
    raise Refused(say("不认识{key}。", key=fact))


_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|-?\w+')
"""A text in quotes, or a bare word or number."""


def _at(text: str, name: str, word: str, sentence: Sentence) -> Problem:
    """At the first place where the bare word stands."""
    found = (token.start() for token in _TOKEN.finditer(text) if token[0].lstrip("-") == word.lstrip("-"))
    return _placed(text, name, next(found, 0), sentence)


def _problem(text: str, name: str, fact: str, sentence: Sentence, *, again: bool) -> Problem:
    places = [m.start() for m in re.finditer(re.escape(json.dumps(fact, ensure_ascii=False)) + r"\s*:", text)]
    place = places[-1 if again else 0] if places else 0
    return _placed(text, name, place, sentence)


def _placed(text: str, name: str, place: int, sentence: Sentence) -> Problem:
    before = text[:place]
    return Problem(name, before.count("\n") + 1, place - (before.rfind("\n") + 1) + 1, sentence)
