"""``qitong policies`` on the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from qitong.cli.policies import policies
from qitong.policies.library import PACKAGED

ON = "2026-11-23"


def match(folder: Path, facts: object, *options: str) -> Any:
    file = folder / "F.json"
    file.write_text(facts if isinstance(facts, str) else json.dumps(facts), encoding="utf-8")
    result = CliRunner().invoke(policies, ["match", "--facts", str(file), "--on", ON, "--json", *options])
    return (
        json.loads(result.output)
        if result.exit_code == 0
        else [result.exit_code, result.output + result.stderr]
    )


def test_check_needs_neither_django_nor_a_database() -> None:
    program = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from qitong.cli.policies import policies\n"
        "result = CliRunner().invoke(policies, ['check'])\n"
        "assert result.output.startswith('39 policies, '), result.output\n"
        "assert 'django' not in sys.modules and 'psycopg' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_check_names_what_is_right_but_may_not_be_published() -> None:
    result = CliRunner().invoke(policies, ["check", "--json"])
    assert json.loads(result.output)["unpublishable"] == ["district_srdi_award_pudong", "residence_points_sh"]


def test_check_ends_with_1_and_a_line_per_problem(tmp_path: Path) -> None:
    text = (PACKAGED / "loss_carry_10y.yaml").read_text(encoding="utf-8")
    file = tmp_path / "mine.yaml"
    file.write_text(text.replace("loss_age_years <= 10", "loss_age_yearz <= 10"), encoding="utf-8")
    result = CliRunner().invoke(policies, ["check", str(file)])
    assert result.exit_code == 1
    assert f"{file}:" in result.output
    result = CliRunner().invoke(policies, ["check", str(file), "--json"])
    assert json.loads(result.output)["ok"] is False


def test_match_prints_every_policy_in_force_with_its_conditions(tmp_path: Path) -> None:
    rows = match(
        tmp_path,
        {"taxable_income_wan": 100, "avg_headcount": 20, "avg_assets_wan": 500, "restricted_industry": False},
    )
    assert len(rows) == 33
    row = next(row for row in rows if row["id"] == "small_low_profit_cit")
    assert (row["outcome"], row["benefit"], row["status"]) == ("eligible", 20, "active")
    assert row["conditions"][0] | {"parts": []} == {
        "id": "C1",
        "result": True,
        "value": 100,
        "bound": 300,
        "missing": [],
        "kind": "hard",
        "undefined": False,
        "undefined_facts": [],
        "parts": [],
    }
    assert {"id", "outcome", "conditions", "scores", "benefit"} <= set(row)


def test_what_is_no_longer_in_force_is_judged_when_it_is_named(tmp_path: Path) -> None:
    facts = {
        "segment_years": 3,
        "rd_last": 150,
        "revenue_last": 900,
        "equity_2y": 2000,
        "score_63": 60,
        "shortcut": False,
    }
    assert "srdi_sme_2022" not in {row["id"] for row in match(tmp_path, facts)}
    (row,) = match(tmp_path, facts, "--policy", "srdi_sme_2022")
    assert (row["outcome"], row["status"], row["superseded_by"]) == (
        "eligible",
        "superseded",
        "srdi_sme_2026",
    )
    assert row["conditions"][1]["parts"][1]["value"] == "1/6"
    (row,) = match(tmp_path, {"entity": "coop", "build_cost_wan": 500}, "--policy", "cold_store_2022_sh")
    assert (row["outcome"], row["status"], row["benefit"]) == ("eligible", "expired", 100)


def test_unknown_is_null_and_zero_and_false_are_values(tmp_path: Path) -> None:
    (row,) = match(
        tmp_path, {"taxable_income_wan": 0, "restricted_industry": False}, "--policy", "small_low_profit_cit"
    )
    assert row["outcome"] == "unknown"
    assert [c["result"] for c in row["conditions"]] == [True, None, None, True]
    assert [c["missing"] for c in row["conditions"]] == [[], ["avg_headcount"], ["avg_assets_wan"], []]
    assert (row["benefit"], row["missing"]) == (0, ["avg_headcount", "avg_assets_wan"])


def test_scores_are_printed_by_name(tmp_path: Path) -> None:
    facts = {
        "employees": 100,
        "sales_last": 5000,
        "tech_staff": 30,
        "rd_last": 200,
        "cost_last": 4000,
        "ip_class1": 0,
        "ip_class2": 2,
    }
    (row,) = match(tmp_path, facts, "--policy", "tech_sme")
    assert row["scores"] == {"staff": 20, "rd": 30, "ip": 12, "total": 62}


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ('{"employees": "100"}', "F.json:1:2: employees（persons）应为数"),
        ('{"employees": true}', "应为数"),
        ('{"employees": 1.5}', "最多0位小数"),
        ('{"employees": -1}', "应在0至"),
        ('{"sales_last": 1e400}', "应在0至"),
        ('{"sales_last": 0.0000001}', "最多6位小数"),
        ('{"debt_ratio": 0.3333333333333333}', "最多6位小数，请舍去其后的数位，写作 0.333333。"),
        ('{"layoff_rate": 5.5}', "应在0至1之间；5.5%应写作 0.055。"),
        ('{"registered_on": "1820-01-01"}', "应在1900年至2200年之间"),
        (
            '{"crop": "NaN",\n "sales_last": NaN}',
            "F.json:2:16: JSON写法有误：NaN不是JSON中的数",
        ),
        ('{"employees": ' + "9" * 5000 + "}", "F.json:1:15: JSON写法有误：数字的位数过多"),
        ('{\n "restricted_industry": 0}', "F.json:2:2: restricted_industry应为 true 或 false"),
        ('{"filing": "yearly"}', "可选：month, quarter, occasion"),
        ('{"registered_on": "2026-02-30"}', "应为日期"),
        ('{"employes": 1}', "是否应为employees"),
        ('{"employees": 1, "employees": 2}', "F.json:1:18: employees写了两次"),
        ("[1]", "应为一个JSON对象"),
        ('{"employees": 1', "F.json:1:16: JSON写法有误"),
    ],
)
def test_facts_that_cannot_be_are_refused_at_their_place(tmp_path: Path, facts: str, says: str) -> None:
    file = tmp_path / "F.json"
    file.write_text(facts, encoding="utf-8")
    result = CliRunner().invoke(policies, ["match", "--facts", str(file), "--on", ON])
    assert result.exit_code == 1
    assert says in result.output


def test_half_a_character_ends_in_a_line_and_no_way_but_one_to_write_a_day(tmp_path: Path) -> None:
    """JSON can write both; neither a terminal nor a database can take half a character."""
    rice = ("--policy", "green_food_rice_jinshan_2021")
    assert match(tmp_path, '{"crop": "\\ud800"}', *rice)[0] == 1
    for day in ("2025-W01", "20250102", "2025-W01-1"):
        assert match(tmp_path, {"registered_on": day})[0] == 1, day


def test_a_policy_named_twice_is_told_once(tmp_path: Path) -> None:
    assert len(match(tmp_path, {}, "--policy", "tech_sme", "--policy", "tech_sme")) == 1


def test_numbers_are_read_and_printed_exactly(tmp_path: Path) -> None:
    facts = {
        "taxable_income_wan": 300.01,
        "avg_headcount": 300.125,
        "avg_assets_wan": 4999.999999,
        "restricted_industry": False,
    }
    (row,) = match(tmp_path, facts, "--policy", "small_low_profit_cit")
    assert [c["value"] for c in row["conditions"]] == [300.01, 300.125, 4999.999999, False]
    assert row["benefit"] == 60.002
    gap = row["conditions"][0]["parts"][0]["gap"]
    assert (gap["amount"], gap["unit"], gap["more"]) == (0.01, "wan", False)


def told(tmp_path: Path, *options: str) -> str:
    file = tmp_path / "F.json"
    file.write_text('{"segment_years": 1, "rd_last": 150, "revenue_last": 900}', encoding="utf-8")
    result = CliRunner().invoke(policies, ["match", "--facts", str(file), "--on", ON, *options])
    assert result.exit_code == 0, result.output
    return result.output


def test_in_words_a_match_says_why_and_what_stands_against_using_it(tmp_path: Path) -> None:
    said = told(tmp_path, "--policy", "srdi_sme_2022")
    assert said.splitlines()[0].endswith("[superseded by srdi_sme_2026]")
    assert "C1     failed  从事特定细分市场年数为1年，应不低于2年；从事特定细分市场年数还差1年。" in said
    assert "C2.1   met     上年度研发费用为150万元，应不低于100万元。" in said
    assert "尚缺：" in told(tmp_path)
    assert "[expired]" in told(tmp_path, "--policy", "cold_store_2022_sh")


def test_in_words_a_match_needs_neither_django_nor_a_database(tmp_path: Path) -> None:
    (tmp_path / "F.json").write_text('{"segment_years": 1}', encoding="utf-8")
    program = "import sys; from qitong.cli import main; sys.argv[1:] = sys.argv[1:]; main()"
    command = ["policies", "match", "--facts", str(tmp_path / "F.json"), "--on", ON]
    subprocess.run([sys.executable, "-c", program, *command], check=True, timeout=60, capture_output=True)


@pytest.mark.parametrize(
    ("content", "options", "says"),
    [
        (b"{}", ["--policy", "nobody"], "没有代码为nobody的政策。"),
        (b"\xff\xfe", [], "文件编码不是UTF-8"),
        (b"[" * 100_000, [], "JSON写法有误：层级过深。"),
        (b'{"employees": ' + b"9" * 5000 + b"}", [], "JSON写法有误：数字的位数过多。"),
    ],
)
def test_with_json_every_refusal_is_a_list_of_problems(
    tmp_path: Path, content: bytes, options: list[str], says: str
) -> None:
    file = tmp_path / "F.json"
    file.write_bytes(content)
    result = CliRunner().invoke(policies, ["match", "--facts", str(file), "--on", ON, "--json", *options])
    assert result.exit_code == 1
    assert [problem["message"] for problem in json.loads(result.stdout)["problems"]] == [says]


def test_a_file_says_a_fact_under_the_name_it_has(tmp_path: Path) -> None:
    """Turnover under one name is not said under another; on the platform, which asks once, it is."""
    given = {"general_taxpayer": False, "sales_last": 5000}
    names = {name for row in match(tmp_path, given) for each in row["conditions"] for name in each["missing"]}
    assert {"small_scale", "rev_y1", "revenue_last"} <= names
