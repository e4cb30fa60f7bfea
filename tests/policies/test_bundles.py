"""The packages by sector and size: dated, checked, one for each company on any day."""

from __future__ import annotations

import datetime as dt
from itertools import product
from pathlib import Path

import pytest

from qitong.policies import bundling
from qitong.policies.bundling import Bundle, Known, check_folder, for_company, packaged
from qitong.policies.logic.size import DIVISIONS

ON = dt.date(2026, 11, 23)
KNOWN = Known({"tech_sme", "hi_tech_enterprise"}, {"pv_grid_connection"})
GOOD = """\
schema: 1
id: one
name: {zh: 一, en: One}
valid: {from: 2026-01-01, to: 2026-12-31}
industries: [C]
sizes: [small]
policies:
  - {code: tech_sme, why: {zh: 因为, en: Because}}
items:
  - {code: pv_grid_connection, why: {zh: 因为, en: Because}}
"""


def said(folder: Path, **files: str) -> list[str]:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    _, problems = check_folder(folder, KNOWN)
    return [f"{Path(p.file).name}:{p.line}:{p.column}: {p.message}" for p in problems]


def test_every_sector_and_size_has_its_package() -> None:
    industries = ["", "C3569", *DIVISIONS]
    sizes = ["large", "medium", "small", "micro", ""]
    found = [for_company(packaged(), *each, ON) for each in product(industries, sizes)]
    assert None not in found


def test_the_sector_comes_before_the_general_one_and_size_matters() -> None:
    def named(industry: str, size: str) -> str:
        found = for_company(packaged(), industry, size, ON)
        return found.id if found else ""

    assert named("C3569", "small") == "manufacturing"
    assert named("C3569", "large") == "manufacturing_large"
    assert named("65", "") == "software"
    assert named("J66", "small") == "general"
    assert named("", "") == "general"


def test_outside_its_days_a_package_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(GOOD, encoding="utf-8")
    bundles, problems = check_folder(tmp_path, KNOWN)
    assert problems == []
    assert for_company(bundles, "C35", "small", dt.date(2025, 12, 31)) is None
    assert for_company(bundles, "C35", "small", dt.date(2026, 1, 1)) is not None
    assert for_company(bundles, "C35", "small", dt.date(2026, 12, 31)) is not None
    assert for_company(bundles, "C35", "small", dt.date(2027, 1, 1)) is None


@pytest.mark.parametrize(
    ("old", "new", "where", "words"),
    [
        ("tech_sme", "no_such", "one.yaml:8:12", "没有代码为no_such的政策或事项"),
        ("pv_grid_connection", "no_such", "one.yaml:10:12", "没有代码为no_such的政策或事项"),
        ("sizes: [small]", "sizes: [tiny]", "one.yaml:6:9", "应为以下之一"),
        ("industries: [C]", "industries: [Z]", "one.yaml:5:14", "行业门类字母"),
        ("schema: 1\n", "schema: 1\nvaild: x\n", "one.yaml:2:1", "是否应为valid"),
        ("to: 2026-12-31", "to: 2025-12-31", "one.yaml:4", "早于"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    tmp_path: Path, old: str, new: str, where: str, words: str
) -> None:
    [problem] = said(tmp_path, one=GOOD.replace(old, new))
    assert problem.startswith(where)
    assert words in problem


def test_two_packages_for_one_company_on_one_day_are_refused(tmp_path: Path) -> None:
    other = GOOD.replace("id: one", "id: two").replace("[C]", '["35"]')
    [problem] = said(tmp_path, one=GOOD, two=other)
    assert "two.yaml:5" in problem
    assert "与服务包one" in problem


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[C]", "[A]"),
        ("[small]", "[micro]"),
        ("from: 2026-01-01, to: 2026-12-31", "from: 2027-01-01, to: null"),
    ],
)
def test_packages_apart_in_sector_size_or_days_stand_side_by_side(tmp_path: Path, old: str, new: str) -> None:
    assert said(tmp_path, one=GOOD, two=GOOD.replace("id: one", "id: two").replace(old, new)) == []


def test_nothing_is_half_loaded(tmp_path: Path) -> None:
    said(tmp_path, one=GOOD, two="schema: 2")
    bundles, problems = check_folder(tmp_path, KNOWN)
    assert bundles == []
    assert problems


def test_the_packaged_ones_say_why_in_both_languages() -> None:
    for bundle in packaged():
        assert isinstance(bundle, Bundle)
        for line in (*bundle.policies, *bundle.items):
            assert line.why.zh != line.why.en
            assert not line.why.zh.endswith("。")
    assert bundling.PACKAGED.is_dir()
