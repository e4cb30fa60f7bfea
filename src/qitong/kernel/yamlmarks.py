"""YAML read with a mark for every value: what stands where in which file.

PyYAML composes nodes that know their line; here they become plain values, while a map remembers
for each place (a path of keys and indexes, as pydantic names it) where it was written. Aliases,
duplicate keys and types that JSON does not have are problems, not surprises.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

import yaml

from qitong.kernel import parsers, yamlguard
from qitong.kernel.words import Sentence, say

Loc: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A place in a file; line and column count from 1, as editors do."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where, in one sentence."""

    file: str
    line: int
    column: int
    message: Sentence
    loc: Loc = field(default=(), compare=False)
    """The place in the data, for who shows it otherwise than as a file."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"

    def to_data(self) -> dict[str, object]:
        """For ``--json``, the message in words."""
        return {"file": self.file, "line": self.line, "column": self.column, "message": str(self.message)}


@dataclass(slots=True)
class Document:
    """Plain data, the marks of its values and keys, and the problems met while reading."""

    data: dict[str, Any] = field(default_factory=dict)
    values: dict[Loc, Mark] = field(default_factory=dict)
    keys: dict[Loc, Mark] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    texts: dict[Loc, str] = field(default_factory=dict)
    """Each text as it stands in the file, with its quotes or indentation."""

    def mark(self, loc: Loc, *, key: bool = False) -> Mark:
        """Where ``loc`` was written, or the nearest place around it that was."""
        marks = self.keys if key else self.values
        while loc not in marks and loc:
            loc = loc[:-1]
            marks = self.values
        return marks.get(loc, Mark("", 1, 1))

    def complain(self, loc: Loc, message: Sentence, *, key: bool = False) -> None:
        at = self.mark(loc, key=key)
        self.problems.append(Problem(at.file, at.line, at.column, message, loc))

    def complain_inside(self, loc: Loc, offset: int, message: Sentence) -> None:
        """Complain about the character at ``offset`` of the text at ``loc``, quoted or folded as may be."""
        at, raw, value = self.mark(loc), self.texts.get(loc, ""), self._at(loc)
        place = _place_inside(raw, value, offset)
        before = raw[:place]
        lines = before.count("\n")
        column = place - (before.rfind("\n") + 1) + (1 if lines else at.column)
        self.problems.append(Problem(at.file, at.line + lines, column, message, loc))

    def _at(self, loc: Loc) -> str:
        value: Any = self.data
        for step in loc:
            value = value[step]
        return str(value)


def _place_inside(raw: str, value: str, offset: int) -> int:
    """Where in ``raw`` the character at ``offset`` of ``value`` stands.

    Folding only moves white space, so what is no white space is counted.
    """
    wanted = len("".join(value[:offset].split()))
    style = raw[:1]
    start = raw.find("\n") + 1 if style in ("|", ">") else 1 if style in ("'", '"') else 0
    place, last = start, start
    while place < len(raw):
        pair = raw[place : place + 2]
        step = 2 if (style == '"' and pair[0] == "\\") or (style == "'" and pair == "''") else 1
        if not raw[place].isspace():
            if wanted == 0:
                return place
            wanted, last = wanted - 1, place + step
        place += step
    return last


def read(text: str, name: str) -> Document:
    """Read one YAML text whose top is a mapping; whatever is wrong is in ``problems``."""
    found = Document(values={(): Mark(name, 1, 1)})
    try:
        if fault := yamlguard.fault(text):
            found.problems.append(Problem(name, fault.line, fault.column, fault.sentence))
            return found
        node = yaml.compose(text, Loader=yamlguard.LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        reason = say("YAML写法有误：{reason}。", reason=parsers.of_yaml(error.problem or error.context))
        found.problems.append(Problem(name, line, column, reason))
        return found
    except (yaml.reader.ReaderError, UnicodeEncodeError) as error:  # the latter: half a character
        before = text[: error.start if isinstance(error, UnicodeEncodeError) else error.position]
        column = len(before) - (before.rfind("\n") + 1) + 1
        reason = say("YAML写法有误：{reason}。", reason=parsers.of_yaml(error.reason))
        found.problems.append(Problem(name, before.count("\n") + 1, column, reason))
        return found
    if not isinstance(node, yaml.MappingNode):
        found.complain((), say("文件的最外层应为“键: 值”。"))
        return found
    value = _Reader(name, text, found).value(node, ())
    if isinstance(value, dict):
        found.data = value
    return found


def merge(documents: list[Document]) -> Document:
    """One document from the files of a folder: lists follow each other, mappings join."""
    whole = Document()
    for document in documents:
        whole.problems.extend(document.problems)
        whole.values.setdefault((), document.values[()])
        shifts: dict[str, int] = {}
        for section, value in document.data.items():
            shifts[section] = _join(whole, document, section, value)
        for marks, into in ((document.values, whole.values), (document.keys, whole.keys)):
            for loc, mark in marks.items():
                into.setdefault(_shifted(loc, shifts), mark)
        for loc, raw in document.texts.items():
            whole.texts.setdefault(_shifted(loc, shifts), raw)
    return whole


def _join(whole: Document, document: Document, section: str, value: Any) -> int:
    """Put ``value`` into its section; return by how much list indexes move."""
    there = whole.data.setdefault(section, type(value)() if isinstance(value, (list, dict)) else value)
    if isinstance(there, list) and isinstance(value, list):
        shift = len(there)
        there.extend(value)
        return shift
    if isinstance(there, dict) and isinstance(value, dict):
        for key in sorted(set(there) & set(value)):
            _complain_twice(whole, document, (section, key))
        there.update({key: inner for key, inner in value.items() if key not in there})
        return 0
    if (section,) in whole.keys:
        _complain_twice(whole, document, (section,))
    return 0


def _complain_twice(whole: Document, document: Document, loc: Loc) -> None:
    at, first = document.mark(loc, key=True), whole.mark(loc, key=True)
    sentence = say("{key}已在{file}第{line}行写过。", key=loc[-1], file=first.file, line=first.line)
    whole.problems.append(Problem(at.file, at.line, at.column, sentence))


def _shifted(loc: Loc, shifts: Mapping[str, int]) -> Loc:
    if len(loc) > 1 and isinstance(loc[0], str) and isinstance(loc[1], int):
        return (loc[0], loc[1] + shifts.get(loc[0], 0), *loc[2:])
    return loc


def _as_written(value: float, text: str) -> bool:
    """Whether the float means the decimal that was written, and no neighbour of it."""
    try:
        return Decimal(repr(value)) == Decimal(text)
    except InvalidOperation:
        return False


_SHOWN = 40
_PLAIN = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?[0-9]*\.?[0-9]*([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


def _is_surprise(value: Any, written: str) -> bool:
    """Whether YAML 1.1 makes of the text what nobody sees in it: 1:30 is 90, no is false, 010 is 8."""
    if isinstance(value, bool):
        return written.lower() not in ("true", "false")
    if isinstance(value, int):
        return not _PLAIN.fullmatch(written)
    return isinstance(value, float) and not _DECIMAL.fullmatch(written)


class _Reader:
    """Turns composed nodes into values, marking each on the way."""

    def __init__(self, name: str, text: str, found: Document) -> None:
        self._name = name
        self._text = text
        self._found = found
        self._scalars = yaml.constructor.SafeConstructor()

    def value(self, node: yaml.Node, loc: Loc) -> Any:
        self._found.values[loc] = self._mark(node)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, loc)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(inner, (*loc, index)) for index, inner in enumerate(node.value)]
        return self._scalar(node, loc)

    def _mapping(self, node: yaml.MappingNode, loc: Loc) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        for key_node, value_node in node.value:
            mark = self._mark(key_node)
            if not isinstance(key_node, yaml.ScalarNode):
                self._problem(mark, say("键应为简单的词。"))
                continue
            key = str(key_node.value)
            place = (*loc, key)
            if key in plain:
                first = self._found.keys[place]
                self._problem(mark, say("{key}写了两次，第一次在第{line}行。", key=key, line=first.line))
                continue
            self._found.keys[place] = mark
            plain[key] = self.value(value_node, place)
        return plain

    def _scalar(self, node: yaml.Node, loc: Loc) -> Any:
        value = self._read(node, loc)
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value.isoformat()
        if isinstance(value, str):
            self._found.texts[loc] = self._text[node.start_mark.index : node.end_mark.index]
        if isinstance(value, float) and not _as_written(value, str(node.value)):
            self._found.complain(loc, say("数字{number}的位数过多，无法准确保存。", number=node.value))
            return None
        if value is None or isinstance(value, (str, bool, int, float)):
            return value
        self._found.complain(loc, say("文件中不使用这种类型的值（{type}）。", type=type(value).__name__))
        return None

    def _read(self, node: yaml.Node, loc: Loc) -> Any:
        """As YAML reads it; None after a complaint."""
        written = str(node.value)[:_SHOWN]
        try:
            value = self._scalars.construct_object(node, deep=True)
        except yaml.MarkedYAMLError as error:
            self._found.complain(loc, say("无法读取这个值：{reason}。", reason=error.problem))
            return None
        except ValueError:  # a day that is none, a number of thousands of digits
            sentence = say("数字{number}的位数过多，无法准确保存。", number=written)
            if node.tag.endswith(":timestamp"):
                sentence = say("没有{date}这一天。", date=written)
            self._found.complain(loc, sentence)
            return None
        if isinstance(node, yaml.ScalarNode) and not node.style and _is_surprise(value, str(node.value)):
            told = {"text": written, "value": str(value).lower()}
            self._found.complain(loc, say("“{text}”会被读作{value}；请加引号，或写明所指的值。", **told))
            return None
        return value

    def _mark(self, node: yaml.Node) -> Mark:
        return Mark(self._name, node.start_mark.line + 1, node.start_mark.column + 1)

    def _problem(self, mark: Mark, message: Sentence) -> None:
        self._found.problems.append(Problem(mark.file, mark.line, mark.column, message))
