"""gunicorn in this process, so that whoever starts it also ends it."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication

from qitong.server.watch.counts import counts, share


def _take_a_slot(slots: int) -> Callable[[Any, Any], None]:
    """In the parent, before each fork: a place to count that no living process has."""

    def pre_fork(parent: Any, child: Any) -> None:
        taken = {process.qitong_slot for process in parent.WORKERS.values()}
        child.qitong_slot = next((slot for slot in range(slots) if slot not in taken), slots - 1)

    return pre_fork


def _count_there(parent: Any, child: Any) -> None:
    counts().slot = child.qitong_slot


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn brings no types
    """The web pages on one address; ``options`` are gunicorn's own settings."""

    def __init__(self, **options: Any) -> None:
        slots = share(2 * int(options["workers"]) + 2)  # while one set of processes takes over from another
        self._options = {**options, "pre_fork": _take_a_slot(slots.slots), "post_fork": _count_there}
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Before the processes are forked: what all of them need is in memory once.

        Addresses lead to every page, so they are looked up here. What is there now is never collected:
        a collector that looked through it in each process would have each copy it all. No connection may
        be open, for two processes would speak on it at once.
        """
        from django.db import connections

        from qitong.server.wsgi import application

        _read_ahead()
        connections.close_all()
        gc.collect()
        gc.freeze()
        return application


def _read_ahead() -> None:
    """Every page, and what draws papers, which each process would otherwise import by itself."""
    from django.urls import get_resolver

    import qitong.datashare.papers  # noqa: F401  for the processes to come

    get_resolver().reverse_dict  # noqa: B018  imports every page
