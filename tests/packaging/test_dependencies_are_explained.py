from __future__ import annotations

import re
import tomllib
from importlib.metadata import metadata
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAID = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT = SAID["project"]
DIRECT = sorted(
    {
        re.split(r"[\[<>=;~ ]", line)[0]
        for line in chain(
            PROJECT["dependencies"],
            *PROJECT["optional-dependencies"].values(),
            SAID["build-system"]["requires"],
        )
    }
)


def test_there_are_fewer_than_thirty_direct_dependencies() -> None:
    assert len(DIRECT) < 30


def test_no_line_explains_what_is_no_longer_there() -> None:
    lines = re.findall(r"^\| ([\w-]+) ", (ROOT / "docs" / "dependencies.md").read_text(), re.MULTILINE)
    assert sorted(set(lines) - {"package"}) == DIRECT


@pytest.mark.parametrize("name", DIRECT)
def test_each_direct_dependency_has_its_line(name: str) -> None:
    assert re.search(
        rf"^\| {re.escape(name)} ", (ROOT / "docs" / "dependencies.md").read_text(), re.MULTILINE
    )


@pytest.mark.parametrize("name", DIRECT)
def test_no_direct_dependency_is_under_the_gpl(name: str) -> None:
    found = metadata(name)
    said = " ".join(
        chain.from_iterable(found.get_all(key) or [] for key in ("License-Expression", "Classifier"))
    )
    assert not re.search(r"\bA?GPL|\bGNU (Affero )?General Public", said)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_no_host_and_no_path(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "--hash=sha256:" in text
    assert not re.search(r"https?:|file:/|--index-url|--find-links|@ |(^|\s)/\w", text, re.MULTILINE)


def test_what_is_locked_for_running_is_the_same_when_checking() -> None:
    running, checking = (
        set(re.findall(r"^[\w.-]+==\S+", (ROOT / lock).read_text(), re.MULTILINE))
        for lock in ("requirements.lock", "requirements-dev.lock")
    )
    assert running <= checking
