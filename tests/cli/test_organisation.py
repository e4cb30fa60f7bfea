from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from qitong.accounts.models import Department
from qitong.cli.organisation import organisation


@pytest.mark.django_db
def test_the_reference_park_is_loaded_once() -> None:
    first = CliRunner().invoke(organisation, ["load", "--json"])
    second = CliRunner().invoke(organisation, ["load", "--json"])
    assert "zs" in json.loads(first.output)["changed"]
    assert json.loads(second.output)["changed"] == []
    assert Department.objects.filter(is_window=True).count() == 1


PLACE = "{code: c, level: city, zh: 市, en: City}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "place", "said"),
    [
        (b"a: \xff", "1:1", "UTF-8"),
        (b"a: 2026-99-99", "1:4", "没有2026-99-99这一天"),
        (b"a: " + b"9" * 5000, "1:4", "位数过多"),
        (b"jurisdictions: []", "1:1", "departments"),
        (f"jurisdictions: [{PLACE}, {PLACE}]\ndepartments: []".encode(), "1:65", "写了两次"),
        (b'jurisdictions: []\ndepartments: [{code: a, at: c, zh: "\\e", en: b}]', "2:36", "控制字符"),
        (f"jurisdictions: [{PLACE}]\ndepartments: [{{code: {'a' * 21}}}]".encode(), "2:22", "最多20个字"),
        (b"jurisdictions: [{code: c, level: park, zh: a, en: b}]\ndepartments: []", "1:17", "parent"),
    ],
    ids=["bytes", "day", "number", "lacking", "twice", "control", "long", "parent"],
)
def test_what_is_wrong_in_a_file_is_said_with_its_place(
    tmp_path: Path, content: bytes, place: str, said: str
) -> None:
    file = tmp_path / "park.yaml"
    file.write_bytes(content)
    done = CliRunner().invoke(organisation, ["load", str(file)])
    assert isinstance(done.exception, SystemExit)
    assert done.exit_code == 1
    told = [line for line in done.output.splitlines() if line.startswith(f"{file}:{place}: ")]
    assert any(said in line for line in told), done.output
    assert "http" not in done.output
    machine = CliRunner().invoke(organisation, ["load", str(file), "--json"])
    assert json.loads(machine.output)["problems"]
    assert not Department.objects.exists()
