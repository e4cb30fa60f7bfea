"""The window attaches what a department supplied under the company's consent."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qitong.casework import sharing
from qitong.casework.models import Case
from qitong.datashare import consents
from qitong.demo.stage import Stage
from tests.web_workbench.conftest import CLERK, GREEN, Desk, done, refused

IDS = "id_docs"


@pytest.fixture
def awaited(stage: Stage) -> Case:
    """Handed in; the identity documents are to come from the police."""
    case = stage.apply(GREEN, "business_licence", CLERK, leave=frozenset({IDS}))
    sharing.authorise(case_id=case.pk, keys=[IDS], by=stage.who(CLERK), at=stage.tick())
    return stage.submit(case, CLERK)


def supplied(stage: Stage) -> SimpleUploadedFile:
    return SimpleUploadedFile("身份证明.pdf", stage.paper("身份证明").read())


def test_the_owner_attaches_what_the_department_supplied(stage: Stage, owner: Desk, awaited: Case) -> None:
    page = owner.page(awaited)
    assert "附上部门共享的文件" in page
    assert "由部门共享，正在获取" in page
    done(owner.do(awaited, "fetch", key=IDS, file=supplied(stage)), awaited)
    assert awaited.materials.get(key=IDS).state == "provided"
    page = owner.page(awaited)
    assert "附上部门共享的文件" not in page
    assert "获取公安分局共享的" in page


def test_a_missing_file_is_asked_for_at_its_row(owner: Desk, awaited: Case) -> None:
    answer = owner.do(awaited, "fetch", key=IDS)
    refused(answer, "请填写“部门提供的文件”")
    assert f'href="#fetch-{IDS}-file"' in answer.content.decode()


def test_once_revoked_nothing_is_attached(stage: Stage, owner: Desk, awaited: Case) -> None:
    consent = awaited.materials.get(key=IDS).consent_id
    assert consent is not None
    consents.revoke(consent, by=stage.who(CLERK), at=stage.tick())
    assert "附上部门共享的文件" not in owner.page(awaited)
    answer = owner.do(awaited, "fetch", key=IDS, file=supplied(stage))
    refused(answer, "企业没有授权该部门共享资料")
    assert awaited.materials.get(key=IDS).document is None


def test_who_only_looks_on_is_offered_nothing(stage: Stage, awaited: Case) -> None:
    assert "附上部门共享的文件" not in Desk(stage, "zhou.jun").page(awaited)
