from __future__ import annotations

from qitong.casework.models import Case
from tests.api.caller import Caller, fill, open_application, pdf


def test_an_upload_is_kept_and_read_back_byte_for_byte(company: Caller) -> None:
    case, content = open_application(company), pdf(company.stage, "平面图")
    at = f"/cases/{case['id']}/materials/layout"
    kept = company.ok(company.upload(at, content, name="平面图.pdf"))
    assert kept["state"]["code"] == "provided"
    assert (kept["file"]["name"], kept["file"]["size"]) == ("平面图.pdf", len(content))
    read = company.get(f"{at}/file")
    assert b"".join(read.streaming_content) == content
    assert read["Content-Type"] == "application/pdf"
    assert read["X-Content-Type-Options"] == "nosniff"
    assert read["Cache-Control"] == "private, no-store"
    assert read["Content-Disposition"].startswith("inline; filename=")
    assert "%E5%B9%B3" in read["Content-Disposition"]


def test_a_file_that_is_no_paper_is_refused(company: Caller) -> None:
    case = open_application(company)
    answer = company.upload(f"/cases/{case['id']}/materials/layout", b"MZ program", name="a.exe")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "file"


def test_a_form_is_generated_and_an_upload_in_its_place_needs_no_generating(company: Caller) -> None:
    at = f"/cases/{open_application(company)['id']}/materials"
    made = company.ok(company.post(f"{at}/app_form/generate"))
    assert made["file"]["content_type"] == "application/pdf"
    answer = company.post(f"{at}/layout/generate")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/not_generated")


def test_an_unknown_material_is_a_404_and_a_missing_file_too(company: Caller) -> None:
    at = f"/cases/{open_application(company)['id']}/materials"
    assert company.upload(f"{at}/nothing", b"%PDF-1.4").status_code == 404
    assert company.get(f"{at}/layout/file").status_code == 404
    assert company.form(f"{at}/layout").status_code == 422


def test_a_rejected_material_is_brought_again(company: Caller, window: Caller) -> None:
    case = open_application(company)
    at = f"/cases/{case['id']}"
    fill(company, case)
    company.ok(company.post(f"{at}/deeds/submit"))
    assert window.post(f"{at}/materials/layout/verify", {"correct": False}).status_code == 422
    rejected = window.ok(window.post(f"{at}/materials/layout/verify", {"correct": False, "remark": "看不清"}))
    assert (rejected["state"]["code"], rejected["remark"]) == ("rejected", "看不清")
    content = pdf(company.stage, "清楚的平面图")
    assert company.ok(company.upload(f"{at}/materials/layout", content))["state"]["code"] == "provided"
    unasked = company.upload(f"{at}/materials/layout", content)
    assert (unasked.status_code, unasked.json()["type"]) == (409, "/problems/not_owed")
    right = window.ok(window.post(f"{at}/materials/layout/verify", {"correct": True}))
    assert right["state"]["code"] == "verified"
    assert {m["key"] for m in window.get(f"{at}/materials").json()["materials"]} == {
        m.key for m in Case.objects.get().materials.all()
    }
