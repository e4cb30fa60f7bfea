from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from qitong.accounts.login_codes import digits
from qitong.accounts.models import Enterprise, Jurisdiction, LoginCode, User
from tests.web_common.conftest import CODE, PASSWORD


def code_for(phone: str) -> str:
    return digits(LoginCode.objects.get(whose=phone, purpose="registration", ended=""))


def _typed(park: Jurisdiction, **changes: str) -> dict[str, str]:
    return {
        "uscc": CODE,
        "name": "芦荡食品有限公司",
        "legal_representative": "陈潮",
        "address": "芦荡路1号",
        "jurisdiction": str(park.pk),
        "contact_name": "陈潮",
        "phone": "13800000001",
        "password": PASSWORD,
        **changes,
    }


def test_who_registers_is_signed_in(client: Client, park: Jurisdiction) -> None:
    answer = client.post("/register", _typed(park, uscc="9111 0000 6000 37341l"))
    assert answer["Location"] == "/register/code"
    assert not Enterprise.objects.exists()
    assert client.post("/register/code", {"code": code_for("13800000001")}).status_code == 302
    assert Enterprise.objects.get().uscc == CODE
    assert client.session["_auth_user_id"] == str(User.objects.get().pk)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("uscc", "91110000600037342L", "校验位不符"),
        ("uscc", "", "请填写统一社会信用代码。"),
        ("name", "", "请填写企业名称。"),
        ("jurisdiction", "", "请选择所在园区或区县。"),
        ("password", "short", "密码至少10位。"),
        ("contact_name", "陈\x1b潮", "姓名须为一行文字"),
        ("name", "芦荡\n食品", "企业名称须为一行文字"),
    ],
)
def test_an_error_stands_beside_its_field_and_the_rest_is_kept(
    client: Client, park: Jurisdiction, field: str, value: str, words: str
) -> None:
    answer = client.post("/register", _typed(park, **{field: value}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'<a href="#id_{field}">' in page
    assert f'id="id_{field}_error"' in page
    assert words in page
    assert 'value="芦荡路1号"' in page
    assert not Enterprise.objects.exists()


def test_the_password_is_never_sent_back(client: Client, park: Jurisdiction) -> None:
    page = client.post("/register", _typed(park, name="")).content.decode()
    assert PASSWORD not in page


def test_a_company_that_is_registered_learns_whom_to_ask(client: Client, boss: User) -> None:
    park = Jurisdiction.objects.get(code="P")
    page = client.post("/register", _typed(park, phone="13800000002")).content.decode()
    assert "请联系企业管理员陈**登录后" in page
    assert '<a href="#id_uscc">' in page


def test_where_no_code_can_be_sent_a_company_registers_at_once(
    client: Client, boss: User, settings: Settings
) -> None:
    settings.NOTIFY_CHANNELS = []
    park = Jurisdiction.objects.get(code="P")
    page = client.post("/register", _typed(park, uscc="N2310151MF0000000R")).content.decode()
    assert '<a href="#id_phone">该登录名已被使用' in page
    answer = client.post("/register", _typed(park, uscc="N2310151MF0000000R", phone="13800000009"))
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(User.objects.get(login="13800000009").pk)


def test_without_a_park_the_page_says_that_it_is_not_open(client: Client, db: None) -> None:
    assert "暂时不能在线注册" in client.get("/register").content.decode()


def test_only_places_with_nothing_below_them_are_offered(client: Client, park: Jurisdiction) -> None:
    page = client.get("/register").content.decode()
    assert "芦荡园区" in page
    assert "潮州市" not in page
