"""Asked once: the newest usable document of a material is offered again."""

from __future__ import annotations

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from qitong.accounts.actors import Actor
from qitong.accounts.models import Enterprise
from qitong.datashare import documents, reuse
from tests.datashare.conftest import AT, Keep, pdf_with

pytestmark = pytest.mark.django_db


def test_the_newest_of_each_key_is_offered_in_one_query(
    keep: Keep, enterprise: Enterprise, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    newest = keep(pdf_with(b"2"), at=AT + dt.timedelta(days=1))
    keep()
    lease = keep(key="lease")
    with django_assert_num_queries(1):
        offered = reuse.offers(enterprise.pk, ["licence", "lease", "permit", ""])
    assert offered == {"licence": newest, "lease": lease}


def test_what_is_withdrawn_or_in_quarantine_is_not_offered(
    keep: Keep, enterprise: Enterprise, clerk: Actor, settings: Settings
) -> None:
    older = keep()
    withdrawn = keep(pdf_with(b"2"), at=AT + dt.timedelta(days=1))
    documents.withdraw(withdrawn.pk, by=clerk, at=AT)
    settings.CLAMD_ADDRESS = "127.0.0.1:3310"
    keep(pdf_with(b"3"), at=AT + dt.timedelta(days=2))
    assert reuse.find(enterprise.pk, "licence") == older


def test_nothing_of_another_enterprise_is_offered(keep: Keep, neighbour: Enterprise) -> None:
    keep()
    assert reuse.find(neighbour.pk, "licence") is None


def test_what_has_no_key_is_not_offered(keep: Keep, enterprise: Enterprise) -> None:
    keep(key="")
    assert reuse.find(enterprise.pk, "") is None
