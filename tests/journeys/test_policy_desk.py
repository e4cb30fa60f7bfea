"""A policy editor's pages in a real browser at three widths."""

from __future__ import annotations

import pytest
from pytest_django.live_server_helper import LiveServer

from qitong.web.common.dates import now
from tests.journeys.conftest import NewPage
from tests.journeys.policy_scenes import EDITOR, policies
from tests.journeys.tour import Tours
from tests.world import build

pytestmark = pytest.mark.journey


def test_the_pages_of_a_draft_are_accessible(
    transactional_db: None, new_page: NewPage, live_server: LiveServer
) -> None:
    build(now())
    tours = Tours(new_page, live_server)
    policies(tours.of(EDITOR))
    assert tours.wrong == [], "\n\n".join(tours.wrong)
