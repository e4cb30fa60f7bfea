"""Whoever writes a policy learns in which line of which file the mistake is, and loads nothing half."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from qitong.policies.check import check_paths
from qitong.policies.library import PACKAGED

WHOLE = (PACKAGED / "tech_sme.yaml").read_text(encoding="utf-8")
NAME = "tech_sme.yaml"

WRONG = [
    ("department: kw\n", "", "缺少department", 1),
    ("basis:", "basiz:", "是否应为basis", None),
    (
        "  - {number: 国科火字〔2022〕67号}",
        '  - {number: ""}',
        "number应为含数字的文号，或《法律名称》",
        None,
    ),
    (
        "valid: {from: 2017-05-03, to: null}",
        "valid: {from: 2017-05-03, to: 2016-01-01}",
        "早于开始日期",
        None,
    ),
    ("valid: {from: 2017-05-03, to: null}\n", "", "没有文号、依据或有效期", 1),
    ("status: active", "status: superseded", "superseded_by", None),
    ("status: active", "superseded_by: other_one\nstatus: active", "应写明superseded_by", None),
    ("status: active", "status: expired", "有效期尚未结束", None),
    ("department: kw", "department: nobody", "没有代码为nobody的部门", None),
    ("id: tech_sme", "id: Tech", "id应为小写英文字母开头", None),
    ("in: {employees: 100,", "in: {employees: 1:40,", "“1:40”会被读作100", None),
    ("in: {employees: 100,", "in: {employees: 0144,", "“0144”会被读作100", None),
    ("restricted_industry: false", "restricted_industry: no", "“no”会被读作false", None),
    ("from: 2017-05-03", "from: 2017-02-30", "没有2017-02-30这一天", None),
    ("in: {employees: 100,", "in: {employees: " + "9" * 5000 + ",", "位数过多", None),
    ("fast_track == True or", "fast_track = True or", "应写作 ==", None),
    ("rd_last / sales_last", "rd_last / 0万元", "不能除以零", None),
    ("rd_last / sales_last", "rd_last / (1万元 - 1万元)", "不能除以零", None),
    ("rd_last / sales_last", "rd_last / (1万元 - 2万元)", "除数应大于零", None),
    ("open: 2026-06-01, close: 2026-08-31", "open: 2026-09-01, close: 2026-08-31", "早于开始日期", None),
    ("open: 2026-06-01", "open: 2016-06-01", "不在有效期之内", None),
    ("unit: persons", "unit: heads", "没有单位heads", -1),
    ("employees <= 500 and", "employees <= 500万元 and", "不能放在一起", None),
    ("sales_last <= 20000万元", "sales_last <= 20000", "金额应写明单位", None),
    ("fast_track == True or", "fast_trak == True or", "是否应为fast_track", None),
    ("score_staff > 0", "score_stuff > 0", "是否应为score_staff", None),
    ("kind: hard", "kind: soft", "应为以下之一", None),
    ("    max: 20", "    max: 15", "应在0至15之间", None),
    ('["25%", 16], ["20%", 12]', '["20%", 12], ["25%", 16]', "由高到低", None),
    ("  type: title", "  type: tax_rebate", "公平竞争", None),
    ('  amount: "0元"', "  amount: 5", "应为文字", None),
    ("item: tech_sme_evaluation", "item: tech_sme_valuation", "没有代码为tech_sme_valuation的事项", None),
    ("key: rd_ledger", "key: rd_legder", "没有材料rd_legder", None),
    ("expect: eligible", "expect: not_eligible", "按规则是eligible", None),
    ("staff: 20, rd: 30", "staff: 20, rd: 31", "score_rd应为31，按规则是30", None),
    ("in: {employees: 100,", 'in: {employees: "100",', "应为数", None),
    ("in: {employees: 100,", "in: {employees: 100.5,", "最多0位小数", None),
    ("in: {employees: 100,", "in: {employes: 100,", "没有声明过employes", None),
    ("in: {employees: 100,", "in: {employees: 0.1234567890123456789,", "位数过多", None),
    ("examples:", "exclusive_with: [nobody]\nexamples:", "没有代码为nobody的政策", None),
    (
        "examples:",
        "exclusive_with: [loss_carry_10y]\nstackable_with: [loss_carry_10y]\nexamples:",
        "既互斥又可叠加",
        None,
    ),
]


def problems(folder: Path, text: str) -> list[str]:
    file = folder / NAME
    file.write_text(text, encoding="utf-8")
    library, found = check_paths([file])
    assert (library is None) == bool(found)
    return [str(problem) for problem in found]


@pytest.mark.parametrize(("old", "new", "says", "line"), WRONG, ids=[str(n) for n in range(len(WRONG))])
def test_a_mistake_is_told_at_its_line(
    tmp_path: Path, old: str, new: str, says: str, line: int | None
) -> None:
    place = WHOLE.index(old)
    found = problems(tmp_path, WHOLE[:place] + new + WHOLE[place + len(old) :])
    right = [problem for problem in found if says in problem]
    assert right, found
    at = WHOLE[:place].count("\n") + 1
    expected = at if line is None else at + line if line < 0 else line
    if "既互斥" in says:
        expected += 1
    assert f"{NAME}:{expected}:" in right[0]


def test_the_column_is_that_inside_the_rule(tmp_path: Path) -> None:
    wrong = WHOLE.replace("sales_last <= 20000万元", "sales_lost <= 20000万元")
    line = next(n for n, text in enumerate(wrong.splitlines(), 1) if "sales_lost" in text)
    column = wrong.splitlines()[line - 1].index("sales_lost") + 1
    (problem,) = problems(tmp_path, wrong)
    assert f"{NAME}:{line}:{column}: " in problem


def test_the_place_is_found_in_folded_and_literal_texts_too(tmp_path: Path) -> None:
    rule = "employees <= 500 and sales_last <= 20000万元 and assets <= 20000万元"
    for style in (">-", "|"):
        folded = f"{style}\n      employees <= 500 and\n      sales_last <= 20000万元 and asets <= 20000万元"
        (problem,) = problems(tmp_path, WHOLE.replace(f"rule: {rule}", f"rule: {folded}"))
        line = next(n for n, text in enumerate(WHOLE.splitlines(), 1) if rule in text) + 2
        assert f"{NAME}:{line}:33: 没有声明过asets" in problem


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = WHOLE.replace("sales_last <= 20000万元", "sales_last <= 20000").replace(
        "score_staff > 0", "score_stuff > 0"
    )
    assert len(problems(tmp_path, text)) == 2


def test_windows_that_overlap_are_refused(tmp_path: Path) -> None:
    window = "  - {open: 2026-06-01, close: 2026-08-31, basis: {zh: 甲, en: A}}\n"
    text = WHOLE.replace("windows:\n", "windows:\n" + window)
    assert any("重叠" in problem for problem in problems(tmp_path, text))


def test_superseding_in_a_circle_is_refused(tmp_path: Path) -> None:
    for name, by in (("a_policy", "b_policy"), ("b_policy", "a_policy")):
        text = WHOLE.replace("id: tech_sme\n", f"id: {name}\n")
        text = text.replace("status: active", f"status: superseded\nsuperseded_by: {by}")
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    library, found = check_paths([tmp_path])
    assert library is None
    assert [str(p.message) for p in found if "成了环" in str(p.message)] != []


def test_a_fact_means_the_same_in_every_policy(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(WHOLE, encoding="utf-8")
    other = WHOLE.replace("id: tech_sme\n", "id: other\n").replace(
        "unit: persons", "unit: persons\n    range: [0, 900]", 1
    )
    (tmp_path / "b.yaml").write_text(other, encoding="utf-8")
    _, found = check_paths([tmp_path])
    assert any("employees的单位" in str(p.message) and p.file.endswith("b.yaml") for p in found)


def test_the_same_policy_twice_an_empty_folder_and_no_yaml_are_told(tmp_path: Path) -> None:
    _, found = check_paths([tmp_path])
    assert "没有yaml文件" in str(found[0].message)
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(WHOLE, encoding="utf-8")
    _, found = check_paths([tmp_path])
    assert any("已在" in str(p.message) for p in found)
    assert "YAML写法有误" in problems(tmp_path, "schema: 1\nid: [\n")[0]


def test_a_key_that_is_missing_is_told_once(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, WHOLE.replace("valid: {from: 2017-05-03, to: null}\n", ""))
    assert "没有文号、依据或有效期的政策不能发布" in problem


def test_what_supersedes_itself_is_told_once(tmp_path: Path) -> None:
    (problem,) = problems(
        tmp_path, WHOLE.replace("status: active", "status: superseded\nsuperseded_by: tech_sme")
    )
    assert "成了环" in problem


def test_in_a_folder_a_policy_stands_in_the_file_of_its_code(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(WHOLE, encoding="utf-8")
    _, (problem,) = check_paths([tmp_path])
    assert str(problem.message) == "代码是tech_sme，文件名other.yaml应为tech_sme.yaml。"


def test_what_has_expired_by_its_status_has_a_last_day_that_is_over(tmp_path: Path) -> None:
    text = WHOLE.replace("status: active", "status: expired").replace("to: null}", "to: 2026-12-31}", 1)
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    assert check_paths([tmp_path / NAME], on=dt.date(2027, 1, 1))[1] == []
    _, (problem,) = check_paths([tmp_path / NAME], on=dt.date(2026, 12, 31))
    assert "有效期尚未结束" in str(problem.message)


def test_an_empty_folder_hides_no_examples_of_another(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / NAME).write_text(
        WHOLE.replace("expect: eligible", "expect: not_eligible", 1), encoding="utf-8"
    )
    _, found = check_paths([tmp_path / "empty", tmp_path / NAME])
    assert [("没有yaml文件" in str(p.message), "按规则是" in str(p.message)) for p in found] == [
        (True, False),
        (False, True),
    ]


def test_a_file_of_a_folder_that_would_not_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(WHOLE, encoding="utf-8")
    for name in ("other.yml", "third.YAML", "README.md"):
        (tmp_path / name).write_text("id: [", encoding="utf-8")
    library, found = check_paths([tmp_path])
    assert library is None
    assert [(Path(p.file).name, "应以.yaml结尾" in str(p.message)) for p in found] == [
        ("other.yml", True),
        ("third.YAML", True),
    ]
