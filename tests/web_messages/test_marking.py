from __future__ import annotations

import re

from django.test import Client

from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.ledger.models import Entry
from qitong.notifications.models import Message
from tests.automation.queue import react_to_all
from tests.web_messages.conftest import LIN, owner_of, read, signed_in

UNREAD = '<li class="unread">'
WAITING = re.compile(r'class="waiting" aria-hidden="true">(\d+)<')


def test_what_is_unread_is_marked_by_a_word_and_by_weight(stage: Stage, case: Case) -> None:
    page = read(signed_in(stage, LIN))
    assert page.count(UNREAD) == page.count(">未读</span>") == 1


def test_looking_marks_nothing_as_read(stage: Stage, case: Case) -> None:
    client = signed_in(stage, LIN)
    read(client)
    client.head("/messages")
    assert UNREAD in read(client)
    assert not Message.objects.exclude(read_at=None).exists()


def test_the_button_marks_all_of_ones_own_and_nobody_elses(stage: Stage, case: Case) -> None:
    lin, owner = signed_in(stage, LIN), owner_of(stage, case)
    answer = lin.post("/messages", {"newest": _newest(lin)}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [("/messages", 302)]
    assert "已全部标为已读" in page
    assert UNREAD not in page
    assert "全部标为已读</button>" not in page
    assert UNREAD in read(owner)
    assert Entry.objects.filter(kind="messages.read").count() == 1


def test_pressing_twice_changes_nothing_more(stage: Stage, case: Case) -> None:
    lin = signed_in(stage, LIN)
    newest = _newest(lin)
    for _ in range(2):
        lin.post("/messages", {"newest": newest})
    assert Entry.objects.filter(kind="messages.read").count() == 1


def test_what_came_in_after_the_page_was_shown_stays_unread(stage: Stage, case: Case) -> None:
    lin = signed_in(stage, LIN)
    newest = _newest(lin)
    stage.accept(case)
    react_to_all(stage.at)
    lin.post("/messages", {"newest": newest})
    page = read(lin)
    assert page.count(UNREAD) == 1
    assert "已受理，承诺在" in page.split(UNREAD)[1].split("</li>")[0]


def test_a_form_without_the_newest_marks_all(stage: Stage, case: Case) -> None:
    lin = signed_in(stage, LIN)
    lin.post("/messages")
    assert UNREAD not in read(lin)


def test_a_visitor_and_a_forged_form_mark_nothing(stage: Stage, case: Case) -> None:
    assert Client().post("/messages").status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(stage.cast.user(LIN), backend="django.contrib.auth.backends.ModelBackend")
    assert strict.post("/messages").status_code == 403
    assert not Message.objects.exclude(read_at=None).exists()


def test_the_head_of_every_page_says_how_many_wait(stage: Stage, case: Case) -> None:
    lin, owner = signed_in(stage, LIN), owner_of(stage, case)
    assert WAITING.findall(read(lin, "/my")) == ["1"]
    assert "（1条未读）" in read(lin, "/my")
    assert WAITING.findall(read(owner, "/desk")) == ["1"]
    lin.post("/messages")
    assert WAITING.findall(read(lin, "/my")) == []
    assert 'href="/messages"' in read(lin, "/my")
    assert 'href="/messages"' not in read(Client(), "/")


def _newest(client: Client) -> str:
    [newest] = re.findall(r'name="newest" value="(\d+)"', read(client))
    return str(newest)
