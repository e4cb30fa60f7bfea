"""The critical path of a case, against brute force; the dates of its chart, on the real calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from qitong.casework.logic.gantt import Progress, Step, chart, forecast
from qitong.catalogue.logic.graph import Dag
from qitong.kernel.workdays import Pause, PauseReason, official

TODAY = 20


@st.composite
def graphs(draw: st.DrawFn) -> Dag[str]:
    keys = [f"s{i}" for i in range(draw(st.integers(1, 7)))]
    return Dag({k: draw(st.sets(st.sampled_from(keys[:i]))) if i else set() for i, k in enumerate(keys)})


@st.composite
def fresh(draw: st.DrawFn) -> tuple[Dag[str], dict[str, Progress]]:
    dag = draw(graphs())
    return dag, {key: Progress(draw(st.integers(0, 9))) for key in dag.order}


@st.composite
def halfway(draw: st.DrawFn) -> tuple[Dag[str], dict[str, Progress]]:
    """A course a case can take: a step runs when those before it ended, and ends when it likes."""
    dag = draw(graphs())
    steps: dict[str, Progress] = {}
    for key in dag.order:
        days = draw(st.integers(0, 9))
        before = [steps[p].ended for p in dag.predecessors(key)]
        ends = [end for end in before if end is not None]
        started = max(ends, default=draw(st.integers(0, TODAY)))
        if len(ends) < len(before) or not draw(st.booleans()):
            steps[key] = Progress(days)
            continue
        ended = draw(st.none() | st.integers(started, TODAY))
        steps[key] = Progress(days, started, ended, started + days)
    return dag, steps


def _paths(dag: Dag[str], key: str) -> list[tuple[str, ...]]:
    onwards = [path for after in dag.successors(key) for path in _paths(dag, after)]
    return [(key, *path) for path in onwards] or [(key,)]


def _end(dag: Dag[str], steps: Mapping[str, Progress]) -> int:
    return max(times.finish for times in forecast(dag, steps, today=TODAY).values())


@given(fresh())
def test_before_anything_began_the_critical_steps_are_those_on_a_longest_path(
    made: tuple[Dag[str], dict[str, Progress]],
) -> None:
    dag, steps = made
    paths = [path for key in dag.order for path in _paths(dag, key)]
    length = {path: sum(steps[key].days for key in path) for path in paths}
    whole = [path for path in paths if not dag.predecessors(path[0])]
    longest = max(length[path] for path in whole)
    expected = {key for path in whole if length[path] == longest for key in path}
    found = forecast(dag, steps, today=TODAY)
    assert {key for key, times in found.items() if times.critical} == expected
    assert _end(dag, steps) == TODAY + longest


@given(halfway(), st.data())
def test_a_step_may_slip_by_its_slack_and_not_a_day_more(
    made: tuple[Dag[str], dict[str, Progress]], data: st.DataObject
) -> None:
    dag, steps = made
    to_come = [key for key in dag.order if steps[key].ended is None]
    if not to_come:
        return
    key, by = data.draw(st.sampled_from(to_come)), data.draw(st.integers(1, 12))
    times, end = forecast(dag, steps, today=TODAY)[key], _end(dag, steps)
    step = steps[key]
    slipped = (
        replace(step, days=step.days + by) if step.started is None else replace(step, due=times.finish + by)
    )
    assert _end(dag, {**steps, key: slipped}) == end + max(by - times.slack, 0)
    assert times.critical == (times.slack == 0)


@given(halfway())
def test_there_is_always_a_critical_chain_back_to_a_first_step(
    made: tuple[Dag[str], dict[str, Progress]],
) -> None:
    dag, steps = made
    found = forecast(dag, steps, today=TODAY)
    critical = {key for key, times in found.items() if times.critical}
    assert any(not dag.predecessors(key) for key in critical) or any(
        steps[key].started is not None and steps[key].ended is None for key in critical
    )
    for key in critical:
        before = [p for p in dag.predecessors(key) if steps[p].ended is not None]
        if before and all(steps[p].ended is not None for p in dag.predecessors(key)):
            assert critical.intersection(before)


def test_the_chart_lies_on_the_working_days_of_the_calendar() -> None:
    day = dt.date(2026, 9, 18)  # a Friday; Sunday the 20th is a make-up day
    steps = [
        Step("a", (), 2, started=day, due=dt.date(2026, 9, 21)),
        Step("b", ("a",), 5),
        Step("c", ("a", "elsewhere"), 1),
    ]
    found = chart(official(), steps, today=day)
    a, b, c = found.lines
    assert (a.planned.first, a.planned.last) == (day, dt.date(2026, 9, 21))
    assert b.planned.last == official().add(dt.date(2026, 9, 21), 5) == found.end
    assert found.critical == ("a", "b")
    assert (c.slack, c.critical) == (4, False)
    assert found.edges == (("a", "b"), ("a", "c"))


def test_a_step_past_its_date_is_late_and_pushes_what_follows() -> None:
    calendar = official()
    steps = [
        Step("a", (), 3, started=dt.date(2026, 3, 2), due=dt.date(2026, 3, 5)),
        Step("b", ("a",), 2),
    ]
    found = chart(calendar, steps, today=dt.date(2026, 3, 10))
    assert found.lines[0].late == 3
    assert found.lines[0].actual is not None
    assert found.lines[0].actual.last == dt.date(2026, 3, 10)
    assert found.end == dt.date(2026, 3, 12)


def test_what_was_done_late_stays_late_and_a_pause_ends_the_day_before_work_goes_on() -> None:
    pause = Pause(PauseReason.EXPERT_REVIEW, dt.date(2026, 3, 3), dt.date(2026, 3, 5))
    step = Step(
        "a",
        (),
        1,
        started=dt.date(2026, 3, 2),
        ended=dt.date(2026, 3, 9),
        due=dt.date(2026, 3, 5),
        pauses=(pause,),
    )
    (line,) = chart(official(), [step], today=dt.date(2026, 3, 20)).lines
    assert line.late == 2
    assert not line.open
    (span, _pause) = line.pauses[0]
    assert (span.first, span.last) == (dt.date(2026, 3, 3), dt.date(2026, 3, 4))


def test_no_steps_no_lines() -> None:
    found = chart(official(), [], today=dt.date(2026, 3, 2))
    assert (found.lines, found.end) == ((), dt.date(2026, 3, 2))
