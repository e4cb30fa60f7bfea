"""The twin of every provider: a line in the log, for development and tests."""

from __future__ import annotations

import logging

from qitong.notifications.channels.outgoing import Outgoing

logger = logging.getLogger("qitong.messages")
logger.setLevel(logging.INFO)  # seen in development without turning every other log up


class Console:
    def send(self, message: Outgoing) -> None:
        logger.info("%s ← %s [%s]", message.to, message.text, message.key)
