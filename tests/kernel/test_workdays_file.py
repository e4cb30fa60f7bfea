"""Reading a year's notice from a file."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from qitong.kernel.calendar_data import official_years
from qitong.kernel.errors import Refused
from qitong.kernel.workdays import parse_year_file

NOTICE = """\
year: 2027
notice: 国办发明电〔2026〕9号
holidays:
  - 2026-12-31
  - 2027-01-01 元旦
  - 2027-02-05..2027-02-07 春节
  - {from: 2027-05-01, to: 2027-05-02, name: 劳动节}
  - {date: 2027-06-09}
make_up_days: [2027-02-14]
"""


def test_dates_ranges_and_names_are_read() -> None:
    year = parse_year_file(NOTICE)
    assert (year.year, year.notice, year.provisional) == (2027, "国办发明电〔2026〕9号", False)
    assert {str(day): name for day, name in year.holidays.items()} == {
        "2026-12-31": "",
        "2027-01-01": "元旦",
        "2027-02-05": "春节",
        "2027-02-06": "春节",
        "2027-02-07": "春节",
        "2027-05-01": "劳动节",
        "2027-05-02": "劳动节",
        "2027-06-09": "",
    }
    assert year.make_up_days == {dt.date(2027, 2, 14)}


def test_what_to_json_writes_is_read_back() -> None:
    year = official_years()[2026]
    assert parse_year_file(json.dumps(year.to_json(), ensure_ascii=False, indent=1)) == year


@pytest.mark.parametrize(
    ("old", "new", "line", "word"),
    [
        ("2027-02-14", "2027-02-15", 9, "周末"),
        ("2027-02-14", "2027-02-06", 9, "既放假又上班"),
        ("2027-02-14", "2027-02-14, 2028-02-12", 9, "不属于"),
        ("2027-01-01 元旦", "2027-13-01 元旦", 5, "日期"),
        ("2027-01-01 元旦", "20270101", 5, "日期"),
        ("2027-01-01 元旦", "2026-12-31", 5, "重复"),
        ("2027-02-05..2027-02-07", "2027-02-07..2027-02-05", 6, "区间"),
        ("2027-02-05..2027-02-07", "2027-02-05..2027-11-07", 6, "区间"),
        ("to: 2027-05-02, ", "", 7, "from"),
        ("{date: 2027-06-09}", "{date: 2027-06-09, until: 1}", 8, "until"),
        ("{date: 2027-06-09}", "[2027-06-09]", 8, "单个值"),
        ("year: 2027", "year: 27", 1, "年份"),
        ("year: 2027", "year: 20270", 1, "年份"),
        ("year: 2027", "jahr: 2027", 1, "jahr"),
        ("notice: 国办发明电〔2026〕9号", "notice:", 2, "文号"),
        ("notice: 国办发明电〔2026〕9号", "year: 2028", 2, "两次"),
        ("make_up_days: [2027-02-14]", "make_up_days: 2027-02-14", 9, "列表"),
        ("make_up_days: [2027-02-14]", "", 1, "make_up_days"),
        ("make_up_days: [2027-02-14]", "make_up_days: [", 10, "YAML"),
        ("make_up_days: [2027-02-14]", "make_up_days: []\nprovisional: perhaps", 10, "provisional"),
    ],
)
def test_a_mistake_is_refused_with_its_line(old: str, new: str, line: int, word: str) -> None:
    assert old in NOTICE
    with pytest.raises(Refused) as refused:
        parse_year_file(NOTICE.replace(old, new))
    assert refused.value.code == "calendar_file"
    assert str(refused.value).startswith(f"第{line}行：")
    assert word in str(refused.value)


@pytest.mark.parametrize("text", ["", "[]", "2027", "\x00", "[" * 20_000, "a: b\n---\nc: d", "!!python/x {}"])
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_year_file(text)
    assert refused.value.code == "calendar_file"


def test_a_year_without_rest_days_is_refused() -> None:
    with pytest.raises(Refused, match="至少"):
        parse_year_file("year: 2027\nnotice: 通知\nholidays: []\nmake_up_days: []\n")


def test_a_year_without_a_notice_may_be_provisional() -> None:
    text = "year: 2027\nprovisional: true\nholidays: [2027-01-01]\nmake_up_days: []\n"
    assert parse_year_file(text).provisional
