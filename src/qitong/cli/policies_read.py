"""What the commands of ``qitong policies`` read first: policy files, or what is wrong with them."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

import click

from qitong.kernel.limits import SHANGHAI
from qitong.kernel.words import say
from qitong.kernel.yamlmarks import Problem
from qitong.policies.check import check_paths, packaged

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from qitong.policies.library import Library


def library_of(paths: Sequence[Path], *, as_json: bool, examples: bool) -> Library:
    """The policies at ``paths``; their problems are printed and end the command with code 1."""
    library, problems = check_paths(paths, examples=examples, on=today() if examples else None)
    if library is None:
        show(problems, as_json=as_json)
    return library


def to_judge(paths: Sequence[Path], *, as_json: bool = False) -> Library:
    """The policies at ``paths`` (none: the packaged), sized by the packaged table where they bring none.

    For facts from a file: what it says under one name it does not say under another.
    """
    library = library_of(paths, as_json=as_json, examples=False) if paths else packaged()
    return replace(library, sizes=library.sizes or packaged().sizes, as_given=True)


def text_of(file: Path, *, as_json: bool) -> str:
    """The text of a file in UTF-8; what else it is ends the command with code 1."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        show([Problem(str(file), line, 1, say("文件编码不是UTF-8"))], as_json=as_json)
    except OSError as error:
        sentence = say("无法读取文件：{reason}。", reason=error.strerror)
        show([Problem(str(file), 1, 1, sentence)], as_json=as_json)


def show(problems: Sequence[Problem], *, as_json: bool) -> NoReturn:
    if as_json:
        shown = [problem.to_data() for problem in problems]
        click.echo(json.dumps({"ok": False, "problems": shown}, ensure_ascii=False))
    else:
        for problem in problems:
            click.echo(str(problem), err=True)
    raise SystemExit(1)


def today() -> dt.date:
    """The day where the companies are."""
    return dt.datetime.now(SHANGHAI).date()
