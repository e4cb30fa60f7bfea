"""Who may open a document, and what a browser is told about it."""

from __future__ import annotations

import pytest

from qitong.accounts.actors import Actor
from qitong.accounts.models import Enterprise
from qitong.datashare import documents, downloads, permissions, queries
from qitong.datashare.models import Origin
from qitong.kernel.errors import Refused
from tests.datashare.conftest import AT, PDF, Keep

pytestmark = pytest.mark.django_db
STRANGER = Actor(ref="user:99", user_id=99, name="陌生人")


def test_a_member_opens_what_the_enterprise_stored(keep: Keep, clerk: Actor) -> None:
    with documents.open(keep(), actor=clerk) as stream:
        assert stream.read() == PDF


def test_a_stranger_is_refused(keep: Keep) -> None:
    with pytest.raises(Refused) as refusal:
        documents.open(keep(), actor=STRANGER)
    assert refusal.value.code == "forbidden"


def test_who_was_allowed_by_a_case_may_open(keep: Keep) -> None:
    with documents.open(keep(), actor=STRANGER, allowed_by="case:42") as stream:
        assert stream.read() == PDF


def test_lists_and_single_reads_have_the_same_scope(keep: Keep, clerk: Actor, neighbour: Enterprise) -> None:
    own, other = keep(), keep(enterprise_id=neighbour.pk)
    assert list(queries.visible_to(clerk)) == [own]
    assert queries.by_public_id(clerk, own.public_id) == own
    assert queries.by_public_id(clerk, other.public_id) is None
    assert queries.kept_for(clerk, neighbour.pk) == []


def test_a_certificate_is_not_the_enterprises_to_withdraw(keep: Keep, clerk: Actor) -> None:
    certificate = keep(origin=Origin.CERTIFICATE)
    assert permissions.why_not(clerk, "withdraw", certificate)
    with pytest.raises(Refused):
        documents.withdraw(certificate.pk, by=clerk, at=AT)


def test_a_pdf_is_shown_under_its_chinese_name(keep: Keep) -> None:
    headers = downloads.headers(keep(name="营业执照.pdf"))
    assert headers["Content-Disposition"] == (
        "inline; filename=\"____.pdf\"; filename*=UTF-8''%E8%90%A5%E4%B8%9A%E6%89%A7%E7%85%A7.pdf"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_what_could_carry_a_script_is_saved_and_sandboxed(keep: Keep) -> None:
    headers = downloads.headers(keep(b"<script>alert(1)</script>", name='a"; x=.txt'))
    assert headers["Content-Disposition"].startswith('attachment; filename="a__ x_.txt"')
    assert "sandbox" in headers["Content-Security-Policy"]
