"""Kleene's laws: unknown is not yes, and not no."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qitong.catalogue.logic.conditions import parse

YES_NO, NUMBERS, WORDS = ["a", "b", "c"], ["m", "n"], ["k"]

checks = st.one_of(
    st.sampled_from(YES_NO),
    st.builds(
        "{} {} {}".format,
        st.sampled_from(NUMBERS),
        st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
        st.integers(-2, 2),
    ),
    st.sampled_from(['k == "x"', 'k != "x"', 'k in ["x", "y"]', 'k not in ["y"]']),
)
expressions = st.recursive(
    checks,
    lambda part: st.one_of(
        st.builds("not ({})".format, part),
        st.builds("({}) and ({})".format, part, part),
        st.builds("({}) or ({})".format, part, part),
    ),
    max_leaves=6,
)
complete = st.fixed_dictionaries(
    {name: st.booleans() for name in YES_NO}
    | {name: st.integers(-3, 3) for name in NUMBERS}
    | {name: st.sampled_from("xyz") for name in WORDS}
)
hidden = st.sets(st.sampled_from([*YES_NO, *NUMBERS, *WORDS]))


def without(facts: dict[str, object], names: set[str]) -> dict[str, object]:
    return {name: value for name, value in facts.items() if name not in names}


@given(expressions, complete, hidden)
def test_a_missing_fact_only_ever_hides_an_answer(
    expr: str, facts: dict[str, object], names: set[str]
) -> None:
    condition = parse(expr)
    whole = condition.evaluate(facts)
    assert whole is not None
    assert condition.evaluate(without(facts, names)) in {None, whole}


@given(expressions, complete, hidden)
def test_complete_facts_agree_with_ordinary_logic(
    expr: str, facts: dict[str, object], names: set[str]
) -> None:
    ordinary = eval(expr, {"__builtins__": {}}, dict(facts))  # noqa: S307  # the oracle, on our own text
    assert parse(expr).evaluate(facts) is ordinary
    assert parse(expr).evaluate(without(facts, names)) is not (not ordinary)


@given(expressions, complete, hidden)
def test_not_turns_yes_and_no_and_keeps_unknown(expr: str, facts: dict[str, object], names: set[str]) -> None:
    known = without(facts, names)
    result = parse(expr).evaluate(known)
    assert parse(f"not ({expr})").evaluate(known) is (None if result is None else not result)


@given(st.lists(expressions, min_size=2, max_size=4), st.sampled_from([" and ", " or "]), complete, hidden)
def test_order_changes_nothing(
    parts: list[str], word: str, facts: dict[str, object], names: set[str]
) -> None:
    known = without(facts, names)
    forward = word.join(f"({p})" for p in parts)
    backward = word.join(f"({p})" for p in reversed(parts))
    assert parse(forward).evaluate(known) is parse(backward).evaluate(known)


@given(expressions, expressions, complete, hidden)
def test_de_morgan_holds_with_unknowns(
    one: str, other: str, facts: dict[str, object], names: set[str]
) -> None:
    known = without(facts, names)
    left = parse(f"not (({one}) and ({other}))").evaluate(known)
    assert left is parse(f"not ({one}) or not ({other})").evaluate(known)


@given(expressions, complete, hidden)
def test_what_is_asked_is_missing_and_asking_it_all_settles_the_condition(
    expr: str, facts: dict[str, object], names: set[str]
) -> None:
    condition, known = parse(expr), without(facts, names)
    asked = condition.unsettled(known)
    assert set(asked) <= names & condition.names
    assert bool(asked) == (condition.evaluate(known) is None)
    assert condition.evaluate(known | {name: facts[name] for name in asked}) is not None
