from __future__ import annotations

import pytest

from qitong.kernel.errors import Refused
from qitong.ledger.erase import erase
from qitong.ledger.models import Entry, Text
from qitong.ledger.queries import ShownText, TextState, latest, timeline
from qitong.ledger.record import record
from qitong.ledger.verify import verify
from tests.ledger.conftest import AT, Superuser, fill


@pytest.fixture
def registered(db: None) -> Entry:
    return record(
        "user:1",
        "user.registered",
        by="user:1",
        at=AT,
        body={"channel": "portal"},
        personal={"phone": "13800000000", "name": "张三"},
    )


def test_an_erased_text_is_gone_and_the_ledger_still_verifies(registered: Entry) -> None:
    chosen = Text.objects.get(name="phone")
    assert erase([chosen.id], by="user:9", at=AT, reason="本人申请") == 1
    assert list(Text.objects.values_list("name", flat=True)) == ["name"]
    assert verify().whole
    shown = timeline("user:1").entries
    assert shown[0].texts == {
        "phone": ShownText(TextState.ERASED),
        "name": ShownText(TextState.KEPT, "张三"),
    }
    assert shown[0].facts == {"channel": "portal"}
    assert (shown[1].kind, shown[1].by) == ("ledger.texts_erased", "user:9")
    assert shown[1].facts == {"texts": [str(chosen.id)], "reason": "本人申请"}


def test_all_texts_of_a_stream_are_erased_at_once(registered: Entry) -> None:
    record("user:2", "user.registered", by="user:2", at=AT, body={}, personal={"name": "李四"})
    assert erase("user:1", by="user:9", at=AT, reason="本人申请") == 2
    assert Text.objects.get().text == "李四"
    assert verify().whole


def test_erasing_needs_a_reason(registered: Entry) -> None:
    with pytest.raises(Refused) as refused:
        erase("user:1", by="user:9", at=AT, reason=" ")
    assert (refused.value.code, refused.value.field) == ("missing", "reason")
    assert Text.objects.count() == 2


def test_erasing_twice_is_refused(registered: Entry) -> None:
    erase("user:1", by="user:9", at=AT, reason="本人申请")
    with pytest.raises(Refused) as refused:
        erase("user:1", by="user:9", at=AT, reason="本人申请")
    assert refused.value.code == "nothing_to_erase"
    assert Entry.objects.count() == 2


def test_an_altered_text_is_not_shown_as_fact(registered: Entry, superuser: Superuser) -> None:
    superuser("UPDATE ledger_text SET text = '李四' WHERE name = 'name'")
    assert timeline("user:1").entries[0].texts["name"] == ShownText(TextState.ALTERED)


def test_a_timeline_is_read_page_by_page(db: None) -> None:
    fill("case:1", 5)
    page = timeline("case:1", limit=2)
    assert ([e.number for e in page.entries], page.after) == ([1, 2], 2)
    page = timeline("case:1", after=page.after, limit=3)
    assert ([e.number for e in page.entries], page.after) == ([3, 4, 5], None)
    assert timeline("case:9").entries == []


def test_the_newest_entries_come_first_when_the_latest_are_asked_for(registered: Entry) -> None:
    fill("user:1", 3)
    assert [e.number for e in latest("user:1", limit=2)] == [4, 3]
    earlier = latest("user:1", before=3)
    assert [e.number for e in earlier] == [2, 1]
    assert earlier[1].texts["name"] == ShownText(TextState.KEPT, "张三")
