"""Whatever is written behind a command: it does it, or says in a line why not (1) or how it is used (2)."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from qitong.cli import main
from tests.fuzz.budget import Tried, drawn
from tests.fuzz.nasty import texts
from tests.fuzz.unlost import seen, undone
from tests.permissions.world import World

WORDS = "?"
"""Where something is written."""
COMMANDS = (
    "workdays add ? ? --official",
    "workdays between ? ? --official",
    "workdays explain ? ? --official",
    "user create --login ? --name ? --role ? --generate",
    "user create --login ? --name x --role reviewer --department ? --password-stdin",
    "user create --login ? --name x --role leader --jurisdiction ? --generate --json",
    "user password ? --password-stdin",
    "user unlock ?",
    "user reset-second-factor ? --reason ?",
    "token create --user ? --role ? --days ?",
    "token create --user ? --role enterprise --enterprise ? --name ?",
    "token revoke ?",
    "ledger show ?",
    "ledger verify --stream ?",
    "policies compendium --theme ? --on ? --out /dev/null/x",
    "policies compendium --theme ? --lang ? --out /dev/null/x --json",
)
KNOWN = (
    "wang.fang@qitong.example",
    "reviewer",
    "jw",
    "310151-P1",
    "13800000001",
    "case:1",
    "91310151MA1JK0001T",
)
# A byte that is no UTF-8 arrives as a lone surrogate; NUL cannot be passed at all.
arguments = (texts | st.sampled_from(KNOWN) | st.just("\udcff")).map(lambda text: text.replace("\0", ""))

written = texts.map(lambda text: text.encode("utf-8", "replace")) | st.binary(max_size=20)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_does_it_or_says_why_not(world: World, db: None, tried: Tried, command: str) -> None:
    parts = command.split()

    @drawn(tried.test)
    @given(given=st.lists(arguments, min_size=parts.count(WORDS), max_size=parts.count(WORDS)), stdin=written)
    def answers(given: list[str], stdin: bytes) -> None:
        tried.one()
        values = iter(given)
        words = [next(values) if part == WORDS else part for part in parts]
        before = seen()
        with undone():
            done = CliRunner().invoke(main, words, input=stdin)
            after = seen()
        assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
        assert done.exit_code in (0, 1, 2)
        assert done.exit_code == 0 or after == before, "a refusal left something behind"
        assert done.exit_code == 0 or done.stderr or done.stdout

    answers()
