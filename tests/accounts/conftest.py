from __future__ import annotations

import pytest

from qitong.accounts.models import Department, Jurisdiction
from qitong.accounts.organisation import load_organisation
from tests.accounts.cast import AT, SYSTEM


@pytest.fixture
def park(db: None) -> Jurisdiction:
    load_organisation(by=SYSTEM, at=AT)
    return Jurisdiction.objects.get(level="park")


@pytest.fixture
def window(park: Jurisdiction) -> Department:
    return Department.objects.get(code="zs")


@pytest.fixture
def market(park: Jurisdiction) -> Department:
    return Department.objects.get(code="scjg")
