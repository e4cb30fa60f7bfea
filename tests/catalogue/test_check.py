"""Whoever edits the catalogue learns in which line of which file the mistake is."""

from __future__ import annotations

from pathlib import Path

import pytest

from qitong.catalogue.check import PACKAGED, check_path, check_text
from qitong.kernel.yamlmarks import Problem

WHOLE = (PACKAGED / "catalogue.yaml").read_text(encoding="utf-8")


def problems(text: str) -> list[Problem]:
    catalogue, found = check_text(text, "c.yaml")
    assert (catalogue is None) == bool(found)
    return found


def changed(old: str, new: str, *, after: str = "") -> tuple[str, int]:
    """The packaged text with the first ``old`` after ``after`` replaced, and the line of it."""
    place = WHOLE.index(old, WHOLE.index(after) if after else 0)
    return WHOLE[:place] + new + WHOLE[place + len(old) :], WHOLE[:place].count("\n") + 1


def test_the_packaged_file_is_whole_by_itself_and_with_its_folder() -> None:
    assert problems(WHOLE) == []
    catalogue, found = check_path(PACKAGED)
    assert found == []
    assert catalogue is not None
    assert list(catalogue.intake) == [
        "outside_jurisdiction",
        "before_court",
        "petition",
        "secrets_privacy",
        "unlawful_abusive",
        "repeat_same_facts",
    ]


ITEM = "- code: business_licence"
MISTAKES = [
    ("promised_wd: 3", "promised_wd: three", ITEM, "整数"),
    ("promised_wd: 3", "promised_wd: 4", ITEM, "超过法定时限"),
    ("lead: scjg", "lead: nobody", ITEM, "nobody"),
    ("lead: scjg", "leed: scjg", ITEM, "是否应为lead"),
    ("stage: setup", "stage: start", ITEM, "应为以下之一"),
    ("class: core", "class: deferable", ITEM, "应为以下之一"),
    ("source: shared, from: ga", "source: shared", ITEM, "from"),
    ("from: ga", "from: moon", ITEM, "moon"),
    ("days: 2, after: [accept]", "days: 3, after: [accept]", ITEM, "承诺时限3"),
    ("after: [accept]", "after: [accepted]", ITEM, "accepted"),
    ("kind: decision", "kind: review", ITEM, "决定步骤"),
    ("department: scjg", "department: ga", ITEM, "步骤的部门"),
    ("after: []", "after: [decide]", ITEM, "受理步骤之前"),
    (
        "requires: [business_licence]",
        "requires: [buziness_licence]",
        "- code: seal_filing",
        "buziness_licence",
    ),
    ("applies_when: needs_new_land", "applies_when: needs_moon", "items:", "needs_moon"),
    ("applies_when: needs_new_land", "applies_when: needs_new_land > 3", "items:", "类型不符"),
    ("applies_when: needs_new_land", "applies_when: needs_new_land and", "items:", "写法"),
    ('"exempt"', '"exemptt"', "items:", "类型不符"),
    ("variant_fact: eia_category", "variant_fact: owns_building", "items:", "choice"),
    ("    - {id: articles", "    - {id: app_form", ITEM, "重复"),
    ("as_of: 2026-11-23", "as_of: 2026-13-45", "", "没有2026-13-45这一天"),
    ("acceptance_wd: 5", "acceptance_wd: 6", "", "不能大于5"),
    ("unit: wd", "unit: none", ITEM, "null"),
]


@pytest.mark.parametrize(("old", "new", "after", "says"), MISTAKES, ids=[m[1] for m in MISTAKES])
def test_a_mistake_is_found_where_it_is(old: str, new: str, after: str, says: str) -> None:
    text, line = changed(old, new, after=after)
    found = problems(text)
    assert any(says in str(p.message) for p in found), [str(p) for p in found]
    # An error of a whole step graph, material or limit is shown where that thing begins.
    assert any(says in str(p.message) and line - 7 <= p.line <= line for p in found), [str(p) for p in found]


def test_the_column_is_that_of_the_value() -> None:
    text, line = changed("lead: scjg", "lead: nobody", after=ITEM)
    (first, *_) = problems(text)
    assert (first.file, first.line, first.column) == ("c.yaml", line, 9)


def test_all_mistakes_are_told_at_once() -> None:
    text, _ = changed("from: ga", "from: moon", after=ITEM)
    text = text.replace("policy: green_factory", "policy: 7")
    text = text.replace("confidence: low", "confidence: none")
    assert len(problems(text)) >= 3


def test_an_item_that_waits_for_itself_is_refused() -> None:
    text, _ = changed(
        "requires: [business_licence]", "requires: [M_START_PRODUCE]", after="- code: investment"
    )
    assert ["成了环" in str(p.message) for p in problems(text)] == [True]


def test_syntax_errors_have_their_line() -> None:
    (problem,) = problems("schema: 1\nitems: [1, 2\n")
    assert problem.line == 3
    (problem,) = problems("schema: 1\nregion: \x01\n")
    assert problem.line == 2


def test_a_key_given_twice_is_refused() -> None:
    (problem,) = problems("schema: 1\nas_of: 2026-01-01\nschema: 1\n")
    assert problem.line == 3
    assert "第1行" in str(problem.message)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- 1",
        "just words",
        "a: &x [1]\nb: *x\n",
        "schema: !!python/object:os.system {}",
        "? [1]\n: 2\n",
        "a: 1\n---\nb: 2\n",
        "as_of: 2026-01-01 10:00:00\n",
        "items: " + "[" * 3000,
        "items: " + "[" * 60 + "]" * 60,
    ],
)
def test_a_strange_file_is_a_problem_not_a_crash(text: str) -> None:
    assert problems(text)


def test_files_of_a_folder_join_and_quarrels_are_told(tmp_path: Path) -> None:
    head, items = WHOLE.split("\nitems:\n")
    half = items.index("- code: eia_approval")
    (tmp_path / "1.yaml").write_text(f"{head}\nitems:\n{items[:half]}", encoding="utf-8")
    (tmp_path / "2.yaml").write_text(f"items:\n{items[half:]}", encoding="utf-8")
    catalogue, found = check_path(tmp_path)
    assert found == []
    assert catalogue is not None
    assert len(catalogue.items) == 28

    (tmp_path / "2.yaml").write_text(f"schema: 1\nitems:\n{items[half:]}".replace("lead: sthj", "lead: moon"))
    _, found = check_path(tmp_path)
    assert {(p.file, p.line) for p in found} == {(str(tmp_path / "2.yaml"), 1)}

    (tmp_path / "2.yaml").write_text(f"items:\n{items[half:]}".replace("lead: sthj", "lead: moon", 1))
    _, found = check_path(tmp_path)
    assert (str(tmp_path / "2.yaml"), 7) in {(p.file, p.line) for p in found if "moon" in str(p.message)}


def test_a_file_that_is_not_text_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in str(check_path(tmp_path)[1][0].message)
    assert check_path(tmp_path / "missing.yaml")[1]


def test_an_empty_folder_is_a_problem(tmp_path: Path) -> None:
    assert check_path(tmp_path)[1]
