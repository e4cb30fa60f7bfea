"""What the database refuses whatever the program says."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from qitong.accounts.actors import Actor
from qitong.accounts.models import Enterprise
from qitong.datashare.models import Consent, Document, Scan
from tests.datashare.conftest import AT, Keep

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "facts",
    [
        {"scan": Scan.CLEAN},
        {"scan": Scan.INFECTED, "scanned_at": AT},
        {"scan": Scan.PENDING, "scanned_at": AT},
        {"scan": Scan.NOT_CONFIGURED, "finding": "Eicar"},
        {"scan": Scan.NOT_NEEDED},
        {"scan": "unheard of"},
        {"name": ""},
        {"sha256": "0" * 64},
        {"size": 1},
        {"key": "another"},
        {"origin": "generated"},
    ],
)
def test_a_row_that_contradicts_itself_or_its_past_is_refused(keep: Keep, facts: dict[str, Any]) -> None:
    document = keep()
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**facts)


@pytest.mark.parametrize(
    "facts",
    [
        {"origin": "uploaded"},
        {"origin": "fetched"},
        {"source": "tax"},
        {"sha256": "ABC"},
        {"size": 0},
        {"origin": "found"},
    ],
)
def test_a_row_without_its_facts_is_refused(enterprise: Enterprise, facts: dict[str, Any]) -> None:
    whole = {"origin": "generated", "sha256": "a" * 64, "size": 3, "scan": "not_needed"}
    with pytest.raises(IntegrityError):
        Document.objects.create(
            **(whole | facts), enterprise=enterprise, name="a.pdf", content_type="x/y", uploaded_at=AT
        )


@pytest.mark.parametrize(
    "facts", [{"purpose": ""}, {"department_codes": []}, {"revoked_at": AT}, {"revoked_by_id": 1}]
)
def test_a_consent_without_its_facts_is_refused(
    enterprise: Enterprise, clerk: Actor, facts: dict[str, Any]
) -> None:
    assert clerk.user_id is not None
    whole = {"purpose": "用途", "department_codes": ["tax"]}
    with pytest.raises(IntegrityError):
        Consent.objects.create(
            **(whole | facts), enterprise=enterprise, given_by_id=clerk.user_id, given_at=AT
        )


def test_a_name_can_be_erased(keep: Keep) -> None:
    document = keep()
    assert Document.objects.filter(pk=document.pk).update(name="已删除.pdf") == 1
