"""OpenID Connect, the part that needs no network: settings, the proof key, and what a token must say.

OpenID Connect Core 1.0 (3.1.3.7), RFC 7636 for the proof key.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

WELL_KNOWN = "/.well-known/openid-configuration"
LEEWAY = dt.timedelta(minutes=1)
"""By how much clocks may differ."""
# Ways of signing in (RFC 8176) that are two factors or hold a key.
STRONG = frozenset({"mfa", "otp", "hwk", "swk", "pop", "sc", "fpt"})
_HERE = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Provider:
    """Who vouches for people; ``label`` is the word on the button. Without ``secret``, a public client."""

    url: str
    client_id: str
    secret: str = ""
    label: str = ""

    @classmethod
    def parse(cls, url: str, client_id: str, secret: str, label: str) -> Provider | None:
        """None where no address is given; ValueError, in words, for half a configuration."""
        if not url:
            return None
        where = urlsplit(url)
        if where.scheme != "https" and where.hostname not in _HERE:
            raise ValueError("an https address is needed")
        if not client_id:
            raise ValueError("QITONG_OIDC_CLIENT_ID is needed, too")
        return cls(url.rstrip("/"), client_id, secret, label)

    @property
    def discovery(self) -> str:
        return self.url if self.url.endswith(WELL_KNOWN) else self.url + WELL_KNOWN


def challenge(verifier: str) -> str:
    """What is shown first of a proof key (S256)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def why_not_claims(claims: Mapping[str, Any], *, client_id: str, nonce: str, at: dt.datetime) -> str:
    """What is wrong with a token whose signature, issuer and audience are right; empty when nothing is."""
    if claims.get("nonce") != nonce:
        return "nonce"
    expires, issued = claims.get("exp"), claims.get("iat")
    if not isinstance(expires, int | float) or at.timestamp() >= expires + LEEWAY.total_seconds():
        return "expired"
    if not isinstance(issued, int | float) or issued > at.timestamp() + LEEWAY.total_seconds():
        return "issued"
    audience = claims.get("aud")
    for_others = isinstance(audience, list) and len(audience) > 1
    if (for_others or "azp" in claims) and claims.get("azp") != client_id:
        return "azp"
    return "" if isinstance(claims.get("sub"), str) and claims["sub"] else "sub"


def is_strong(claims: Mapping[str, Any]) -> bool:
    """Whether the provider says that it asked for a second factor itself."""
    ways = claims.get("amr")
    return isinstance(ways, list) and bool(STRONG & {str(way) for way in ways})


def verified_logins(claims: Mapping[str, Any]) -> list[str]:
    """The mail address and phone number that the provider has verified, as it wrote them."""
    pairs = (("email", "email_verified"), ("phone_number", "phone_number_verified"))
    return [str(claims[name]) for name, proof in pairs if claims.get(proof) is True and claims.get(name)]
