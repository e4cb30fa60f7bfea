"""gunicorn in this process, so that whoever starts it also ends it."""

from __future__ import annotations

from typing import Any

from gunicorn.app.base import BaseApplication


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn brings no types
    """The web pages on one address; ``options`` are gunicorn's own settings."""

    def __init__(self, **options: Any) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from qitong.server.wsgi import application

        return application
