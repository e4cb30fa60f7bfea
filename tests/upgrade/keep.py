"""Keep what the present schema looks like with data in it, for the releases to come.

Run once a release, on the released program, and commit the folder in place of the one before:

    rm -r tests/upgrade/previous; .venv/bin/python -m tests.upgrade.keep tests/upgrade/previous
"""

from __future__ import annotations

import atexit
import datetime as dt
import os
import shutil
import sys
import tempfile
from pathlib import Path

KEY = "the key of the kept backup, known to all"
COMPANY, CLERK = "91310151MA1JK0001T", "13800000001"


def keep(folder: Path) -> None:
    """Three cases in an embedded database of their own, backed up: waiting, with a department, closed."""
    from qitong.accounts.actors import Actor
    from qitong.casework import tasks
    from qitong.casework.logic.clock import ZONE
    from qitong.ledger.checkpoint import checkpoint
    from qitong.server.backups.make import back_up
    from qitong.server.migrating import apply
    from tests.world import play

    at = dt.datetime(2026, 3, 3, 9, 30, tzinfo=ZONE)
    apply()
    stage = play(at)
    stage.submit(stage.apply(COMPANY, "customs_filing", CLERK), CLERK)
    asked = stage.request(COMPANY, CLERK, "咨询办理渠道", "请答复办理渠道。")
    stage.submit(asked, CLERK)
    stage.accept(asked)
    tasks.complete_request(case_id=asked.pk, by=stage.owner(asked), at=stage.tick())
    stage.reply(asked, "请在综合窗口办理。")
    stage.deliver(asked)
    stage.confirm(asked, CLERK)
    shared = stage.request(COMPANY, CLERK, "核对报关数据", "请海关核对报关数据。")
    stage.submit(shared, CLERK)
    stage.accept(shared)
    stage.dispatch(shared, "hg", "核对报关数据", days=5)
    checkpoint(by="system:test", at=stage.at)
    back_up(folder, by=Actor.system("test"), at=stage.at)


if __name__ == "__main__":
    data = tempfile.mkdtemp(dir=os.environ.get("QITONG_DATA"))
    Path(data).chmod(0o755)
    atexit.register(shutil.rmtree, data)  # after the server has stopped, which is registered later
    os.environ |= {"QITONG_DATA": data, "QITONG_LEDGER_KEY": KEY}
    from qitong.cli import use_django

    use_django()
    keep(Path(sys.argv[1]))
