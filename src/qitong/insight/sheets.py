"""Cases as a table in XLSX: written row by row, whatever their number, in the language of the moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.db.models import Q, QuerySet

from qitong.accounts.actors import Actor
from qitong.casework import lists, queries
from qitong.casework.logic.clock import day_of
from qitong.casework.logic.filters import Filter
from qitong.casework.models import Case
from qitong.casework.queries import Summary
from qitong.catalogue.calendar import current
from qitong.kernel.words import Sentence, say

BATCH = 500
MOST_TEXT = 32_000
"""A cell of a workbook holds 32,767 characters."""


@dataclass(frozen=True, slots=True)
class Column:
    title: Sentence
    width: int
    value: Callable[[Summary], object]


def _departments(summary: Summary) -> object:
    return tuple(dict.fromkeys(task.department.label for task in queries.live_tasks(summary.case)))


COLUMNS: tuple[Column, ...] = (
    Column(say("编号"), 18, lambda s: s.case.number),
    Column(say("企业"), 30, lambda s: s.case.enterprise.name),
    Column(say("统一社会信用代码"), 22, lambda s: s.case.enterprise.uscc),
    Column(say("事项编码"), 24, lambda s: s.case.item_version.code if s.case.item_version else ""),
    Column(say("事项"), 34, lambda s: s.case.label),
    Column(say("状态"), 16, lambda s: s.state),
    Column(say("灯"), 10, lambda s: s.light.word),
    Column(say("收到日期"), 12, lambda s: s.case.received_on),
    Column(say("受理日期"), 12, lambda s: day_of(s.case.accepted_at) if s.case.accepted_at else None),
    Column(say("期限"), 12, lambda s: getattr(s.case, "due", None)),
    Column(say("决定日期"), 12, lambda s: day_of(s.case.decided_at) if s.case.decided_at else None),
    Column(say("首问负责人"), 12, lambda s: s.case.owner.name if s.case.owner else ""),
    Column(say("正在办理的部门"), 28, _departments),
    Column(say("现由谁办"), 28, lambda s: s.ball),
    Column(say("进展"), 60, lambda s: s.light.sentence),
)


def rows_for(actor: Actor, cut: Filter, *, today: dt.date) -> QuerySet[Case]:
    """What the inbox shows this officer for this filter."""
    return lists.cut(lists.handed_in(actor), actor, cut, calendar=current(), today=today)


def write(file: IO[bytes], found: QuerySet[Case], cut: Filter, *, today: dt.date) -> int:
    """Write the cases into ``file``; how many there were. Memory does not grow with their number."""
    from xlsxwriter import Workbook  # here, so that no process holds it that writes no table

    book = Workbook(file, {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False})
    sheet = book.add_worksheet(str(say("办件")))
    head = book.add_format({"bold": True, "bottom": 1})
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, column in enumerate(COLUMNS):
        sheet.set_column(number, number, column.width)
        sheet.write_string(0, number, str(column.title), head)
    sheet.freeze_panes(1, 1)
    count = 0
    for count, summary in enumerate(_read(found, cut, today=today), 1):
        for number, column in enumerate(COLUMNS):
            _cell(sheet, count, number, column.value(summary), date)
    sheet.autofilter(0, 0, count, len(COLUMNS) - 1)
    book.close()
    return count


def _cell(sheet: Any, row: int, column: int, value: object, date: Any) -> None:
    """A date as a date; all else as text, which is never read as a formula."""
    if isinstance(value, dt.date):
        sheet.write_datetime(row, column, value, date)
    elif value not in (None, "", ()):
        sheet.write_string(row, column, str(Sentence("{it}", {"it": value}))[:MOST_TEXT])


def _read(found: QuerySet[Case], cut: Filter, *, today: dt.date) -> Iterator[Summary]:
    """Batch after batch in the order of the list, each from where the last one ended."""
    key, calendar = ("due" if cut.by_due else "submitted_at"), current()
    step, sign = ("gt", "") if cut.by_due else ("lt", "-")
    ready = queries.as_list(found).order_by(f"{sign}{key}", f"{sign}pk")
    batch = list(ready[:BATCH])
    while batch:
        yield from queries.summaries(batch, today=today, calendar=calendar)
        last = batch[-1]
        value = getattr(last, key)
        after = Q(**{f"{key}__{step}": value}) | Q(**{key: value, f"pk__{step}": last.pk})
        batch = list(ready.filter(after)[:BATCH])
