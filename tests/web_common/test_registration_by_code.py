"""A number is proved before a company is registered with it, and until then nobody learns whose it is."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from qitong.accounts.models import Enterprise, Jurisdiction, LoginCode, Membership, User
from qitong.notifications import codes, jobs
from qitong.notifications.channels import ADAPTERS, Outgoing
from qitong.notifications.models import Channel, Message
from tests.web_common.conftest import PASSWORD
from tests.web_common.test_registration import _typed, code_for

USCC, KNOWN, STRANGE = "N2310151MF0000000R", "13800000001", "13811112222"
PAGE = "/register/code"


def asks(client: Client, phone: str, uscc: str = USCC, **changes: str) -> str:
    """What somebody sees who registers a company with this number."""
    park = Jurisdiction.objects.get(code="P")
    answer = client.post("/register", _typed(park, uscc=uscc, phone=phone, **changes))
    assert answer["Location"] == PAGE
    return client.get(PAGE).content.decode()


def types(client: Client, code: str) -> str:
    return client.post(PAGE, {"code": code}, follow=True).content.decode()


def bare(page: str, phone: str) -> str:
    """Without what differs from one asking to the next: when the page was made, its token, the number."""
    return re.sub(r'"\d{4}-\d\d-\d\dT[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"', "", page).replace(
        phone, ""
    )


def test_the_pages_say_the_same_of_a_number_that_is_known_and_of_one_that_is_not(boss: User) -> None:
    pages, asked = [], []
    for phone in (KNOWN, STRANGE):
        with CaptureQueriesContext(connection) as found:
            page = asks(Client(), phone)
        pages.append(bare(page, phone))
        asked.append(len(found))
    assert pages[0] == pages[1]
    assert asked[0] == asked[1]
    assert Enterprise.objects.count() == 1
    assert User.objects.count() == 1


def test_a_wrong_code_tells_nothing_either_and_the_fifth_ends_it(boss: User) -> None:
    said = []
    for phone in (KNOWN, STRANGE):
        client = Client()
        asks(client, phone)
        wrong = f"{(int(code_for(phone)) + 1) % 1_000_000:06}"
        tries = [re.search(r"验证码[^<]*[。次]", types(client, wrong)) for _ in range(5)]
        said.append([found[0] for found in tries if found])
        assert LoginCode.objects.get(whose=phone).ended == "void"
    assert said[0] == said[1]
    assert Enterprise.objects.count() == 1


class Taken:
    """A provider that keeps what it is given."""

    def __init__(self) -> None:
        self.messages: list[Outgoing] = []

    def send(self, message: Outgoing) -> None:
        self.messages.append(message)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Taken:
    adapter = Taken()
    monkeypatch.setitem(ADAPTERS, Channel.CONSOLE, adapter)
    return adapter


@pytest.mark.parametrize(
    ("phone", "says", "template"),
    [(KNOWN, "已有企通账号", "registration.known"), (STRANGE, "正在用这个号码注册", "registration.new")],
)
def test_who_holds_the_number_reads_whether_it_is_known(
    boss: User, taken: Taken, phone: str, says: str, template: str
) -> None:
    asks(Client(), phone)
    code = LoginCode.objects.get(whose=phone)
    for _ in range(2):
        jobs.bring_registration_code(code_id=code.pk, language="zh-hans")
    first, again = taken.messages
    assert says in first.text
    assert code_for(phone) in first.text
    assert (first.phone, first.template, first.key) == (phone, template, again.key)
    assert not Message.objects.exists()


def test_it_is_written_in_the_language_of_the_page_and_not_when_it_is_too_late(
    boss: User, taken: Taken
) -> None:
    asks(Client(headers={"accept-language": "en"}), STRANGE)
    code = LoginCode.objects.get(whose=STRANGE)
    late = code.asked_at + dt.timedelta(minutes=11)
    assert codes.to_stranger(code.pk, language="en", at=late) is None
    jobs.bring_registration_code(code_id=code.pk, language="en")
    assert "register" in taken.messages[0].text


def test_who_has_an_account_registers_another_company_under_it(boss: User) -> None:
    client = Client()
    asks(client, KNOWN, contact_name="冒名", password="Other-pass-2026")
    page = types(client, code_for(KNOWN))
    assert "已登记到您已有的账号名下" in page
    boss.refresh_from_db()
    assert (boss.name, boss.check_password(PASSWORD)) == ("陈潮", True)
    assert Membership.objects.filter(user=boss).count() == 2
    assert client.session["_auth_user_id"] == str(boss.pk)


def test_whoever_is_new_signs_in_with_the_password_they_chose(park: Jurisdiction) -> None:
    client = Client()
    asks(client, STRANGE, password="Other-pass-2026")
    types(client, code_for(STRANGE))
    assert User.objects.get(login=STRANGE).check_password("Other-pass-2026")
    assert client.get(PAGE)["Location"] == "/register"


def test_no_password_waits_in_the_session(park: Jurisdiction) -> None:
    client = Client()
    asks(client, STRANGE)
    assert PASSWORD not in str(dict(client.session))


def test_who_is_locked_or_has_an_office_is_told_after_the_code(boss: User, officer: User) -> None:
    boss.locked_until = timezone.now() + dt.timedelta(minutes=20)
    boss.save()
    for phone, says in ((KNOWN, "账号已锁定"), (officer.login, "工作人员的账号")):
        client = Client()
        asks(client, phone)
        assert says in types(client, code_for(phone))
    assert Enterprise.objects.count() == 1


def test_a_company_that_somebody_else_registered_meanwhile_is_not_taken_over(boss: User) -> None:
    first, second = Client(), Client()
    asks(first, STRANGE)
    asks(second, "13833334444")
    types(first, code_for(STRANGE))
    assert "该企业已注册" in types(second, code_for("13833334444"))
    assert Enterprise.objects.count() == 2


def test_what_was_typed_waits_no_longer_than_its_code(
    park: Jurisdiction, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    asks(client, STRANGE)
    later = timezone.now() + dt.timedelta(minutes=11)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert client.get(PAGE)["Location"] == "/register"


def test_a_code_is_sent_again_after_a_minute_and_not_before(
    park: Jurisdiction, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    asks(client, STRANGE)
    assert "验证码刚刚发送过" in client.post(PAGE, {"way": "again"}).content.decode()
    before, later = code_for(STRANGE), timezone.now() + dt.timedelta(minutes=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert client.post(PAGE, {"way": "again"})["Location"] == PAGE
    after = code_for(STRANGE)
    if before != after:
        assert client.post(PAGE, {"code": before}).status_code == 422
    assert client.post(PAGE, {"code": after}).status_code == 302
