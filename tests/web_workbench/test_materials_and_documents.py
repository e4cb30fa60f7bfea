from __future__ import annotations

from qitong.casework.models import Case
from qitong.datashare.models import Scan
from qitong.demo.stage import Stage
from tests.web_workbench.conftest import CLERK, Desk, done, refused


def test_the_owner_verifies_a_material(owner: Desk, submitted: Case) -> None:
    material = submitted.materials.all()[0]
    done(owner.do(submitted, "verify", key=material.key, correct="1"), submitted)
    material.refresh_from_db()
    assert material.state == "verified"


def test_a_material_is_sent_back_with_what_is_wrong(owner: Desk, submitted: Case) -> None:
    material = submitted.materials.all()[0]
    answer = owner.do(submitted, "verify", key=material.key, correct="0", remark=" ")
    refused(answer, "请填写“哪里不符合要求”")
    assert f'href="#verify-{material.key}-remark"' in answer.content.decode()
    done(owner.do(submitted, "verify", key=material.key, correct="0", remark="缺公章"), submitted)
    assert "缺公章" in owner.page(submitted)


def test_a_reviewer_does_not_verify(stage: Stage, accepted: Case) -> None:
    reviewer, material = Desk(stage, "fgw.reviewer"), accepted.materials.all()[0]
    assert "核对无误" not in reviewer.page(accepted)
    refused(reviewer.do(accepted, "verify", key=material.key, correct="1"), "由首问负责人或协办人办理")


def test_an_officer_opens_the_documents_of_their_cases_only(
    stage: Stage, owner: Desk, submitted: Case
) -> None:
    document = submitted.materials.exclude(document=None)[0].document
    assert document is not None
    address = f"/desk/documents/{document.public_id}"
    assert address in owner.page(submitted)
    answer = owner.get(address)
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("private")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer).startswith(b"%PDF")
    assert Desk(stage, "hg.reviewer").get(address).status_code == 404
    assert Desk(stage, CLERK).get(address).status_code == 403


def test_a_document_in_quarantine_says_why_it_stays_shut(owner: Desk, submitted: Case) -> None:
    document = submitted.materials.exclude(document=None).exclude(source="generated")[0].document
    assert document is not None
    document.scan = Scan.PENDING
    document.save()
    answer = owner.get(f"/desk/documents/{document.public_id}")
    assert answer.status_code == 409
    assert "正在查毒" in answer.content.decode()
