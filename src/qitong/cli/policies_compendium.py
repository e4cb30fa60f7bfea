"""``qitong policies compendium``: the policies of a day as a document to hand out."""

from __future__ import annotations

import datetime as dt
import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qitong.cli import use_django
from qitong.cli.counting import counted
from qitong.cli.failing import Command
from qitong.cli.policies_read import library_of, today

if TYPE_CHECKING:
    from qitong.policies.compendium.parts import Compendium
    from qitong.policies.compendium.themes import Theme

LANGUAGES = {"zh": ("zh-hans", "zh-CN"), "en": ("en", "en-GB")}
"""Django's name of the language, and that of the document."""


@click.command(cls=Command)
@click.option("--theme", metavar="T", help="One theme, by its code or its name; default: all.")
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The .docx to write."
)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day it speaks of; default: today.")
@click.option("--lang", type=click.Choice(list(LANGUAGES)), default="zh", show_default=True)
@click.option(
    "--policies", "paths", multiple=True, type=click.Path(exists=True, path_type=Path), metavar="PATH"
)
@click.option("--published", is_flag=True, help="The versions published here, instead of files.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def compendium(
    theme: str | None,
    out: Path,
    on: dt.datetime | None,
    lang: str,
    paths: tuple[Path, ...],
    *,
    published: bool,
    as_json: bool,
) -> None:
    """The compendium of a day by theme, as a Word document (.docx).

    \b
    qitong policies compendium --theme recognition --out 汇编.docx
    qitong policies compendium --on 2026-11-23 --lang en --out compendium.docx
    qitong policies compendium --published --out 汇编.docx

    Of the packaged policies, of those at PATH, or with --published of the versions in the database, which is
    what the pages under /policies show. The same day, theme and policies give the same bytes. The file is
    written whole or not at all.
    """
    from qitong.policies.compendium.themes import theme_of

    if published and paths:
        raise click.UsageError("--published and --policies exclude each other.")
    wanted = None if theme is None else theme_of(theme)
    use_django()
    from django.utils import translation

    from qitong.datashare.docx.package import write
    from qitong.policies.compendium.as_docx import document

    made = _compendium(on.date() if on else today(), wanted, paths, published=published, as_json=as_json)
    active, language = LANGUAGES[lang]
    with translation.override(active):
        content = write(document(made, language=language, site=_site()))
    _keep(out, content)
    told = {"out": str(out), "on": made.on.isoformat(), "policies": len(made.articles)}
    told |= {"appendix": len(made.appendix), "bytes": len(content)}
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        policies, others = len(made.articles), len(made.appendix)
        click.echo(
            f"{out}: {counted(policies, 'policy', 'policies')} in force on {made.on},"
            f" {counted(others, 'other')}."
        )


def _compendium(
    on: dt.date, theme: Theme | None, paths: tuple[Path, ...], *, published: bool, as_json: bool
) -> Compendium:
    from qitong.policies.compendium import reading

    if published:
        return reading.published(on, theme=theme)
    from qitong.policies.check import packaged

    library = library_of(paths, as_json=as_json, examples=False) if paths else packaged()
    return reading.of_files(library, on, theme=theme)


def _site() -> str:
    """Where this installation is to be found, so that the document's addresses lead there; else empty."""
    from django.conf import settings

    return next(iter(settings.CSRF_TRUSTED_ORIGINS), "")


def _keep(out: Path, content: bytes) -> None:
    """Written beside its place, then renamed into it: nobody ever finds half of it."""
    try:
        with tempfile.NamedTemporaryFile(dir=out.parent, prefix=f".{out.name}.", delete=False) as half:
            try:
                half.write(content)
                half.flush()
                os.fsync(half.fileno())
                Path(half.name).chmod(0o644)
                Path(half.name).replace(out)
            except BaseException:
                Path(half.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror or error}") from None
