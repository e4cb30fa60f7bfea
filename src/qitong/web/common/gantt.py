"""The steps of a case on the calendar, as inline SVG: planned and actual, pauses, the critical path.

Colours come from the style sheet alone (``.gantt-bar--done`` …); whatever a colour says, a shape and a
word say too. Days on which nobody works are shaded. The same facts stand beside it as a table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from qitong.casework.logic.gantt import Chart, Line, Span
from qitong.web.common.step_graph import text_width
from qitong.web.common.written import joined, markup

# Pixels. Text sizes are part of the geometry, so they are attributes and not in the style sheet.
HEAD, ROW, FOOT, MARGIN = 44, 50, 8, 8
LABEL, BAR, GAP = 13, 9, 3
WIDTHS = ((18, 52), (32, 36), (64, 20), (120, 11))
NARROW = 5
FOLLOWING = 3  # days shown before the first and after the last

DATE = "%m-%d"
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Words:
    """What is written at one step: its name, who does it, how far it is (done, under way, waiting)."""

    name: str
    who: str
    state: str
    css: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A day with a word of its own: the promise, the limit of the law."""

    on: dt.date
    label: str
    css: str


@dataclass(frozen=True, slots=True)
class _Axis:
    first: dt.date
    days: int
    pitch: float

    def left(self, day: dt.date) -> float:
        return MARGIN + (day - self.first).days * self.pitch

    def right(self, day: dt.date) -> float:
        return self.left(day) + self.pitch

    def every(self) -> Iterator[dt.date]:
        return (self.first + ONE_DAY * n for n in range(self.days))

    @property
    def width(self) -> float:
        return self.days * self.pitch + 2 * MARGIN


def svg(
    chart: Chart,
    words: Mapping[str, Words],
    *,
    today: dt.date,
    is_workday: Callable[[dt.date], bool],
    marks: Sequence[Mark] = (),
) -> SafeString:
    """Draw the chart in the active language; no steps, no drawing (the empty string)."""
    if not chart.lines:
        return SafeString("")
    axis = _axis(chart, marks, today)
    height = HEAD + ROW * len(chart.lines) + FOOT
    rows = {line.key: HEAD + ROW * n for n, line in enumerate(chart.lines)}
    parts = [
        _idle(axis, height, is_workday),
        _scale(axis, height),
        *_marks(axis, [Mark(today, gettext("今天"), "today"), *marks], height),
        joined(_edge(axis, chart, rows, edge) for edge in chart.edges),
        joined(_row(axis, ln, words[ln.key], rows[ln.key]) for ln in chart.lines),
    ]
    return markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="gantt" role="img" aria-label="{}"'
        ' width="{}" height="{}" viewBox="0 0 {} {}">{}{}</svg>',
        _label(chart, words),
        *[_n(axis.width), _n(height)] * 2,
        _HATCH,
        joined(part for part in parts),
    )


_HATCH = SafeString(
    '<defs><pattern id="gantt-hatch" width="6" height="6" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)"><line class="gantt-hatch" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>'
)


def _axis(chart: Chart, marks: Iterable[Mark], today: dt.date) -> _Axis:
    spans = [span for line in chart.lines for span in (line.planned, line.actual) if span]
    first = min([span.first for span in spans] + [today]) - ONE_DAY
    last = max([span.last for span in spans] + [today, *(mark.on for mark in marks)])
    days = (last - first).days + 1 + FOLLOWING
    pitch = next((pitch for most, pitch in WIDTHS if days <= most), NARROW)
    return _Axis(first, max(days, -(-480 // pitch)), pitch)


def _idle(axis: _Axis, height: float, is_workday: Callable[[dt.date], bool]) -> SafeString:
    """Shade what does not count, one rectangle for neighbouring days."""
    runs: list[list[dt.date]] = []
    for day in axis.every():
        if is_workday(day):
            continue
        if runs and runs[-1][1] + ONE_DAY == day:
            runs[-1][1] = day
        else:
            runs.append([day, day])
    top, down = HEAD - 18, _n(height - HEAD + 18)
    rect = '<rect class="gantt-idle" x="{}" y="{}" width="{}" height="{}"/>'
    return joined(
        markup(rect, _n(axis.left(a)), top, _n(axis.right(b) - axis.left(a)), down) for a, b in runs
    )


def _scale(axis: _Axis, height: float) -> SafeString:
    """Each Monday with its date; on a wide axis the weeks are enough, on a narrow one the months."""
    every = 1 if axis.pitch >= 10 else 2
    weeks = [day for day in axis.every() if day.weekday() == 0][::every]
    line = (
        '<line class="gantt-week" x1="{0}" y1="{1}" x2="{0}" y2="{2}"/>'
        '<text class="gantt-date" x="{3}" y="{4}" font-size="12">{5}</text>'
    )
    return joined(
        markup(line, _n(left), HEAD - 18, _n(height), _n(left + 3), HEAD - 6, d.strftime(DATE))
        for d in weeks
        for left in [axis.left(d)]
    )


def _marks(axis: _Axis, marks: Iterable[Mark], height: float) -> Iterator[SafeString]:
    """Each word where it covers no other: on the upper line or the lower, right or left of its day."""
    taken: list[tuple[int, float, float]] = []
    for mark in marks:
        x = axis.right(mark.on) if mark.css != "today" else axis.left(mark.on) + axis.pitch / 2
        text = f"{mark.label} {mark.on.strftime(DATE)}"
        wide = text_width(text) * 6.5
        lines = (10, 23) if mark.css == "today" else (23, 10)
        ways = [(y, left) for y in lines for left in (x + 2, x - 2 - wide)]
        fits = (way for way in ways if way[1] > 0 and way[1] + wide < axis.width and _free(taken, *way, wide))
        y, left = next(fits, ways[0])
        taken.append((y, left, left + wide))
        yield _mark(mark, text, x, y, height, start=left > x)


def _free(taken: Iterable[tuple[int, float, float]], y: int, left: float, wide: float) -> bool:
    return all(line != y or left + wide < begin or end < left for line, begin, end in taken)


def _mark(mark: Mark, text: str, x: float, y: int, height: float, *, start: bool) -> SafeString:
    return markup(
        '<g class="gantt-mark gantt-mark--{0}"><line x1="{1}" y1="{2}" x2="{1}" y2="{3}"/>'
        '<text x="{4}" y="{5}" font-size="12" text-anchor="{6}">{7}</text></g>',
        mark.css,
        _n(x),
        y + 3,
        _n(height),
        _n(x + (2 if start else -2)),
        y,
        "start" if start else "end",
        text,
    )


def _row(axis: _Axis, line: Line, words: Words, top: float) -> SafeString:
    y = top + LABEL + GAP + 4
    css = "gantt-row gantt-row--critical" if line.critical else "gantt-row"
    return markup(
        '<g class="{}"><title>{}</title>{}{}{}{}{}</g>',
        css,
        said(line, words),
        _text(axis, line, words, top + LABEL),
        _bar(axis, line.planned, y, "planned"),
        _bar(axis, line.actual, y + BAR + GAP, "late" if line.late else words.css) if line.actual else "",
        _claim(axis, line.claimed, y + BAR + GAP) if line.actual and line.claimed else "",
        joined(_bar(axis, span, y, "paused", tall=True) for span, _p in line.pauses),
    )


def _text(axis: _Axis, line: Line, words: Words, y: float) -> SafeString:
    first = min(line.planned.first, (line.actual or line.planned).first)
    shown = f"{'◆ ' if line.critical else ''}{words.name}"
    more = f"　{words.who}　{words.state}" + (f"　■ {_late(line)}" if line.late else "")
    room = text_width(shown + more) * LABEL / 2
    x = max(min(axis.left(first), axis.width - MARGIN - room), MARGIN)
    return markup(
        '<text x="{}" y="{}" font-size="{}"><tspan class="gantt-name">{}</tspan>'
        '<tspan class="{}">{}</tspan></text>',
        _n(x),
        _n(y),
        LABEL,
        shown,
        "gantt-late" if line.late else "gantt-who",
        more,
    )


def _bar(axis: _Axis, span: Span, y: float, css: str, *, tall: bool = False) -> SafeString:
    left, right = axis.left(span.first), axis.right(span.last)
    return markup(
        '<rect class="gantt-bar gantt-bar--{}" x="{}" y="{}" width="{}" height="{}" rx="2"{}/>',
        css,
        _n(left + 1),
        _n(y),
        _n(max(right - left - 2, 2)),
        2 * BAR + GAP if tall else BAR,
        SafeString(' fill="url(#gantt-hatch)"') if tall else "",
    )


def _claim(axis: _Axis, day: dt.date, y: float) -> SafeString:
    """A notch in the actual bar on the day somebody took the step."""
    x = axis.left(day) + axis.pitch / 2
    return markup('<path class="gantt-claim" d="M{} {}v{}"/>', _n(x), _n(y), BAR)


def _edge(axis: _Axis, chart: Chart, rows: Mapping[str, float], edge: tuple[str, str]) -> SafeString:
    """From the end of one step down to the beginning of the next."""
    lines = {line.key: line for line in chart.lines}
    before, after = lines[edge[0]], lines[edge[1]]
    x = axis.right(_end(before)) - 2
    down = rows[edge[1]] > rows[edge[0]]
    y1 = rows[edge[0]] + LABEL + GAP + 4 + (2 * BAR + GAP if down else 0)
    y2 = rows[edge[1]] + LABEL + GAP + 4 + (0 if down else 2 * BAR + GAP)
    both = before.critical and after.critical
    return markup(
        '<path class="gantt-edge{}" fill="none" d="M{} {}V{}H{}V{}"/>',
        " gantt-edge--critical" if both else "",
        _n(x),
        _n(y1),
        _n(y2 - LABEL - 5 if down else y2 + 5),
        _n(max(axis.left(after.planned.first) + 4, x - 1)),
        _n(y2),
    )


def _end(line: Line) -> dt.date:
    """When a step ends as things stand: done, or due, or not before today."""
    if line.actual is None:
        return line.planned.last
    return max(line.actual.last, line.planned.last) if line.open else line.actual.last


def _late(line: Line) -> str:
    return gettext("超期%(days)d个工作日") % {"days": line.late}


def said(line: Line, words: Words) -> str:
    """One step in a sentence."""
    parts = [words.who, words.state, gettext("计划%(first)s至%(last)s") % _days(line.planned)]
    if line.actual is not None:
        parts.append(gettext("实际%(first)s至%(last)s") % _days(line.actual))
    parts += [gettext("暂停%(first)s至%(last)s") % _days(span) for span, _pause in line.pauses]
    if line.late:
        parts.append(_late(line))
    if line.critical:
        parts.append(gettext("在关键路径上"))
    return f"{words.name}{gettext('：')}{gettext('，').join(part for part in parts if part)}"


def _days(span: Span) -> dict[str, str]:
    return {"first": span.first.isoformat(), "last": span.last.isoformat()}


def _label(chart: Chart, words: Mapping[str, Words]) -> str:
    path = " → ".join(words[key].name for key in chart.critical)
    return gettext("进度图，共%(count)d步，预计%(end)s全部完成。关键路径：%(path)s") % {
        "count": len(chart.lines),
        "end": chart.end.isoformat(),
        "path": path,
    }


def _n(value: float) -> str:
    """A coordinate, short."""
    return f"{round(value, 1):g}"
