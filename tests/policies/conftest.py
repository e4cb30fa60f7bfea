from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from qitong.accounts.models import Enterprise
from qitong.casework.logic.clock import ZONE
from qitong.demo.stage import Stage
from qitong.policies.models import CompanyFact
from qitong.policies.queries import Mine, of_company
from tests.policies.packaging import Served
from tests.policies.played import GREEN, LIN, published
from tests.world import build

AT = dt.datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)


@pytest.fixture
def stage(db: None, files: Path) -> Stage:
    """The cast on 23 November 2026, with the packaged policies."""
    return build(AT, published)


class Company:
    """Lin Xiaoyu of the green company, who answers and looks."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.enterprise: Enterprise = stage.cast.company(GREEN)

    def answers(self, **given: object) -> CompanyFact:
        from qitong.policies.facts import answer

        fact = None
        for name, value in given.items():
            fact = answer(
                enterprise_id=self.enterprise.pk,
                name=name,
                value=value,  # type: ignore[arg-type]  # what a caller may send
                by=self.stage.who(LIN),
                at=self.stage.tick(1),
            )
        assert fact is not None
        return fact

    def sees(self, on: dt.date | None = None) -> Mine:
        return of_company(self.enterprise, by=self.stage.who(LIN), on=on or self.stage.day())


@pytest.fixture
def green(stage: Stage) -> Company:
    return Company(stage)


@pytest.fixture
def served(stage: Stage) -> Served:
    return Served(stage)
