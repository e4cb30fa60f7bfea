"""Another company's things do not exist: 404 everywhere, for reading and for every deed."""

from __future__ import annotations

import pytest
from django.test import Client

from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.web_portal.conftest import GREEN, LIN, signed_in

PAGES = ("", "/receipt", "/withdraw", "/reopen", "/materials/articles")
DRAFT_PAGES = ("", "/q/contact_name", "/materials", "/materials/articles", "/check")


@pytest.fixture
def case(stage: Stage) -> Case:
    return stage.submit(stage.apply(GREEN, "business_licence", LIN), LIN)


@pytest.mark.parametrize("page", PAGES)
def test_another_companys_case_is_not_found(he: Client, case: Case, page: str) -> None:
    assert he.get(f"/my/cases/{case.number}{page}").status_code == 404


@pytest.mark.parametrize("deed", ["withdraw", "confirm", "reopen", "materials/articles"])
def test_another_company_can_do_nothing_to_it(he: Client, case: Case, deed: str) -> None:
    answer = he.post(f"/my/cases/{case.number}/{deed}", {"reason": "x"})
    assert answer.status_code == 404
    case.refresh_from_db()
    assert case.state == "submitted"


@pytest.mark.parametrize("page", DRAFT_PAGES)
def test_another_companys_draft_is_not_found(he: Client, stage: Stage, page: str) -> None:
    draft = stage.apply(GREEN, "business_licence", LIN)
    assert he.get(f"/my/drafts/{draft.pk}{page}").status_code == 404


def test_another_company_cannot_write_into_a_draft(he: Client, stage: Stage) -> None:
    draft = stage.apply(GREEN, "business_licence", LIN)
    typed = {"field": "contact_name", "value": "x"}
    assert he.post(f"/my/drafts/{draft.pk}/save", typed).status_code == 404
    assert he.post(f"/my/drafts/{draft.pk}/check").status_code == 404
    assert he.post(f"/my/drafts/{draft.pk}/discard").status_code == 404
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_draft_for_somebody_elses_company_is_refused(he: Client, stage: Stage) -> None:
    theirs = stage.cast.company(GREEN).pk
    answer = he.post("/my/start", {"item": "business_licence", "client_key": "k", "enterprise": theirs})
    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_another_companys_document_is_not_found(he: Client, lin: Client, case: Case) -> None:
    document = case.materials.get(key="articles").document
    assert document is not None
    mine = lin.get(f"/documents/{document.public_id}")
    assert mine.status_code == 200
    assert mine["Content-Disposition"].startswith("inline")
    assert b"".join(mine.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]  # a file
    assert he.get(f"/documents/{document.public_id}").status_code == 404


def test_another_companys_cases_are_in_no_list(he: Client, case: Case) -> None:
    for page in ("/my", "/my/cases", "/my/cases?show=finished"):
        assert str(case.number) not in he.get(page).content.decode()


def test_another_companys_project_is_not_found(he: Client, lin: Client, stage: Stage) -> None:
    typed = {
        "name": "二期厂房",
        "goal": "M_START_PRODUCE",
        "enterprise": stage.cast.company(GREEN).pk,
        "client_key": "p",
    }
    where = lin.post("/my/projects/new", typed)["Location"].removesuffix("/facts")
    assert lin.get(where).status_code == 200
    for page in ("", "/facts"):
        assert he.get(f"{where}{page}").status_code == 404
    assert he.post(f"{where}/items/business_licence").status_code == 404
    assert he.post(f"{where}/reached/M_BUILT").status_code == 404


@pytest.mark.parametrize("page", ["/my", "/my/cases", "/my/start", "/my/tell", "/my/projects"])
def test_a_visitor_is_asked_to_sign_in_and_comes_back(stage: Stage, page: str) -> None:
    assert Client().get(page)["Location"] == f"/login?next={page}"


def test_an_officer_learns_that_these_pages_are_for_companies(stage: Stage, case: Case) -> None:
    officer = signed_in(stage, "wang.fang")
    assert officer.get(f"/my/cases/{case.number}").status_code == 403
