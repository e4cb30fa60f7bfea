"""Nothing is missed and nothing false is found: the answer is that of looking at every text."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qitong.casework import finding
from qitong.casework.logic.finding import Asked, ask, fold, grams
from tests.search.conftest import EVERYTHING, use_the_index

CHARACTERS = "绿能源公司审查潮汐abAB12１2-－ é%_\\'\"“\n"
ANY = st.characters(codec="utf-8", exclude_characters="\x00")
TEXT = st.text(st.sampled_from(CHARACTERS) | ANY, max_size=30)
CASES = st.lists(st.lists(TEXT, max_size=3), min_size=1, max_size=8)
FEW_CHECKS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def _keep(cases: Sequence[Sequence[str]]) -> dict[int, str]:
    """Rows of the index alone, for cases numbered from one."""
    lines = {n: "\n".join(filter(None, map(fold, texts))) for n, texts in enumerate(cases, 1)}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM casework_casetext")
        cursor.executemany(
            "INSERT INTO casework_casetext (case_id, sources, folded, tags) VALUES (%s, %s, %s, '{}')",
            [(pk, json.dumps([]), folded) for pk, folded in lines.items()],
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
    return lines


def _plainly(lines: dict[int, str], asked: Asked) -> list[int]:
    hits = [pk for pk, folded in lines.items() if asked.words and all(w in folded for w in asked.words)]
    return sorted(hits, reverse=True)


@pytest.mark.django_db
@pytest.mark.parametrize("newest", [1, 2000])
@settings(max_examples=150, deadline=None, suppress_health_check=FEW_CHECKS)
@given(cases=CASES, data=st.data())
def test_the_answer_is_that_of_looking_at_every_text(
    monkeypatch: pytest.MonkeyPatch, newest: int, cases: list[list[str]], data: st.DataObject
) -> None:
    monkeypatch.setattr(finding, "NEWEST", newest)
    lines = _keep(cases)
    use_the_index()
    everything = "".join(text for texts in cases for text in texts)
    start = data.draw(st.integers(0, len(everything)))
    part = everything[start : start + data.draw(st.integers(1, 5))]
    asked = ask(data.draw(st.sampled_from([part, f'"{part}"']) | TEXT))
    assert finding.find(EVERYTHING, asked).ids == _plainly(lines, asked)


@pytest.mark.django_db
@settings(max_examples=100, deadline=None)
@given(TEXT.map(lambda text: text.replace("\n", "")).filter(bool))
def test_the_database_makes_the_same_keys(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT casework_grams(%s)", [text])
        [kept] = cursor.fetchone() or []
    assert set(grams(text)) <= set(kept)
    assert set(map(ord, text)) <= set(kept)


@pytest.mark.django_db
@pytest.mark.parametrize(("rows", "count"), [(999, 999), (1000, 1000), (1001, "1,000+"), (1500, "1,000+")])
@pytest.mark.parametrize("newest", [1, 100])
def test_hits_are_counted_exactly_up_to_a_thousand(
    monkeypatch: pytest.MonkeyPatch, rows: int, count: int | str, newest: int
) -> None:
    monkeypatch.setattr(finding, "NEWEST", newest)
    _keep([["潮汐新材料"] if n < rows else ["别的"] for n in range(1600)])
    hits = finding.find(EVERYTHING, ask("汐新"))
    assert hits.count == count
    assert hits.ids == sorted(range(1, rows + 1), reverse=True)[:1000]


@pytest.mark.django_db
def test_reading_on_beyond_a_thousand_misses_none() -> None:
    _keep([["潮汐"] for _ in range(1100)])
    seen, last = [], 1101
    while ids := finding.find_before(EVERYTHING, ask("潮汐"), before=last, most=300):
        seen += ids
        last = ids[-1]
    assert seen == list(range(1100, 0, -1))
