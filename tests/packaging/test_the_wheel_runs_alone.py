"""The built wheel, installed where no checkout is in sight, serves pages with all it needs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

from tests.server.processes import data_folder, environment, free_port, health, running_in, started, until

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(out)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    [built] = out.glob("qitong-*.whl")
    return built


def test_it_carries_everything_but_the_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for ending in (
        "en/LC_MESSAGES/django.mo",
        ".yaml",
        ".html",
        ".css",
        "migrations/0001_initial.py",
        "py.typed",
    ):
        assert any(name.endswith(ending) for name in names), f"no {ending} in the wheel"
    assert not [name for name in names if not name.startswith(("qitong/", "qitong-"))]


def test_it_runs_alone(wheel: Path) -> None:
    with data_folder() as folder:
        python = _installed(wheel, folder / "venv")
        port, data = free_port(), folder / "data"
        env = {**environment(data), "PYTHONPATH": "", "PYTHONSAFEPATH": "1"}
        command = [str(python), "-m", "qitong", "up", "--no-demo", "--port", str(port)]
        (folder / "empty").mkdir()
        with started(command, env, cwd=folder / "empty") as process:
            until(lambda: health(port).get("status") == "ok", "the installed wheel to be well")
            home = _page(port, "/")
            assert "企通" in home
            assert ".qitong" in _page(port, "/static/qitong.css") or "{" in _page(port, "/static/qitong.css")
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        assert not running_in(data)


def _installed(wheel: Path, place: Path) -> Path:
    """A virtual environment with the wheel, and the other packages of this one without its checkout."""
    venv.create(place, with_pip=False, symlinks=True)
    python = place / "bin" / "python"
    own = Path(sysconfig.get_path("purelib", vars={"base": str(place), "platbase": str(place)}))
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(python),
            "install",
            "-q",
            "--no-deps",
            "--no-index",
            str(wheel),
        ],
        check=True,
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
    # A path line adds the folder of packages, but not what *its* path files add: the checkout stays out.
    (own / "others.pth").write_text(sysconfig.get_path("purelib") + "\n")
    found = subprocess.run(
        [python, "-c", "import qitong; print(qitong.__file__)"], check=True, capture_output=True, text=True
    )
    assert str(place) in found.stdout
    return python


def _page(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return str(answer.read().decode())
