"""The size table too is held by worked examples: each bound, each industry, each exception."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from qitong.cli.policies import policies
from qitong.policies.check import check_paths
from qitong.policies.library import PACKAGED

WHOLE = (PACKAGED / "sme_size.yaml").read_text(encoding="utf-8")


def problems(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "sme_size.yaml"
    file.write_text(text, encoding="utf-8")
    return [str(problem).removeprefix(f"{file}:") for problem in check_paths([file])[1]]


def without(*examples: str) -> str:
    text = WHOLE
    for example in examples:
        assert f"  - {example}\n" in text
        text = text.replace(f"  - {example}\n", "")
    return text


MEDIUM = "{industry: A0111, in: {revenue_last: 499.999999}, expect: small}"


@pytest.mark.parametrize(
    ("example", "literal", "adds"),
    [
        (MEDIUM.replace("A0111", '"A0111"'), "500", MEDIUM),
        (
            '{industry: "E4710", in: {revenue_last: 80000, assets: 79999.999999}, expect: medium}',
            "80000",
            "{industry: E4710, in: {revenue_last: 80000, assets: 79999.999999}, expect: medium}",
        ),
        (
            '{industry: "57", in: {employees: 1000, revenue_last: 30000}, expect: large}',
            "57",
            "{industry: '57', in: {employees: 1000, revenue_last: 30000}, expect: large}",
        ),
        (
            '{industry: "59", in: {employees: 1000, revenue_last: 30000}, expect: null}',
            "591",
            "{industry: '59', in: {employees: 200, revenue_last: 30000}, expect: null}",
        ),
    ],
)
def test_what_no_example_holds_is_told_with_one_that_would(
    tmp_path: Path, example: str, literal: str, adds: str
) -> None:
    (problem,) = problems(tmp_path, without(example))
    assert f"没有例子守住“{literal}”" in problem
    assert problem.endswith(adds)
    assert problems(tmp_path, without(example) + f"  - {adds}\n") == []


def test_an_industry_of_an_earlier_row_decides_nothing(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, WHOLE.replace('industries: ["62"]', 'industries: ["62", "52"]'))
    assert "“52”不起作用" in problem


def test_a_second_table_has_no_place(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(WHOLE, encoding="utf-8")
    assert problems(tmp_path, WHOLE) == []
    _, found = check_paths([tmp_path])
    assert [f"{Path(p.file).name} {p.message}" for p in found] == [
        f"sme_size.yaml 划型表已在{tmp_path / 'other.yaml'}中写过。"
    ]


def test_check_counts_the_examples_of_the_table() -> None:
    said = CliRunner().invoke(policies, ["check", str(PACKAGED / "sme_size.yaml")])
    count = WHOLE.count("\n  - {industry:")
    assert (
        said.output
        == f"0 policies, 0 examples, no problems.\nThe size table: {count} examples, no problems.\n"
    )
