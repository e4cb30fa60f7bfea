"""``docs/permissions.md`` says what the permission functions say today, and the cast agrees with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from qitong.casework import queries
from qitong.cli import main
from qitong.insight.permissiondoc import NO, SEATS, YES
from tests.permissions.world import World

PAGE = Path(__file__).parents[2] / "docs" / "permissions.md"
# Of the cast, who sits where on the page.
SITTING = {
    "company": "企业管理员",
    "another company": "其他企业",
    "visitor": "访客",
    "closed account": "账号已停用",
    "owner": "首问负责人",
    "same window": "同一窗口的值班人员",
    "reviewer at work": "领取任务的审核人员",
    "head at work": "承办部门负责人",
    "reviewer elsewhere": "其他部门审核人员",
    "head elsewhere": "其他部门负责人",
    "leader": "分管领导",
    "leader elsewhere": "其他地区领导",
    "auditor": "审计管理员",
    "system administrator": "系统管理员",
    "security administrator": "安全管理员",
    "policy editor": "政策编辑",
    "stands in for the owner": "代首问负责人",
    "stands in for the leader": "代分管领导",
}


def test_the_page_is_what_the_functions_say() -> None:
    result = CliRunner().invoke(main, ["permissions"])
    assert result.exit_code == 0
    assert result.output == PAGE.read_text(), "run make permissions"


@pytest.mark.parametrize("who", SITTING)
@pytest.mark.parametrize(("row", "kept"), [("draft", "draft"), ("handed in", "review")])
def test_who_sees_a_case_is_as_the_page_says(world: World, db: None, who: str, row: str, kept: str) -> None:
    line = re.search(rf"^\| {row} \|.*$", PAGE.read_text(), re.MULTILINE)
    assert line is not None
    cells = [cell.strip() for cell in line[0].strip("|").split("|")][2:]
    place = next(n for n, seat in enumerate(SEATS) if seat.zh == SITTING[who])
    case = world.draft if kept == "draft" else world.review
    sees = queries.visible(world.actor(who)).filter(pk=case.pk).exists()
    assert cells[place] == (YES if sees else NO)
