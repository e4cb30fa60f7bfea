"""The world a test plays in: the packaged catalogue, the fixed cast, the rota."""

from __future__ import annotations

import datetime as dt

from qitong.accounts.actors import Actor
from qitong.casework.logic.clock import day_of
from qitong.catalogue.check import PACKAGED, check_path
from qitong.catalogue.publish import load
from qitong.demo.cast import assemble, rota
from qitong.demo.stage import Stage


def build(at: dt.datetime) -> Stage:
    """Everything there is before the first case, as of ``at``."""
    start = at - dt.timedelta(days=30)
    packaged, problems = check_path(PACKAGED)
    assert packaged is not None, problems
    load(packaged, by=Actor.system("test"), at=start)
    cast = assemble(at=start, password="Correct-horse-7")
    rota(cast, first=day_of(start), last=day_of(at) + dt.timedelta(days=150), at=start)
    return Stage(cast, at)
