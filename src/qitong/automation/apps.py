from __future__ import annotations

from django.apps import AppConfig


class AutomationConfig(AppConfig):
    name = "qitong.automation"
    label = "automation"

    def ready(self) -> None:
        from qitong.automation.jobs import defer_reactions
        from qitong.ledger import hooks

        hooks.on_batch(defer_reactions)
