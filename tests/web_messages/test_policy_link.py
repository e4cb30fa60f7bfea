"""Who is told of a policy gets to it from the message, and only who belongs to the company."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from qitong.policies import recheck
from qitong.policies.change_models import Change
from tests.automation.queue import react_to_all
from tests.policies.desk import AT, CODE, SYSTEM, company, editors, loaded, published, turned


@pytest.mark.django_db
def test_a_message_leads_to_the_policy_that_was_gained(monkeypatch: pytest.MonkeyPatch) -> None:
    near = company(2, 40)
    loaded()
    author, publisher = editors()
    later = AT + dt.timedelta(hours=1)
    published(turned("4", author), by=publisher, at=later)
    recheck.run(by=SYSTEM, at=later)
    react_to_all(later)
    monkeypatch.setattr(timezone, "now", lambda: later)
    reader = Client()
    reader.force_login(near.administrator)
    page = reader.get("/messages").content.decode()
    change = Change.objects.get(enterprise=near.enterprise)
    assert f'href="/my/policies/{near.enterprise.pk}/{CODE}?told={change.pk}"' in page
