"""A process that sends the waiting messages through a provider which is a folder, and may be killed.

``python -m tests.faults.sender FOLDER MOMENT before|after|never``: killed (-9) before the provider
took the first message, or after it did and before we kept that, or not at all.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

from qitong.cli import use_django


def main(folder: str, moment: str, killed: str) -> None:
    use_django()
    from qitong.notifications.channels import Outgoing
    from qitong.notifications.models import Channel
    from qitong.notifications.sending import send

    class Provider:
        """Keeps one file a key: what it has under a key it does not take again."""

        def send(self, message: Outgoing) -> None:
            if killed == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            with (Path(folder) / "calls").open("a") as calls:
                calls.write(f"{message.key}\n")
            with suppress(FileExistsError), (Path(folder) / f"{message.key}.sent").open("x") as file:
                file.write(message.text)
            if killed == "after":
                os.kill(os.getpid(), signal.SIGKILL)

    send(at=dt.datetime.fromisoformat(moment), adapters={Channel.CONSOLE: Provider()})


if __name__ == "__main__":
    main(*sys.argv[1:])
