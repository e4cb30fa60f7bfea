"""Talking to an OpenID provider: where its doors are, a code for a token, and whether the token is its own.

Redirections are not followed and answers are cut: the provider is asked, not trusted.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jwt

from qitong.accounts.logic.oidc import Provider, challenge, verified_logins, why_not_claims
from qitong.kernel.errors import Refused
from qitong.kernel.words import say

SCOPE = "openid profile email phone"
# Signed by a private key; what is signed by the client's secret would prove nothing here.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
_SECONDS = 10
_LONGEST = 512 * 1024
_KEPT_FOR = 600.0


@dataclass(frozen=True, slots=True)
class Doors:
    """What the discovery document says; ``keys`` is the address of the public keys."""

    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str
    secret_in_body: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What is remembered between sending somebody away and their return."""

    state: str
    nonce: str
    verifier: str
    back: str


_known: dict[str, tuple[float, Doors]] = {}


def doors(provider: Provider) -> Doors:
    """Read the discovery document; one that was read is good for ten minutes."""
    kept = _known.get(provider.discovery)
    if kept is not None and time.monotonic() - kept[0] < _KEPT_FOR:
        return kept[1]
    said = _json(provider.discovery)
    try:
        ways = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        found = Doors(
            issuer=str(said["issuer"]),
            authorization=str(said["authorization_endpoint"]),
            token=str(said["token_endpoint"]),
            keys=str(said["jwks_uri"]),
            userinfo=str(said.get("userinfo_endpoint", "")),
            secret_in_body="client_secret_basic" not in ways,
        )
    except KeyError as error:
        raise _unreachable() from error
    _known[provider.discovery] = time.monotonic(), found
    return found


def away(provider: Provider, asked: Asked) -> str:
    """Where somebody is sent to prove who they are."""
    where = doors(provider).authorization
    facts = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": asked.back,
        "scope": SCOPE,
        "state": asked.state,
        "nonce": asked.nonce,
        "code_challenge": challenge(asked.verifier),
        "code_challenge_method": "S256",
    }
    return f"{where}{'&' if urlsplit(where).query else '?'}{urlencode(facts)}"


def claims_for(provider: Provider, asked: Asked, code: str, *, at: dt.datetime) -> dict[str, Any]:
    """Exchange the code that somebody brought back for what the provider says of them.

    Refused: ``oidc_unreachable``, or ``oidc_token`` for a code or token that is not right.
    """
    there = doors(provider)
    body = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": asked.back,
        "code_verifier": asked.verifier,
    }
    said = _exchanged(provider, there, body)
    claims = verified(str(said.get("id_token", "")), _json(there.keys), provider, there.issuer)
    if problem := why_not_claims(claims, client_id=provider.client_id, nonce=asked.nonce, at=at):
        raise not_proved(problem)
    if not verified_logins(claims) and there.userinfo and said.get("access_token"):
        told = _json(there.userinfo, headers={"Authorization": f"Bearer {said['access_token']}"})
        if told.get("sub") == claims["sub"]:
            claims = told | claims
    return {**claims, "iss": there.issuer}


def verified(token: str, keys: Mapping[str, Any], provider: Provider, issuer: str) -> dict[str, Any]:
    """What a token says, if one of ``keys`` signed it for us in the issuer's name.

    Its times are looked at by the caller, who knows what time it is.
    """
    try:
        wanted = jwt.get_unverified_header(token).get("kid")
        known = jwt.PyJWKSet.from_dict(dict(keys)).keys
        fitting = [key for key in known if wanted is None or key.key_id == wanted]
        if len(fitting) != 1:
            raise not_proved("key")
        return dict(
            jwt.decode(
                token,
                fitting[0],
                algorithms=ALGORITHMS,
                audience=provider.client_id,
                issuer=issuer,
                options={
                    "require": ["exp", "iat", "sub", "aud", "iss"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        )
    except jwt.PyJWTError as error:
        raise not_proved(type(error).__name__) from error


def not_proved(problem: str) -> Refused:
    """The sentence for people; ``problem`` says to the log what it was."""
    refused = Refused(
        say("统一登录没有成功：返回的身份信息核对不上。请重新登录；多次如此请联系安全管理员。"),
        code="oidc_token",
    )
    refused.add_note(problem)
    return refused


def _exchanged(provider: Provider, there: Doors, body: dict[str, str]) -> dict[str, Any]:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if provider.secret and not there.secret_in_body:
        pair = f"{quote(provider.client_id, safe='')}:{quote(provider.secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        body |= {"client_id": provider.client_id}
        body |= {"client_secret": provider.secret} if provider.secret else {}
    return _json(there.token, body=urlencode(body).encode(), headers=headers)


def _json(url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    status, answer = _asked(url, body, {"Accept": "application/json", **(headers or {})})
    if 400 <= status < 500 and body is not None:
        raise not_proved(f"the token endpoint answered {status}")
    try:
        said = json.loads(answer) if status == 200 else None
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise _unreachable()
    return said


def _asked(url: str, body: bytes | None, headers: Mapping[str, str]) -> tuple[int, bytes]:
    where = urlsplit(url)
    kind = HTTPSConnection if where.scheme == "https" else HTTPConnection
    path = f"{where.path or '/'}{'?' + where.query if where.query else ''}"
    try:
        connection = kind(where.hostname or "", where.port, timeout=_SECONDS)
        try:
            connection.request("GET" if body is None else "POST", path, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read(_LONGEST)
        finally:
            connection.close()
    except (OSError, HTTPException) as error:
        raise _unreachable() from error


def _unreachable() -> Refused:
    return Refused(say("暂时连不上统一登录，请稍后再试，或者用密码、验证码登录。"), code="oidc_unreachable")
