"""Figures as the cells of a table: each a number in words and the link to the list it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from qitong.insight.logic.figures import Figures
from qitong.insight.queries import Cut
from qitong.web.common.parts import Text
from qitong.web.dashboard.cuts import address


@dataclass(frozen=True, slots=True)
class Cell:
    """``tone`` marks what wants attention; the number says it too. ``note`` stands small beneath."""

    text: str
    href: str = ""
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    label: Text
    cell: Callable[[Figures, Cut], Cell]


@dataclass(frozen=True, slots=True)
class Row:
    label: Text
    cells: tuple[Cell, ...]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` end with everything together when there is more than one."""

    caption: Text
    head: Text
    columns: Sequence[Column]
    rows: Sequence[Row]


def counted(name: str, *, tone: str = "") -> Callable[[Figures, Cut], Cell]:
    """A plain number of things, linked to them unless there are none."""

    def cell(figures: Figures, cut: Cut) -> Cell:
        n: int = getattr(figures, "incoming" if name == "in" else name)
        return Cell(f"{n:,}", address(cut.of(name)) if n else "", tone=tone if n else "")

    return cell


def rate(figures: Figures, cut: Cut) -> Cell:
    if figures.rate is None:
        return Cell(gettext("没有数据"))
    said = gettext("%(part)s / %(whole)s") % {"part": f"{figures.on_time:,}", "whole": f"{figures.closed:,}"}
    small = gettext("样本少") if figures.is_small else ""
    return Cell(percent(figures.on_time, figures.closed), address(cut.of("on_time")), _noted(said, small))


def median(figures: Figures, cut: Cut) -> Cell:
    return _days(figures, cut, figures.median)


def ninetieth(figures: Figures, cut: Cut) -> Cell:
    return _days(figures, cut, figures.ninetieth)


def waiting(figures: Figures, cut: Cut) -> Cell:
    """The share of days on which nobody worked, with how many days of how many."""
    if not figures.days:
        return Cell(gettext("没有数据"))
    said = gettext("%(part)s / %(whole)s天") % {
        "part": f"{figures.waiting:,}",
        "whole": f"{figures.days:,}",
    }
    return Cell(percent(figures.waiting, figures.days), address(cut.of("closed")), said)


def _days(figures: Figures, cut: Cut, days: int | None) -> Cell:
    if days is None:
        return Cell(gettext("没有数据"))
    said = ngettext("%(n)s天", "%(n)s天", days) % {"n": days}
    return Cell(said, address(cut.of("closed")), gettext("样本少") if figures.is_small else "")


def percent(part: int, whole: int) -> str:
    """Whole percent, and never 100 % or 0 % for what is not quite."""
    share = 100 * part / whole
    shown = round(share)
    if shown == 100 and part < whole:
        shown = 99
    if shown == 0 and part:
        shown = 1
    return f"{shown}%"


def _noted(*notes: str) -> str:
    return gettext("，").join(note for note in notes if note)


STANDING = (
    Column(_("在办"), counted("open")),
    Column(_("本周内到期"), counted("week", tone="amber")),
    Column(_("超期"), counted("overdue", tone="red")),
)
RESULTS = (
    Column(_("办结"), counted("closed")),
    Column(_("超期办结"), counted("late")),
    Column(_("按时办结率"), rate),
    Column(_("用时中位数"), median),
    Column(_("九成不超过"), ninetieth),
    Column(_("等待占比"), waiting),
)


def row(label: Text, figures: Figures, cut: Cut, columns: Sequence[Column], *, whole: bool = False) -> Row:
    return Row(label, tuple(column.cell(figures, cut) for column in columns), whole)


def pairs(table: Table) -> Iterator[tuple[Row, list[tuple[Column, Cell]]]]:
    """Each row with its cells beside their columns, for a template."""
    for one in table.rows:
        yield one, list(zip(table.columns, one.cells, strict=True))
