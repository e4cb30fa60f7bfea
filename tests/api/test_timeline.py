from __future__ import annotations

from tests.api.caller import REQUEST, Caller, open_application


def test_the_timeline_tells_what_happened_newest_first(company: Caller, window: Caller) -> None:
    at = f"/cases/{company.ok(company.post('/cases', {**REQUEST, 'submit': True}))['number']}"
    window.ok(window.post(f"{at}/deeds/contact", {"note": "已致电"}))
    lines = company.get(f"{at}/timeline").json()["lines"]
    assert lines[0]["sentence"] == "已与企业联系"
    assert lines[0]["detail"] == "已致电"
    assert [line["number"] for line in lines] == sorted((line["number"] for line in lines), reverse=True)


def test_pages_of_the_timeline_join_without_gap(company: Caller) -> None:
    at = f"/cases/{company.ok(company.post('/cases', {**REQUEST, 'submit': True}))['number']}/timeline"
    whole = [line["number"] for line in company.get(at).json()["lines"]]
    read: list[int] = []
    before: dict[str, int] = {}
    while True:
        page = company.get(at, limit=1, **before).json()
        read += [line["number"] for line in page["lines"]]
        if page["next_before"] is None:
            break
        before = {"before": page["next_before"]}
    assert read == whole
    assert len(whole) >= 2


def test_many_keystrokes_do_not_hide_the_beginning(company: Caller) -> None:
    """What is left out of the timeline takes no place on its page."""
    case = open_application(company)
    for n in range(6):
        company.ok(company.post(f"/cases/{case['id']}/deeds/save", {"fields": {"fact.seats": str(n)}}))
    page = company.get(f"/cases/{case['id']}/timeline", limit=2).json()
    assert [line["kind"] for line in page["lines"]] == ["case.draft"]
    assert page["next_before"] is None
