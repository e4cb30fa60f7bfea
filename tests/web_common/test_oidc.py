"""Signing in through an OpenID provider: a real one, started for these tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from qitong.accounts import oidc_client
from qitong.accounts.logic.oidc import Provider, challenge, is_strong, why_not_claims
from qitong.accounts.models import ExternalIdentity, User
from qitong.kernel.errors import Refused
from qitong.ledger.models import Entry
from tests.web_common import provider

MAIL = "chen@corp.cn"
PEOPLE: provider.People = {
    "by-mail": {"email": MAIL, "email_verified": True},
    "by-phone": {"phone_number": "+86 138 0000 0001", "phone_number_verified": True},
    "by-login": {"phone_number": "13900000001", "phone_number_verified": True},
    "unverified": {"email": MAIL, "email_verified": False},
    "stranger": {"email": "nobody@corp.cn", "email_verified": True},
    "again": {"email": MAIL, "email_verified": True},
    "two-factors": {"phone_number": "13900000001", "phone_number_verified": True, "amr": ["pwd", "otp"]},
}
AT = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with provider.running(PEOPLE) as address:
        yield address


@pytest.fixture(autouse=True)
def configured(settings: Settings, issuer: str) -> None:
    settings.OIDC = Provider(issuer, "qitong", "a-secret", "园区统一登录")


@pytest.fixture
def chen(boss: User) -> User:
    """Reached at an address that is not the login."""
    boss.email = MAIL
    boss.save()
    return boss


def come_back(client: Client, sub: str, onwards: str = "") -> str:
    answer = client.get(provider.agreed(provider.away(client, onwards), sub=sub))
    return str(answer["Location"])


def who(client: Client) -> int | None:
    found = client.session.get("_auth_user_id")
    return int(found) if found else None


def said(client: Client) -> str:
    return client.get("/login").content.decode()


def test_the_button_is_there_where_a_provider_is(client: Client, db: None, settings: Settings) -> None:
    assert "园区统一登录" in said(client)
    settings.OIDC = None
    assert "/login/oidc" not in said(client)
    assert client.get("/login/oidc").status_code == 404


def test_one_is_found_by_a_verified_address_and_from_then_on_by_ones_name_there(
    client: Client, chen: User
) -> None:
    assert come_back(client, "by-mail", "/my/cases/new") == "/my/cases/new"
    assert who(client) == chen.pk
    entry = Entry.objects.get(kind="identity.linked")
    assert entry.stream == chen.ref
    assert Entry.objects.filter(stream=chen.ref, kind="login.succeeded").get().body == {"method": "oidc"}
    User.objects.filter(pk=chen.pk).update(email="", login="13800000099")
    client.post("/logout")
    come_back(client, "by-mail")
    assert who(client) == chen.pk
    assert ExternalIdentity.objects.count() == 1


def test_a_verified_phone_number_finds_the_login(client: Client, officer: User, boss: User) -> None:
    for sub, user in (("by-login", officer), ("by-phone", boss)):
        come_back(client, sub)
        assert who(client) == user.pk
        client.post("/logout")


@pytest.mark.parametrize("sub", ["unverified", "stranger"])
def test_whoever_has_no_account_gets_none_by_coming(client: Client, chen: User, sub: str) -> None:
    before = User.objects.count()
    assert come_back(client, sub) == "/login"
    assert "还没有对应的账号" in said(client)
    assert (who(client), User.objects.count(), ExternalIdentity.objects.count()) == (None, before, 0)


def test_an_account_is_not_taken_over_under_another_name(client: Client, chen: User) -> None:
    come_back(client, "by-mail")
    client.post("/logout")
    come_back(client, "again")
    assert "另一个身份关联" in said(client)
    assert who(client) is None


def test_an_address_of_two_accounts_finds_neither(client: Client, chen: User, officer: User) -> None:
    officer.email = MAIL
    officer.save()
    come_back(client, "by-mail")
    assert "对应多个账号" in said(client)
    assert who(client) is None


def test_a_closed_and_a_locked_account_stay_shut(client: Client, chen: User) -> None:
    User.objects.filter(pk=chen.pk).update(locked_until=timezone.now() + dt.timedelta(minutes=5))
    come_back(client, "by-mail")
    assert "账号已锁定" in said(client)
    User.objects.filter(pk=chen.pk).update(locked_until=None, is_active=False)
    come_back(client, "by-mail")
    assert who(client) is None


def test_an_officer_shows_the_second_factor_unless_the_provider_has_asked_for_one(
    client: Client, officer: User, settings: Settings
) -> None:
    settings.OFFICER_TOTP = "required"
    assert come_back(client, "by-login", "/desk/absences") == "/login/second/new"
    assert who(client) is None
    ExternalIdentity.objects.all().delete()
    assert come_back(client, "two-factors", "/desk/absences") == "/desk/absences"
    assert who(client) == officer.pk


def test_what_goes_away_is_tied_to_this_browser(client: Client, db: None) -> None:
    asked = parse_qs(urlsplit(provider.away(client)).query)
    kept = client.session["oidc_asked"]["asked"]
    assert asked["state"] == [kept["state"]]
    assert asked["nonce"] == [kept["nonce"]]
    assert asked["code_challenge"] == [challenge(kept["verifier"])]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://testserver/login/oidc/back"]


def test_an_answer_for_another_browser_or_a_second_time_is_refused(client: Client, chen: User) -> None:
    back = provider.agreed(provider.away(client), sub="by-mail")
    other = Client()
    provider.away(other)
    for browser in (Client(), other):
        browser.get(back)
        assert "已经过期" in said(browser)
        assert who(browser) is None
    client.get(back)
    assert who(client) == chen.pk
    client.post("/logout")
    client.get(back)
    assert who(client) is None


def test_a_token_for_another_question_is_refused(client: Client, chen: User) -> None:
    back = provider.agreed(provider.away(client), sub="by-mail")
    session = client.session
    session["oidc_asked"]["asked"]["nonce"] = "another"
    session.save()
    client.get(back)
    assert "核对不上" in said(client)
    assert who(client) is None


def test_a_token_that_has_run_out_is_refused(
    client: Client, chen: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = provider.agreed(provider.away(client), sub="by-mail")
    later = timezone.now() + dt.timedelta(seconds=provider.TOKEN_SECONDS + 90)
    monkeypatch.setattr(timezone, "now", lambda: later)
    client.get(back)
    assert "核对不上" in said(client)
    assert who(client) is None


def test_a_code_of_another_client_is_refused(client: Client, chen: User, settings: Settings) -> None:
    back = provider.agreed(provider.away(client), sub="by-mail")
    settings.OIDC = Provider(settings.OIDC.url, "somebody-else", "a-secret")
    client.get(back)
    assert "核对不上" in said(client)
    assert who(client) is None


def test_declining_leads_back_to_where_one_can_sign_in(client: Client, db: None) -> None:
    back = provider.agreed(provider.away(client, "/my"), action="deny")
    assert client.get(back)["Location"] == "/login?next=%2Fmy"
    assert "没有完成" in said(client)
    assert who(client) is None


def test_a_provider_that_is_away_is_said_so(client: Client, db: None, settings: Settings) -> None:
    settings.OIDC = Provider("http://127.0.0.1:9", "qitong")
    assert client.get("/login/oidc")["Location"] == "/login"
    assert "暂时连不上" in said(client)


def signed(key: rsa.RSAPrivateKey, kid: str, issuer: str, **claims: object) -> str:
    facts = {"iss": issuer, "aud": "qitong", "sub": "by-mail", "iat": 1, "exp": 2, **claims}
    return jwt.encode(facts, key, algorithm="RS256", headers={"kid": kid})


def test_only_the_providers_own_signature_counts(settings: Settings, issuer: str) -> None:
    key, forger = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    keys = {"keys": [{**jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": "k"}]}
    assert oidc_client.verified(signed(key, "k", issuer), keys, settings.OIDC, issuer)["sub"] == "by-mail"
    unsigned = jwt.encode(
        {"iss": issuer, "aud": "qitong", "sub": "x", "iat": 1, "exp": 2}, "", algorithm="none"
    )
    secret = jwt.encode(
        {"iss": issuer, "aud": "qitong", "sub": "x", "iat": 1, "exp": 2}, "a-secret" * 8, algorithm="HS256"
    )
    wrong = [
        signed(forger, "k", issuer),
        signed(key, "other", issuer),
        signed(key, "k", "https://elsewhere.example"),
        signed(key, "k", issuer, aud="somebody-else"),
        unsigned,
        secret,
        "no token at all",
    ]
    for token in wrong:
        with pytest.raises(Refused) as refusal:
            oidc_client.verified(token, keys, settings.OIDC, issuer)
        assert refusal.value.code == "oidc_token"


RIGHT = {"nonce": "n", "exp": AT.timestamp() + 60, "iat": AT.timestamp(), "aud": "qitong", "sub": "s"}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({}, ""),
        ({"aud": ["qitong"]}, ""),
        ({"aud": ["qitong", "other"], "azp": "qitong"}, ""),
        ({"nonce": None}, "nonce"),
        ({"exp": AT.timestamp() - 60}, "expired"),
        ({"exp": "tomorrow"}, "expired"),
        ({"iat": AT.timestamp() + 61}, "issued"),
        ({"aud": ["qitong", "other"]}, "azp"),
        ({"azp": "other"}, "azp"),
        ({"sub": ""}, "sub"),
    ],
)
def test_what_a_token_must_say(change: dict[str, object], problem: str) -> None:
    assert why_not_claims({**RIGHT, **change}, client_id="qitong", nonce="n", at=AT) == problem


def test_one_factor_at_the_provider_is_one_factor() -> None:
    assert not is_strong({"amr": ["pwd"]})
    assert not is_strong({"amr": "mfa"})
    assert is_strong({"amr": ["pwd", "mfa"]})


@pytest.mark.parametrize(
    ("given", "words"),
    [(("http://login.park.cn", "id"), "https"), (("https://login.park.cn", ""), "CLIENT_ID")],
)
def test_half_a_configuration_ends_the_start(given: tuple[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Provider.parse(*given, "", "")


def test_the_address_may_be_the_issuers_or_the_documents() -> None:
    for url in ("https://login.park.cn/", "https://login.park.cn/.well-known/openid-configuration"):
        made = Provider.parse(url, "id", "", "")
        assert made is not None
        assert made.discovery == "https://login.park.cn/.well-known/openid-configuration"
    assert Provider.parse("", "id", "", "") is None
