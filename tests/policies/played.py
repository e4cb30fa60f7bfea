"""The packaged policies, in force since the catalogue is."""

from __future__ import annotations

import datetime as dt

from qitong.accounts.actors import Actor
from qitong.demo.stage import Stage
from qitong.policies import publish
from qitong.policies.check import packaged

LIN, HE = "13800000001", "13800000002"
GREEN, TIDE = "91310151MA1JK0001T", "91310151MA1JK0002X"


def published(stage: Stage) -> None:
    """For :func:`tests.world.build`."""
    publish.load(packaged(), by=Actor.system("test"), at=stage.at - dt.timedelta(days=30))
