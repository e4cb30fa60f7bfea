"""A list of erasures that is none is said line by line; nobody on the other lines is forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from qitong.cli.privacy import privacy

WRONG = {
    "no subject": b'{"a": 1}',
    "a number": b"5",
    "not UTF-8": b'{"subject": "\xff"}',
    "too deep": b"[" * 100_000,
    "no JSON": b"user:7",
    "a number as subject": b'{"subject": 7}',
    "a name": '{"subject": "user:顾"}'.encode(),
    "other digits": '{"subject": "user:\uff12"}'.encode(),
    "too long": b'{"subject": "user:' + b"9" * 5000 + b'"}',
}


@pytest.mark.django_db
@pytest.mark.parametrize("line", WRONG.values(), ids=list(WRONG))
def test_a_line_that_names_nobody_is_said_and_the_others_are_done(tmp_path: Path, line: bytes) -> None:
    listed = tmp_path / "erased.jsonl"
    listed.write_bytes(line + b'\n\n{"subject": "user:987654"}\n')
    done = CliRunner().invoke(privacy, ["apply", str(listed)])
    assert isinstance(done.exception, SystemExit)
    assert done.exit_code == 1
    assert done.output == (
        f"{listed}:1: NOT ERASED: not a line that qitong privacy list printed\nuser:987654: not there\n"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("subject", ["user:\uff12", "user:" + "9" * 5000, "user:-1", "user:"])
def test_only_plain_digits_name_somebody(subject: str) -> None:
    done = CliRunner().invoke(privacy, ["erase", subject, "--reason", "x"])
    assert (done.exit_code, done.output) == (1, f"Error: There is no {subject}.\n")
