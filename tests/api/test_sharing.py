from __future__ import annotations

from qitong.datashare import consents
from qitong.datashare.models import Consent
from qitong.demo.stories import GREEN_CLERK
from tests.api.caller import Caller, fill, open_application, pdf

ITEM, IDS = "business_licence", "id_docs"


def test_a_company_authorises_and_the_window_fetches(company: Caller, window: Caller) -> None:
    case = open_application(company, ITEM)
    at = f"/cases/{case['id']}"
    fill(company, case, leave=frozenset({IDS}))
    held = company.ok(company.post(f"{at}/deeds/authorise", {"keys": [IDS]}))
    assert {m["key"]: m["authorised"] for m in held["materials"]}[IDS]
    company.ok(company.post(f"{at}/deeds/submit"))
    early = window.post(f"{at}/deeds/accept")
    assert (early.status_code, early.json()["type"]) == (409, "/problems/incomplete")
    content = pdf(window.stage, "身份证明")
    assert company.upload(f"{at}/materials/{IDS}/fetch", content).status_code == 403
    fetched = window.ok(window.upload(f"{at}/materials/{IDS}/fetch", content, name="身份证明.pdf"))
    assert (fetched["state"]["code"], fetched["file"]["name"]) == ("provided", "身份证明.pdf")
    window.ok(window.post(f"{at}/deeds/accept"))


def test_without_a_consent_that_holds_nothing_is_fetched(company: Caller, window: Caller) -> None:
    case = open_application(company, ITEM)
    at = f"/cases/{case['id']}"
    fill(company, case, leave=frozenset({IDS}))
    company.ok(company.post(f"{at}/deeds/authorise", {"keys": [IDS]}))
    company.ok(company.post(f"{at}/deeds/submit"))
    stage = company.stage
    consents.revoke(Consent.objects.get().pk, by=stage.who(GREEN_CLERK), at=stage.tick())
    answer = window.upload(f"{at}/materials/{IDS}/fetch", pdf(stage, "身份证明"))
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/no_consent")


def test_what_no_department_shares_is_not_authorised(company: Caller) -> None:
    case = open_application(company, ITEM)
    answer = company.post(f"/cases/{case['id']}/deeds/authorise", {"keys": ["articles"]})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/not_sharable")
    assert answer.json()["errors"][0]["field"] == "keys"
