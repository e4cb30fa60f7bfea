"""The program ``qitong``: one file per group of commands, gathered here and imported when used."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec

import click

from qitong import __version__
from qitong.cli import language
from qitong.cli.unready import why
from qitong.kernel.errors import Refused

# name: (module in this folder, what it is for). Written out, so that --help imports none of them.
COMMANDS = {
    "up": ("up", "Start everything here: database, migrations, web and worker."),
    "serve": ("serve", "Serve the web pages and the API."),
    "worker": ("worker", "Run jobs and timers; as many as you like, on any machine."),
    "migrate": ("migrate", "Bring the database to this version; safe to run twice at once."),
    "check": ("check", "Say whether configuration, database and catalogue are well."),
    "backup": ("backup", "Copy everything into a folder."),
    "restore": ("restore", "Bring a backup back, and verify it."),
    "demo": ("demo", "Play the demo stories once."),
    "organisation": ("organisation", "Jurisdictions and departments: load."),
    "user": ("accounts", "People who may sign in."),
    "token": ("accounts", "Tokens for programs that use the API."),
    "catalogue": ("catalogue", "Service items: check, load, show."),
    "policies": ("policies", "Policies: check, load, match a company."),
    "workdays": ("workdays", "Count working days."),
    "ledger": ("ledger", "Show and verify what happened."),
    "sweep": ("sweep", "Do now what is due: reminders, escalations, expiries."),
    "search": ("search", "What search reads: rebuild it."),
    "figures": ("figures", "What the dashboard shows: recount it."),
    "flow": ("flow", "The states and moves of a case, as a drawing."),
    "privacy": ("privacy", "Personal data: erase, and again after a restore."),
    "permissions": ("permissions", "Who may do what, as tables."),
    "psql": ("psql", "PostgreSQL's own client, on the database in use."),
    "manage": ("manage", "Django's own commands."),
}
HIDDEN = {"manage"}


def use_django() -> None:
    """Make models and settings usable; every command that needs them calls this first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qitong.server.settings")
    import django

    django.setup()
    language.take_over()


class Program(click.Group):
    """Commands are imported when they are run, so that each starts quickly."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, (module, _) in COMMANDS.items() if find_spec(f"qitong.cli.{module}")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command = getattr(import_module(f"qitong.cli.{COMMANDS[cmd_name][0]}"), cmd_name)
        assert isinstance(command, click.Command)  # noqa: S101  a programming error, not an input
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, COMMANDS[name][1]) for name in self.list_commands(ctx) if name not in HIDDEN]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """A stray byte that is no text can be neither looked up nor kept."""
        for word in args:
            try:
                word.encode()
            except UnicodeEncodeError:
                raise click.UsageError("What is written behind a command has to be UTF-8.", ctx) from None
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except Refused as refused:
            with language.speaking(language.chosen(os.environ)):
                raise click.ClickException(str(refused)) from None
        except Exception as error:
            if unready := why(error):
                raise unready from None
            raise


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Qitong 企通 — from a company's need to a delivered result.

    \b
    qitong up                          a living system on http://127.0.0.1:8000
    qitong check                       is everything well?
    qitong workdays add 2026-09-30 7   a deadline, by the official calendar
    qitong psql -c 'select 1'          the database, by its own client

    Without DATABASE_URL an embedded PostgreSQL is used; its data is in ./var (QITONG_DATA).
    """
