"""Departments share only under a consent that names them and still holds."""

from __future__ import annotations

import io

import pytest

from qitong.accounts.actors import Actor
from qitong.accounts.models import Department, Enterprise
from qitong.datashare import consents, documents, reuse
from qitong.datashare.models import Consent, Document
from qitong.kernel.errors import Refused
from qitong.ledger.models import Entry
from tests.datashare.conftest import AT, PDF

pytestmark = pytest.mark.django_db
OFFICER = Actor(ref="system:test", user_id=None, name="办事员")


@pytest.fixture(autouse=True)
def tax_office(enterprise: Enterprise) -> Department:
    return Department.objects.create(
        code="tax", name_zh="税务局", name_en="Tax Office", jurisdiction=enterprise.jurisdiction
    )


@pytest.fixture
def consent(enterprise: Enterprise, clerk: Actor) -> Consent:
    return _give(enterprise, clerk)


def _give(enterprise: Enterprise, clerk: Actor) -> Consent:
    return consents.give(
        enterprise_id=enterprise.pk, purpose="办理食品经营许可", department_codes=["tax"], by=clerk, at=AT
    )


def _fetch(enterprise_id: int, consent: Consent, department: str = "tax") -> Document:
    return documents.store_fetched(
        io.BytesIO(PDF),
        name="完税证明.pdf",
        key="tax_record",
        enterprise_id=enterprise_id,
        department_code=department,
        consent_id=consent.pk,
        by=OFFICER,
        at=AT,
    )


def test_a_consent_given_twice_is_one(enterprise: Enterprise, clerk: Actor, consent: Consent) -> None:
    assert _give(enterprise, clerk) == consent
    assert Entry.objects.filter(kind="consent.given").count() == 1


def test_a_consent_covers_the_departments_it_names(enterprise: Enterprise, consent: Consent) -> None:
    assert consents.has(enterprise.pk, "tax")
    assert not consents.has(enterprise.pk, "fire")


def test_only_a_member_consents(neighbour: Enterprise, clerk: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        _give(neighbour, clerk)
    assert refusal.value.code == "forbidden"


@pytest.mark.parametrize(("purpose", "codes"), [(" ", ["tax"]), ("用途", []), ("用途", ["nowhere"])])
def test_a_consent_says_what_for_and_names_known_departments(
    enterprise: Enterprise, clerk: Actor, purpose: str, codes: list[str]
) -> None:
    with pytest.raises(Refused):
        consents.give(enterprise_id=enterprise.pk, purpose=purpose, department_codes=codes, by=clerk, at=AT)


def test_what_a_department_supplied_names_it_and_its_consent(
    enterprise: Enterprise, consent: Consent
) -> None:
    document = _fetch(enterprise.pk, consent)
    assert (document.source, document.consent) == ("tax", consent)
    assert Entry.objects.get(kind="document.stored").body["source"] == "tax"


def test_without_a_consent_for_this_department_nothing_is_fetched(
    enterprise: Enterprise, neighbour: Enterprise, consent: Consent, clerk: Actor
) -> None:
    for enterprise_id, department in ((enterprise.pk, "fire"), (neighbour.pk, "tax")):
        with pytest.raises(Refused, match="没有授权"):
            _fetch(enterprise_id, consent, department)
    consents.revoke(consent.pk, by=clerk, at=AT)
    with pytest.raises(Refused, match="没有授权"):
        _fetch(enterprise.pk, consent)


def test_revoking_ends_the_offers_and_a_new_consent_begins_anew(
    enterprise: Enterprise, consent: Consent, clerk: Actor
) -> None:
    first = _fetch(enterprise.pk, consent)
    assert reuse.find(enterprise.pk, "tax_record") == first
    consents.revoke(consent.pk, by=clerk, at=AT)
    first = Document.objects.get(pk=first.pk)
    assert reuse.find(enterprise.pk, "tax_record") is None
    assert "授权已撤销" in str(documents.why_unusable(first))
    second = _fetch(enterprise.pk, _give(enterprise, clerk))
    assert second != first
    assert reuse.find(enterprise.pk, "tax_record") == second


def test_revoking_twice_is_revoking_once(consent: Consent, clerk: Actor) -> None:
    consents.revoke(consent.pk, by=clerk, at=AT)
    consents.revoke(consent.pk, by=clerk, at=AT)
    assert Entry.objects.filter(kind="consent.revoked").count() == 1
