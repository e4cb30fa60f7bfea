"""``qitong policies compendium``: a document, whole or not at all."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qitong.cli.policies import policies
from qitong.demo.stage import Stage
from qitong.policies.check import packaged
from qitong.policies.compendium.themes import Theme
from qitong.policies.library import PACKAGED
from tests.datashare.docx_reading import complaints, read
from tests.policies.desk import TEXT

ON = "2026-11-23"


def run(out: Path, *options: str) -> Result:
    return CliRunner().invoke(policies, ["compendium", "--out", str(out), "--on", ON, *options])


def test_a_theme_is_written_as_a_document(tmp_path: Path) -> None:
    out = tmp_path / "X.docx"
    result = run(out, "--theme", "recognition", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.output)
    assert (told["on"], told["policies"], told["appendix"]) == (ON, 7, 2)
    word = read(out.read_bytes())
    assert complaints(word) == []
    assert told["bytes"] == out.stat().st_size
    assert "高新技术企业认定" in word.text
    assert list(tmp_path.iterdir()) == [out]


def test_without_a_theme_it_is_all_of_them_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    first, second = tmp_path / "a.docx", tmp_path / "b.docx"
    assert run(first).exit_code == run(second).exit_code == 0
    assert first.read_bytes() == second.read_bytes()
    text = read(first.read_bytes()).text
    for entry in packaged().entries.values():
        assert entry.policy.name.zh in text


def test_it_speaks_english(tmp_path: Path) -> None:
    out = tmp_path / "X.docx"
    assert run(out, "--lang", "en", "--theme", "income_tax").exit_code == 0
    text = read(out.read_bytes()).text
    assert "Monday 23 November 2026" in text
    assert "How to apply" in text


@pytest.mark.parametrize("theme", ["no_such", "", " ", "税务局"])
def test_a_theme_that_there_is_not_is_refused_naming_those_there_are(tmp_path: Path, theme: str) -> None:
    out = tmp_path / "X.docx"
    result = run(out, f"--theme={theme}")
    assert result.exit_code != 0
    assert all(known.value in result.output + str(result.exception) for known in Theme)
    assert "[" not in str(result.exception)
    assert not out.exists()


@pytest.mark.parametrize(
    "options", [["--on", "2026-02-30"], ["--lang", "fr"], ["--published", "--policies", "."]]
)
def test_what_cannot_be_is_refused_and_nothing_is_written(tmp_path: Path, options: list[str]) -> None:
    out = tmp_path / "X.docx"
    assert run(out, *options).exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said_in_a_line(tmp_path: Path) -> None:
    result = run(tmp_path / "nowhere" / "X.docx")
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert len(result.output.splitlines()) == 1


def test_what_could_not_be_written_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "X.docx"
    out.write_bytes(b"before")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    result = run(out)
    assert result.exit_code == 1
    assert "No space left" in result.output
    assert out.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [out]


def test_files_of_ones_own_are_taken_and_bad_ones_refused_with_their_place(tmp_path: Path) -> None:
    file, out = tmp_path / "green_share.yaml", tmp_path / "X.docx"
    file.write_text(TEXT, encoding="utf-8")
    assert run(out, "--policies", str(file)).exit_code == 0
    assert "沪崇经〔2026〕9号" in read(out.read_bytes()).text
    out.unlink()
    file.write_text(TEXT.replace("green_spent / ", "green_spend / "), encoding="utf-8")
    result = run(out, "--policies", str(file))
    assert result.exit_code == 1
    assert f"{file}:" in result.output
    assert not out.exists()


def test_published_is_what_the_database_says_of_that_day(stage: Stage, tmp_path: Path) -> None:
    out = tmp_path / "X.docx"
    assert run(out, "--published").exit_code == 0
    text = read(out.read_bytes()).text
    assert "本平台已发布的政策版本" in text
    assert "本平台第1版" in text
    early = CliRunner().invoke(
        policies, ["compendium", "--out", str(out), "--on", "2026-01-01", "--published"]
    )
    assert early.exit_code == 0
    assert "这一天没有已发布并施行的政策" in read(out.read_bytes()).text


def test_it_is_a_zip_whose_times_say_nothing(tmp_path: Path) -> None:
    out = tmp_path / "X.docx"
    run(out, "--theme", "recognition", f"--policies={PACKAGED}")
    with zipfile.ZipFile(out) as file:
        assert {item.date_time for item in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
