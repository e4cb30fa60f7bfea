"""What is wrong is said in the language of the terminal, by commands with Django and without."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from django.utils import translation

from qitong.cli.language import chosen
from qitong.cli.policies import policies

pytestmark = pytest.mark.usefixtures("pages")


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "zh"),
        ({"LANG": ""}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "POSIX"}, "zh"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh-Hans"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE@euro"}, "en"),
        ({"LC_ALL": "en_US", "LANG": "zh_CN"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_TW", "LANG": "en_US"}, "zh"),
        ({"QITONG_LANG": "zh", "LC_ALL": "en_US"}, "zh"),
        ({"QITONG_LANG": " EN ", "LC_ALL": "C"}, "en"),
    ],
)
def test_it_is_the_terminals_unless_another_is_asked_for(environ: dict[str, str], language: str) -> None:
    assert chosen(environ) == language


def test_a_language_that_is_not_ours_is_refused() -> None:
    with pytest.raises(click.UsageError, match="QITONG_LANG is zh or en, not fr"):
        chosen({"QITONG_LANG": "fr"})


def run(*command: object, lang: str) -> str:
    environ = {name: value for name, value in os.environ.items() if name != "QITONG_LANG"}
    done = subprocess.run(
        [sys.executable, "-m", "qitong", *map(str, command)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**environ, "LC_ALL": lang},
    )
    assert done.returncode == 1, done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    file = tmp_path / "mine.yaml"
    file.write_text("schema: 1\nid: mine\n", encoding="utf-8")
    return file


def test_mistakes_in_a_file_are_said_in_english_there(wrong: Path) -> None:
    assert f"{wrong}:1:1: conditions is missing." in run("policies", "check", wrong, lang="en_GB.UTF-8")
    assert f"{wrong}:1:1: 缺少conditions。" in run("policies", "check", wrong, lang="zh_CN.UTF-8")


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What a command says at an English terminal."""
    monkeypatch.delenv("QITONG_LANG")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")

    def said(*command: object) -> str:
        done = CliRunner().invoke(policies, list(map(str, command)))
        assert done.exit_code == 1, done.output
        return done.output

    return said


def test_json_keeps_its_shape(
    wrong: Path, english: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = json.loads(english("check", wrong, "--json"))
    monkeypatch.setenv("LC_ALL", "C")
    second = json.loads(english("check", wrong, "--json"))
    assert set(first) == set(second) == {"ok", "problems"}
    for one, other in zip(first["problems"], second["problems"], strict=True):
        assert one | {"message": ""} == other | {"message": ""}
        assert one["message"] != other["message"]


def test_each_command_that_reads_says_it_so(wrong: Path, tmp_path: Path, english: Callable[..., str]) -> None:
    facts, out = tmp_path / "F.json", tmp_path / "O"
    facts.write_text('{"employeez": 100}', encoding="utf-8")
    match = ("match", "--facts", facts, "--on", "2026-11-23")
    assert "employeez is not known; should it be employees?" in english(*match)
    batch = ("batch", "--companies", facts, "--on", "2026-11-23", "--out", out)
    assert "Not a Parquet file" in english(*batch)
    assert "conditions is missing." in english("diff", wrong, wrong, "--companies", facts)
    load = ("load", wrong, "--author", "a", "--publisher", "b")
    assert "conditions is missing." in english(*load)


def test_a_refusal_of_the_program_is_said_so_too(tmp_path: Path) -> None:
    said = run("policies", "compendium", "--theme", "nothing", "--out", tmp_path / "O", lang="en_GB.UTF-8")
    assert "recognition (Titles and certification)" in said


def test_django_goes_on_in_the_language_begun_with() -> None:
    program = (
        "from qitong.cli import use_django\n"
        "from qitong.cli.language import speaking\n"
        "from qitong.kernel.words import say\n"
        "with speaking('en'):\n"
        "    print(say('缺少{key}。', key='x'))\n"
        "    use_django()\n"
        "    print(say('缺少{key}。', key='x'))\n"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "x is missing.\n" * 2


def test_nothing_is_left_of_it_afterwards(wrong: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QITONG_LANG", "en")
    assert "conditions is missing." in CliRunner().invoke(policies, ["check", str(wrong)]).output
    assert translation.get_language() == "zh-hans"
    monkeypatch.setenv("QITONG_LANG", "zh")
    assert "缺少conditions。" in CliRunner().invoke(policies, ["check", str(wrong)]).output
