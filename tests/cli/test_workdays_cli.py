"""The commands people and scripts count working days with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from click.testing import CliRunner, Result

from qitong.cli.workdays import workdays


def run(*args: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(workdays, [*args, "--official"], input=stdin)


def answer(*args: str) -> Any:
    result = run(*args, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_add_prints_the_day() -> None:
    assert run("add", "2026-09-30", "7").stdout == "2026-10-15\n"


def test_add_counts_back_for_negative_numbers() -> None:
    assert run("add", "2026-10-08", "-1").stdout == "2026-09-30\n"


def test_add_says_when_a_provisional_year_was_counted() -> None:
    assert answer("add", "2026-12-11", "15") == {
        "date": "2026-12-11",
        "n": 15,
        "due": "2027-01-04",
        "provisional": True,
    }
    result = run("add", "2026-12-11", "15")
    assert result.stdout == "2027-01-04\n"
    assert "provisional" in result.stderr
    assert run("add", "2026-12-10", "15").stderr == ""


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("2026-02-30", "1"), "date"),
        (("20260930", "1"), "date"),
        (("2026-09-30", "x"), "number"),
        (("2026-09-30", "9" * 5000), "out_of_calendar"),
        (("9999-12-31", "1"), "out_of_calendar"),
    ],
)
def test_add_refuses_nonsense_with_a_sentence_and_exit_code_1(args: tuple[str, str], code: str) -> None:
    plain, machine = run("add", *args), run("add", *args, "--json")
    assert (plain.exit_code, machine.exit_code) == (1, 1)
    assert plain.stdout == ""
    assert plain.stderr.startswith("Error: ")
    assert json.loads(machine.stdout)["code"] == code


def test_add_without_a_number_is_a_usage_error() -> None:
    assert run("add", "2026-09-30").exit_code == 2


def test_add_answers_each_line_of_its_input_in_order() -> None:
    lines = [
        b"2026-09-30 7",
        b"",
        b"   ",
        b"nonsense",
        b"2026-02-30 1",
        b"9999-12-31 1",
        b"2026-01-01 " + b"9" * 5000,
        b"2026-01-01 1 2",
        b"2026-01-01 \xff\xfe",
        b"2026-01-01 " + b" " * 200_000 + b"1",
        b"2026-12-11\t15\r",
        b"2026-01-02 1",
    ]
    result = run("add", "-", "--json", stdin=b"\n".join(lines))
    assert result.exit_code == 1
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert answers[0] == {"date": "2026-09-30", "n": 7, "due": "2026-10-15", "provisional": False}
    assert [list(a) for a in answers[1:10]] == [["error"]] * 9
    assert [a["due"] for a in answers[10:]] == ["2027-01-04", "2026-01-04"]


def test_add_answers_lines_in_plain_text_too() -> None:
    stdout = run("add", "-", stdin="2026-09-30 7\nx\n").stdout.splitlines()
    assert stdout[0] == "2026-10-15"
    assert stdout[1].startswith("error: ")


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_the_status_tells_whether_every_line_was_answered(flags: tuple[str, ...]) -> None:
    good = "2026-09-30 7\n"
    assert run("add", "-", *flags, stdin=good * 2).exit_code == 0
    failed = run("add", "-", *flags, stdin=f"{good}x\n{good}")
    assert (failed.exit_code, len(failed.stdout.splitlines())) == (1, 3)


def test_add_answers_a_line_before_the_next_one_comes() -> None:
    program = "from qitong.cli.workdays import workdays; workdays()"
    command = [sys.executable, "-c", program, "add", "-", "--official"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for line, expected in ((b"2026-09-30 7\n", b"2026-10-15\n"), (b"2026-01-02 1\n", b"2026-01-04\n")):
            process.stdin.write(line)
            process.stdin.flush()
            assert process.stdout.readline() == expected


def test_counting_on_the_built_in_calendar_starts_neither_django_nor_a_database() -> None:
    program = (
        "import sys; from qitong.cli.workdays import workdays;"
        "workdays(['add', '2026-09-30', '7', '--official'], standalone_mode=False);"
        "assert not {'django', 'psycopg', 'yaml'} & sys.modules.keys()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "2026-10-15\n"


def test_without_any_database_the_built_in_calendar_answers(tmp_path: os.PathLike[str]) -> None:
    program = (
        "import sys; from qitong.cli.workdays import workdays;"
        "workdays(['add', '2026-09-30', '7'], standalone_mode=False);"
        "assert 'django' not in sys.modules"
    )
    env = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {"QITONG_DATA": os.fspath(tmp_path)}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=env)
    assert done.stdout == "2026-10-15\n"
    assert os.listdir(tmp_path) == []


def test_between_counts_up_to_and_including_the_second_day() -> None:
    assert run("between", "2025-12-31", "2026-12-31").stdout == "248\n"
    assert answer("between", "2026-09-30", "2026-10-15") == {
        "from": "2026-09-30",
        "to": "2026-10-15",
        "workdays": 7,
        "provisional": False,
    }


def test_explain_gives_a_line_for_each_day() -> None:
    lines = run("explain", "2026-10-07", "2").stdout.splitlines()
    assert lines == [
        "2026-10-07  收到当日，不计入",
        "2026-10-08  工作日，计第1天",
        "2026-10-09  工作日，计第2天",
    ]
    told = answer("explain", "2026-09-18", "2")
    assert (told["due"], told["provisional"]) == ("2026-09-21", False)
    assert [(day["on"], day["kind"], day["counted"]) for day in told["days"]] == [
        ("2026-09-18", "receipt", None),
        ("2026-09-19", "weekend", None),
        ("2026-09-20", "make_up", 1),
        ("2026-09-21", "workday", 2),
    ]


def test_explain_refuses_to_count_back() -> None:
    assert run("explain", "2026-10-07", "-2").exit_code == 1


def test_load_refuses_a_bad_file_with_its_line(tmp_path: Any) -> None:
    notice = tmp_path / "2027.yaml"
    notice.write_text("year: 2027\nnotice: 通知\nholidays: [2027-13-01]\nmake_up_days: []\n")
    result = CliRunner().invoke(workdays, ["load", str(notice)])
    assert result.exit_code == 1
    assert "第3行" in result.stderr
    machine = CliRunner().invoke(workdays, ["load", str(notice), "--json"])
    assert json.loads(machine.stdout)["code"] == "calendar_file"
