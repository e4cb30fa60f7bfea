from __future__ import annotations

import stat
from pathlib import Path

import pytest

from qitong.server.secrets import secret, whole

NAME = "QITONG_TEST_KEY"


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("QITONG_DATA", str(tmp_path))
    monkeypatch.delenv(NAME, raising=False)


def test_the_environment_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "given")
    assert secret(NAME, production=True) == "given"


def test_production_does_not_start_without() -> None:
    with pytest.raises(SystemExit, match=f"{NAME} is not configured"):
        secret(NAME, production=True)


def test_development_makes_one_and_keeps_it_to_itself(tmp_path: Path) -> None:
    made = secret(NAME, production=False)
    assert len(made) >= 48
    assert secret(NAME, production=False) == made
    file = tmp_path / "secrets" / NAME.lower()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["0", "-1", "half", "3.5"])
def test_a_number_that_makes_no_sense_ends_the_start(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("QITONG_LOCK_MINUTES", text)
    with pytest.raises(SystemExit, match=r"QITONG_LOCK_MINUTES: a whole number"):
        whole("QITONG_LOCK_MINUTES", 30)


def test_a_number_that_is_not_set_is_the_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QITONG_LOCK_MINUTES", raising=False)
    assert whole("QITONG_LOCK_MINUTES", 30) == 30
