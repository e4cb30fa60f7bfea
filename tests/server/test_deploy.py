"""The examples name what there is: commands with their options, settings, metrics, lines of the runbook."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from django.utils import timezone

from qitong.cli import main
from qitong.server.watch import figures, metrics

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
RULES: list[dict[str, Any]] = yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"][0]["rules"]


def commands() -> Iterator[tuple[str, list[str]]]:
    for unit in sorted(DEPLOY.glob("*.service")):
        for found in re.findall(r"/opt/qitong/bin/qitong ([^;'\n]+)", unit.read_text()):
            yield unit.name, shlex.split(found)
    for name, service in COMPOSE["services"].items():
        if "command" in service and service.get("image") == "qitong":
            yield f"compose {name}", service["command"]
    [entry] = re.findall(r"^CMD (\[.*\])$", (DEPLOY / "Dockerfile").read_text(), re.M)
    yield "Dockerfile", yaml.safe_load(entry)


@pytest.mark.parametrize(("where", "command"), list(commands()))
def test_every_command_is_one_with_its_options(where: str, command: list[str]) -> None:
    found = main.get_command(click.Context(main), command[0])
    assert found is not None, where
    known = {option for parameter in found.params for option in parameter.opts}
    assert {word for word in command[1:] if word.startswith("--")} <= known, where


def test_every_setting_in_the_examples_is_in_the_runbook() -> None:
    text = "".join(path.read_text() for path in DEPLOY.iterdir() if path.suffix != ".md")
    named = set(re.findall(r"\b(?:QITONG_[A-Z0-9_]+|DATABASE_URL)\b", text))
    assert len(named) > 6
    assert {name for name in named if f"`{name}" not in RUNBOOK} == set()


def test_every_setting_the_program_reads_is_in_the_runbook() -> None:
    source = "".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    read = set(
        re.findall(
            r'(?:environ(?:\.get\(|\[)|secret\(|given\(|whole\(|one_of\()"(QITONG_[A-Z0-9_]+)"', source
        )
    )
    assert len(read) > 8
    assert {name for name in read if f"`{name}" not in RUNBOOK} == set()


def test_every_metric_an_alert_looks_at_exists(db: None) -> None:
    known = {family.name for family in (*metrics._requests(), *figures.families(timezone.now()))}
    known |= {"qitong_database_up", "qitong_request_seconds_bucket"}
    for rule in RULES:
        named = set(re.findall(r"qitong_[a-z_]+", rule["expr"]))
        assert named, rule
        assert named <= known, rule["alert"]


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_every_alert_has_its_line_in_the_runbook(rule: dict[str, Any]) -> None:
    red = RUNBOOK[RUNBOOK.index("## When it is red") :]
    assert re.search(rf"^\| \*\*{re.escape(rule['annotations']['runbook'])}\*\*", red, re.M)


def test_compose_starts_two_web_and_three_workers_after_the_migration() -> None:
    services = COMPOSE["services"]
    assert (services["web"]["deploy"]["replicas"], services["worker"]["deploy"]["replicas"]) == (2, 3)
    for name in ("web", "worker"):
        assert services[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
