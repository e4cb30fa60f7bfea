"""A year's holiday notice read from a YAML or JSON file, each mistake named with its line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import yaml

from qitong.kernel import yamlguard
from qitong.kernel.calendar_data import (
    DAY,
    EARLIEST,
    LATEST,
    CalendarYear,
    both,
    iso_date,
    not_of_year,
    within,
    year_out_of_range,
)
from qitong.kernel.errors import Refused
from qitong.kernel.words import Sentence, say

LONGEST_REST = 31
"""Days; a longer range in a notice is a slip of the pen."""


def parse(text: str) -> CalendarYear:
    """Read a year's notice from YAML or JSON; refuse (``calendar_file``), naming the line.

    ::

        year: 2027
        notice: 国办发明电〔2026〕…号
        holidays:
          - 2027-01-01 元旦                      # a date, with or without a name
          - 2027-02-05..2027-02-11 春节          # a range, both ends included
          - {from: 2027-05-01, to: 2027-05-05, name: 劳动节}
          - {date: 2027-06-09, name: 端午节}
        make_up_days: [2027-02-14]

    What :meth:`CalendarYear.to_json` writes is accepted too. Make-up days must be Saturdays or
    Sundays; a year without a document number is accepted only with ``provisional: true``.
    """
    try:
        if fault := yamlguard.fault(text):
            raise _at(fault.line, fault.sentence)
        root = yaml.compose(text, Loader=yamlguard.LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise _at(mark.line + 1 if mark else 1, say("不是有效的 YAML 或 JSON。")) from error
    except UnicodeEncodeError as error:  # half a character
        raise _at(text.count("\n", 0, error.start) + 1, say("不是有效的 YAML 或 JSON。")) from error
    if not isinstance(root, yaml.MappingNode):
        raise _at(1, say("文件应写明 year、notice、holidays 和 make_up_days。"))
    return _YearFile(root).read()


class _YearFile:
    """The composed document; nodes are walked rather than built, because they know their lines."""

    KEYS = frozenset({"year", "notice", "holidays", "make_up_days", "provisional"})

    def __init__(self, root: yaml.MappingNode) -> None:
        self.line = _line(root)
        self.nodes = _mapping(root, allowed=self.KEYS)
        self.year = self._year()

    def read(self) -> CalendarYear:
        holidays: dict[dt.date, str] = {}
        for node, day, name in self._holidays():
            if day in holidays:
                raise _at(_line(node), say("{day}重复列出。", day=day))
            holidays[day] = name
        made_up: set[dt.date] = set()
        for node in _items(self._required("make_up_days")):
            day = self._day(node)
            if day.weekday() < 5:
                raise _at(_line(node), say("{day}不是周末，不能列为调休上班日。", day=day))
            if day in holidays:
                raise _at(_line(node), both(day))
            made_up.add(day)
        if not holidays:
            raise _at(_line(self.nodes["holidays"]), say("至少应列出一个放假日。"))
        return CalendarYear(self.year, self._notice(), holidays, frozenset(made_up), self._provisional())

    def _required(self, key: str) -> yaml.Node:
        if key not in self.nodes:
            raise _at(self.line, say("缺少“{key}”。", key=key))
        return self.nodes[key]

    def _year(self) -> int:
        node = self._required("year")
        text = _text(node)
        if not (text.isascii() and text.isdigit() and len(text) == 4 and EARLIEST <= int(text) <= LATEST):
            raise _at(_line(node), year_out_of_range())
        return int(text)

    def _provisional(self) -> bool:
        node = self.nodes.get("provisional")
        text = _text(node) if node else "false"
        if text not in ("true", "false"):
            raise _at(_line(node or self.nodes["year"]), say("“provisional”应为 true 或 false。"))
        return text == "true"

    def _notice(self) -> str:
        node = self.nodes.get("notice")
        text = _text(node).strip() if node else ""
        text = "" if text in ("null", "~") else text
        if not text and not self._provisional():
            raise _at(_line(node) if node else self.line, say("请写明放假通知的文号（notice）。"))
        return text

    def _holidays(self) -> Iterator[tuple[yaml.Node, dt.date, str]]:
        node = self._required("holidays")
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                yield key, self._day(key), _text(value)
            return
        for item in _items(node):
            for day, name in self._rest(item):
                yield item, day, name

    def _rest(self, node: yaml.Node) -> Iterator[tuple[dt.date, str]]:
        if isinstance(node, yaml.MappingNode):
            parts = _mapping(node, allowed=frozenset({"date", "from", "to", "name"}))
            if parts.keys() - {"name"} not in ({"date"}, {"from", "to"}):
                raise _at(_line(node), say("放假日应写 date，或写 from 和 to。"))
            first, last = (parts["date"], parts["date"]) if "date" in parts else (parts["from"], parts["to"])
            name = _text(parts["name"]) if "name" in parts else ""
            return self._range(node, self._day(first), self._day(last), name)
        span, _, name = _text(node).strip().partition(" ")
        start, dots, end = span.partition("..")
        first_day = self._date(node, start)
        return self._range(node, first_day, self._date(node, end) if dots else first_day, name.strip())

    def _range(
        self, node: yaml.Node, first: dt.date, last: dt.date, name: str
    ) -> Iterator[tuple[dt.date, str]]:
        length = (last - first).days + 1
        if not 1 <= length <= LONGEST_REST:
            raise _at(_line(node), say("{first}至{last}不是有效的放假区间。", first=first, last=last))
        return ((first + i * DAY, name) for i in range(length))

    def _day(self, node: yaml.Node) -> dt.date:
        return self._date(node, _text(node))

    def _date(self, node: yaml.Node, text: str) -> dt.date:
        day = iso_date(text)
        if day is None:
            raise _at(_line(node), say("“{text}”不是有效的日期，请写成 2027-01-01 的形式。", text=text))
        if not within(self.year, day):
            raise _at(_line(node), not_of_year(day, self.year))
        return day


def _mapping(node: yaml.MappingNode, *, allowed: frozenset[str]) -> dict[str, yaml.Node]:
    found: dict[str, yaml.Node] = {}
    for key, value in node.value:
        name = _text(key)
        if name not in allowed:
            raise _at(_line(key), say("不认识“{key}”。", key=name))
        if name in found:
            raise _at(_line(key), say("“{key}”写了两次。", key=name))
        found[name] = value
    return found


def _items(node: yaml.Node) -> list[yaml.Node]:
    if not isinstance(node, yaml.SequenceNode):
        raise _at(_line(node), say("此处应为日期列表。"))
    return list(node.value)


def _text(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise _at(_line(node), say("此处应为单个值。"))
    return str(node.value)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _at(line: int, why: Sentence) -> Refused:
    return Refused(say("第{line}行：{why}", line=line, why=why), code="calendar_file", field="file")
