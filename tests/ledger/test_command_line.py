from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.conf import settings

from qitong.cli.ledger import ledger as command
from qitong.demo.stories import GREEN, GREEN_CLERK
from qitong.ledger.models import Checkpoint
from qitong.ledger.record import record
from tests.ledger.conftest import AT, Superuser
from tests.world import build


def run(*args: str) -> Result:
    return CliRunner().invoke(command, args)


def test_a_whole_ledger_ends_with_status_0(ledger: None) -> None:
    done = run("verify")
    assert done.exit_code == 0, done.output
    assert done.output == "Whole: 2 streams, 6 entries, 0 personal texts, 0 checkpoints.\n"


def test_a_broken_ledger_ends_with_status_1_and_names_the_place(ledger: None, superuser: Superuser) -> None:
    superuser("UPDATE ledger_entry SET kind = 'x' WHERE stream = 'case:2' AND number = 2")
    done = run("verify")
    assert done.exit_code == 1
    assert done.output.startswith("BROKEN at case:2 entry 2: edited.")
    facts = json.loads(run("verify", "--json").output)
    assert facts["whole"] is False
    assert facts["break"] == {
        "stream": "case:2",
        "number": 2,
        "kind": "edited",
        "text": "这一条在写入后被改动。",
    }
    assert run("verify", "--stream", "case:1").exit_code == 0


def test_a_checkpoint_is_taken_and_its_root_can_be_asked_for(ledger: None) -> None:
    facts = json.loads(run("checkpoint", "--by", "user:9", "--json").output)
    assert (facts["number"], facts["streams"], facts["entries"]) == (1, 2, 6)
    assert Checkpoint.objects.get().by == "user:9"
    assert run("verify", "--root", facts["root"]).exit_code == 0
    lost = run("verify", "--root", "0" * 64)
    assert lost.exit_code == 1
    assert lost.output.startswith("BROKEN at checkpoint 2: checkpoint.")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--stream", "nope"), "no such stream: nope"),
        (("--stream", ""), "Name a stream"),
        (("--root", "1234"), "64 characters"),
        (("--root", ""), "64 characters"),
        (("--stream", "case:1", "--root", "0" * 64), "exclude each other"),
    ],
)
def test_what_is_mistyped_is_no_alarm(ledger: None, asked: tuple[str, ...], said: str) -> None:
    done = run("verify", *asked)
    assert done.exit_code == 2
    assert said in done.output
    assert "BROKEN" not in done.output


@pytest.mark.parametrize("left", ["ledger_head", "ledger_checkpoint_head"])
def test_a_stream_that_once_was_is_an_alarm(ledger: None, superuser: Superuser, left: str) -> None:
    run("checkpoint")
    for table in {"ledger_entry", "ledger_head", "ledger_checkpoint_head"} - {left}:
        superuser(f"DELETE FROM {table} WHERE stream = 'case:2'")  # noqa: S608  no outside text in it
    done = run("verify", "--stream", "case:2")
    assert done.exit_code == 1
    assert done.output.startswith("BROKEN at case:2 entry 1")


def test_a_case_without_its_stream_is_an_alarm(db: None, files: Path, superuser: Superuser) -> None:
    stream = f"case:{build(AT).request(GREEN, GREEN_CLERK, '道路积水', '雨后').pk}"
    for table in ("ledger_entry", "ledger_head"):
        superuser(f"DELETE FROM {table} WHERE stream = %s", stream)  # noqa: S608  no outside text in it
    done = run("verify", "--stream", stream)
    assert (done.exit_code, done.output.split(":")[0]) == (1, "BROKEN at case")


def test_a_missing_key_ends_with_status_2(ledger: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LEDGER_KEY", "")
    done = run("verify")
    assert done.exit_code == 2
    assert "LEDGER_KEY is not configured" in done.output


def test_a_stream_is_shown_without_personal_texts_unless_asked_for(db: None) -> None:
    record("user:1", "user.registered", by="user:1", at=AT, body={"way": "portal"}, personal={"phone": "138"})
    shown = json.loads(run("show", "user:1", "--json").output)
    assert (shown["number"], shown["facts"], shown["texts"]) == (1, {"way": "portal"}, {"phone": "(kept)"})
    assert "138" not in run("show", "user:1").output
    assert '"phone": "138"' in run("show", "user:1", "--personal").output


def test_an_unknown_stream_is_not_shown(db: None) -> None:
    done = run("show", "case:9")
    assert done.exit_code == 1
    assert "no stream case:9" in done.output
