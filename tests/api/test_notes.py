from __future__ import annotations

from tests.api.caller import REQUEST, TIDE, TIDE_CLERK, Caller, Callers


def test_company_and_owner_write_to_each_other(callers: Callers, company: Caller, window: Caller) -> None:
    at = f"/cases/{company.ok(company.post('/cases', {**REQUEST, 'submit': True}))['number']}"
    company.ok(company.post(f"{at}/deeds/note", {"text": "什么时候来看现场？"}))
    assert company.get(f"{at}/notes").json()["notes"][0]["read_by"] == []
    window.ok(window.post(f"{at}/deeds/note", {"text": "周四上午。"}))
    found = company.get(f"{at}/notes").json()["notes"]
    assert [(note["side"], note["text"]) for note in found] == [
        ("office", "周四上午。"),
        ("company", "什么时候来看现场？"),
    ]
    assert len(found[1]["read_by"]) == 1
    page = company.get(f"{at}/notes", limit=1).json()
    older = company.get(f"{at}/notes", limit=1, before=page["next_before"]).json()
    assert older["notes"] == found[1:]
    assert older["next_before"] is None
    assert callers.company(TIDE, TIDE_CLERK).get(f"{at}/notes").status_code == 404
