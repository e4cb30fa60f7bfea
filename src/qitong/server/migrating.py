"""Bring the database to this version of the program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

LOCK = 7_310_021  # any number, the same in every process that migrates


def apply() -> None:
    """Apply every migration, one process at a time (an advisory lock, dropped with its session)."""
    from qitong.server import clients

    with clients.connect(autocommit=True) as turnstile:
        turnstile.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        apply_alone()


def apply_alone() -> None:
    """The same where nobody else does it."""
    from django.core.management import call_command

    with _each_model_alone():
        call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def _each_model_alone() -> Iterator[None]:
    """An index or a constraint that comes or goes is noted at its model, as it then stands.

    Django makes the classes of all models anew that are related to it, near and far, a thousand times
    over: half of the time a new database takes. Neither changes a field or a relation.
    """
    from django.db.migrations.state import ProjectState

    state: Any = ProjectState  # the names have an underscore, and no types
    before = state._append_option, state._remove_option
    state._append_option, state._remove_option = _append, _remove
    try:
        yield
    finally:
        state._append_option, state._remove_option = before


def _append(state: Any, app_label: str, model_name: str, option: str, made: Any) -> None:
    _note(state, app_label, model_name, option, [*_noted(state, app_label, model_name, option), made])


def _remove(state: Any, app_label: str, model_name: str, option: str, name: str) -> None:
    left = [it for it in _noted(state, app_label, model_name, option) if it.name != name]
    _note(state, app_label, model_name, option, left)


def _noted(state: Any, app_label: str, model_name: str, option: str) -> list[Any]:
    found: list[Any] = state.models[app_label, model_name].options[option]
    return found


def _note(state: Any, app_label: str, model_name: str, option: str, all_of_them: list[Any]) -> None:
    state.models[app_label, model_name].options[option] = all_of_them
    if "apps" in vars(state):  # the classes are made when they are first asked for
        setattr(state.apps.get_model(app_label, model_name)._meta, option, list(all_of_them))
