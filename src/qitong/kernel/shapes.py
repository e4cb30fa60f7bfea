"""Data held against a pydantic model: what is wrong with its shape, where, in a sentence."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from qitong.kernel.words import Sentence, say
from qitong.kernel.yamlguard import LONGEST
from qitong.kernel.yamlmarks import Document, Loc, Problem, read

Model = TypeVar("Model", bound=BaseModel)

_PAIRS = say("{key}应为“键: 值”。")
_DAY = say("{key}应为日期，如 2026-01-31。")
_SHAPES = {
    "missing": say("缺少{key}。"),
    "enum": say("{key}应为以下之一：{expected}。"),
    "literal_error": say("{key}应为以下之一：{expected}。"),
    "string_pattern_mismatch": say("{key}的写法不符合要求（{pattern}）。"),
    "string_type": say("{key}应为文字；数字和日期请加引号。"),
    "string_too_short": say("{key}不能为空。"),
    "string_too_long": say("{key}最多{max_length}个字。"),
    "int_type": say("{key}应为整数。"),
    "int_from_float": say("{key}应为整数。"),
    "bool_type": say("{key}应为true或false。"),
    "greater_than_equal": say("{key}不能小于{ge}。"),
    "less_than_equal": say("{key}不能大于{le}。"),
    "list_type": say("{key}应为列表。"),
    "dict_type": _PAIRS,
    "model_type": _PAIRS,
    "model_attributes_type": _PAIRS,
    "date_from_datetime_parsing": _DAY,
    "date_parsing": _DAY,
    "date_type": _DAY,
    "float_type": say("{key}应为数。"),
    "too_short": say("{key}至少应有{min_length}项。"),
    "too_long": say("{key}最多{max_length}项。"),
}
"""What is wrong with the shape, by pydantic's name for it."""
_PATTERNS = {
    r"^[a-z][a-z0-9_]*$": say("小写英文字母开头、只含小写字母、数字和下划线的代码"),
    r"^[A-Z][0-9]+[a-z]?$": say("大写字母加数字，如 C1、S4a"),
    r"^\d{6}$": say('带引号的六位数字，如 "310151"'),
    r"(《.+》|\d)": say("含数字的文号，或《法律名称》"),
    r"^\S(.*\S)?$": say("首尾没有空格的一行文字"),
    r"^([A-T]|[0-9]{2,4})$": say("行业门类字母 A 至 T，或二至四位数字"),
    r"^M_[A-Z0-9_]+$": say("M_ 开头、只含大写字母、数字和下划线的代码"),
    r"^(M_[A-Z0-9_]+|[a-z][a-z0-9_]*)$": say("事项或里程碑的代码，如 seal_filing、M_LAND"),
    r"^(high|medium|low)$": say("high、medium 或 low"),
    r"^(simple|general|structural)$": say("simple、general 或 structural"),
}
"""What a pattern of ours asks for, in words."""
_KINDS = {
    "int": say("一个数"),
    "float": say("一个数"),
    "bool": say("true或false"),
    "str": say("一段文字"),
    "list": say("一个列表"),
}
"""A value of several kinds: pydantic says of each why it is not that, we say all at once."""
_OTHER = say("{key}有误：{reason}。")


def read_file(file: Path) -> Document:
    """A YAML file with the marks of its values; a file that cannot be read is a problem of its own."""
    try:
        with file.open(encoding="utf-8") as opened:
            return read(opened.read(LONGEST + 1), str(file))
    except (OSError, UnicodeDecodeError) as error:
        document = read("{}", str(file))
        reason = error.strerror if isinstance(error, OSError) else say("文件编码不是UTF-8")
        document.complain((), say("无法读取文件：{reason}。", reason=reason))
        return document


def shaped(document: Document, model: type[Model]) -> Model | None:
    """The document as a ``model``; None when its problems (added to it) keep it from being one."""
    if document.problems:
        return None
    try:
        # JSON mode is strict about types, yet takes the names of enums and dates as text.
        return model.model_validate_json(json.dumps(document.data, ensure_ascii=False))
    except ValidationError as error:
        of_several: dict[Loc, list[str]] = {}
        for detail in error.errors(include_url=False, include_input=False):
            *loc, last = detail["loc"] or ("",)
            if detail["type"].endswith("_type") and _is_kind(document, tuple(loc), last):
                of_several.setdefault(tuple(loc), []).append(str(last))
            else:
                _complain(document, detail, model)
        for place, kinds in of_several.items():
            words = list(dict.fromkeys(_KINDS[kind.partition("[")[0]] for kind in kinds))
            document.complain(place, say("{key}应为{what}。", key=_key(place), what=words))
        return None


def _is_kind(document: Document, loc: Loc, last: str | int) -> bool:
    """Whether pydantic means no place by ``last``, but one of several kinds that a value may be of."""
    if not isinstance(last, str) or last.partition("[")[0] not in _KINDS:
        return False
    value: Any = document.data
    for step in loc:
        value = value[step]
    return not (isinstance(value, dict) and last in value)


def _key(loc: Loc) -> str | Sentence:
    """What stands at a place, by the name under which it is written."""
    named = [step for step in loc if isinstance(step, str)][-1:]
    if not named or loc[-1] == named[0]:
        return named[0] if named else ""
    return say("{key}第{n}项", key=named[0], n=int(loc[-1]) + 1)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Each once, by place; what was read from no file is told apart by its place in the data."""
    once = {(problem, () if problem.file else problem.loc): problem for problem in problems}
    return sorted(once.values(), key=lambda p: (p.file, p.line, p.column, str(p.message)))


def _complain(document: Document, detail: ErrorDetails, model: type[BaseModel]) -> None:
    # pydantic names a bad key of a mapping by the key and "[key]".
    bad_key = detail["loc"][-1:] == ("[key]",)
    loc: Loc = detail["loc"][:-1] if bad_key else detail["loc"]
    loc = (*loc, *detail.get("ctx", {}).get("at", ()))
    extra = detail["type"] == "extra_forbidden"
    document.complain(loc, _sentence(detail, loc, model), key=bad_key or extra)


def _sentence(detail: ErrorDetails, loc: Loc, model: type[BaseModel]) -> Sentence:
    context: dict[str, Any] = detail.get("ctx", {})
    key = _key(loc)
    if isinstance(context.get("sentence"), Sentence):
        sentence: Sentence = context["sentence"]
        return sentence
    if detail["type"] == "extra_forbidden":
        return _unknown(str(loc[-1]), model)
    words = _PATTERNS.get(str(context.get("pattern", "")))
    if detail["type"] == "string_pattern_mismatch" and words is not None:
        return say("{key}应为{what}。", key=key, what=words)
    text = _SHAPES.get(detail["type"], _OTHER).text
    if "expected" in context:  # as pydantic joins them: 'a', 'b' or 'c'
        context["expected"] = re.findall(r"'([^']*)'", str(context["expected"]))
    return Sentence(text, {"reason": detail["msg"], **context, "key": key})


def _unknown(key: str, model: type[BaseModel]) -> Sentence:
    close = difflib.get_close_matches(key, sorted(_field_names(model)), n=1)
    if close:
        return say("不认识{key}，是否应为{close}？", key=key, close=close[0])
    return say("不认识{key}。", key=key)


def _field_names(model: type[BaseModel]) -> set[str]:
    """Every field name, as written in YAML, of ``model`` and the models inside it."""
    schema = model.model_json_schema()
    return {
        name for part in (schema, *schema.get("$defs", {}).values()) for name in part.get("properties", {})
    }
