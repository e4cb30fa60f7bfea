"""How a command ends that could not do its work: exit code 1, and what was wrong said once.

On standard error in lines; with ``--json`` as one JSON document on standard output, as its answer would be.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

import click

from qitong.kernel.errors import Refused
from qitong.kernel.yamlmarks import Problem


class Wrong(click.ClickException):
    """What is wrong with files, each thing at its place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems

    def show(self, file: object = None) -> None:
        click.echo(self.message, err=True)


class Command(click.Command):
    """A command that fails in JSON where its answer was asked for in JSON."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except Refused as refused:
            self._fail(ctx, click.ClickException(str(refused)))
        except click.UsageError:
            raise
        except click.ClickException as failure:
            self._fail(ctx, failure)

    def _fail(self, ctx: click.Context, failure: click.ClickException) -> NoReturn:
        if not ctx.params.get("as_json"):
            raise failure
        if isinstance(failure, Wrong):
            problems = [problem.to_data() for problem in failure.problems]
        else:
            problems = [{"message": failure.message}]
        click.echo(json.dumps({"ok": False, "problems": problems}, ensure_ascii=False))
        raise SystemExit(failure.exit_code)


@contextmanager
def writable() -> Iterator[None]:
    """A file that cannot be read or written ends the command in one line that names it."""
    try:
        yield
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise click.ClickException(f"{where}{error.strerror or error}") from None
