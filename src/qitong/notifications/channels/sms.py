"""SMS through a gateway that speaks one small protocol.

A carrier sends registered templates only, so the gateway gets the template and what fills its places,
by name and by number (some carriers know the one, some the other). ``POST`` with a JSON body::

    {"phone": "13800000001", "template": "login.code", "language": "zh-hans",
     "named": {"code": "123456", "minutes": "10"}, "numbered": ["123456", "10"], "text": "…"}

``X-Qitong-Signature`` is hex(HMAC-SHA256(secret, timestamp + "." + body)), ``X-Qitong-Timestamp`` in
seconds; ``Idempotency-Key`` is the same at every try. Taken is only what is answered 2xx with
``{"ok": true}``; 4xx (but 408, 409, 425 and 429) and ``{"ok": false, "permanent": true}`` are final.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from qitong.notifications.channels.outgoing import NeverError, NotNowError, Outgoing
from qitong.notifications.logic.providers import SmsGateway

LONGEST_ANSWER = 64 * 1024
TRY_AGAIN = (408, 409, 425, 429)


class Sms:
    def send(self, message: Outgoing) -> None:
        gateway: SmsGateway | None = settings.SMS_GATEWAY
        if gateway is None:
            raise NotNowError("SMS is not configured")
        if not message.phone:
            raise NeverError("the reader has no phone number")
        template = gateway.template(message.template)
        if not template:
            raise NeverError(f"no template is registered for {message.template}: QITONG_SMS_TEMPLATES")
        body = {
            "phone": message.phone,
            "template": template,
            "language": message.language,
            "named": dict(message.variables),
            "numbered": list(message.variables.values()),
            "text": message.text,
        }
        status, answer = _post(gateway, json.dumps(body, ensure_ascii=False).encode(), message)
        _judge(status, answer)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What proves that a request is ours and unchanged."""
    return hmac.digest(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hex()


def _post(gateway: SmsGateway, body: bytes, message: Outgoing) -> tuple[int, bytes]:
    """Redirections are not followed: the body is for this gateway only."""
    where = urlsplit(gateway.url)
    kind = HTTPSConnection if where.scheme == "https" else HTTPConnection
    stamp = str(int(message.at.timestamp()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": str(message.key),
        "X-Qitong-Key": gateway.key,
        "X-Qitong-Timestamp": stamp,
        "X-Qitong-Signature": signature(gateway.secret, stamp, body),
    }
    path = (where.path or "/") + (f"?{where.query}" if where.query else "")
    connection = kind(where.hostname or "", where.port, timeout=gateway.timeout)
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(LONGEST_ANSWER)
    except (HTTPException, OSError) as error:
        raise NotNowError(f"{type(error).__name__}: {error}") from error
    finally:
        connection.close()


def _judge(status: int, answer: bytes) -> None:
    said = answer[:200].decode(errors="replace")
    if 400 <= status < 500 and status not in TRY_AGAIN:
        raise NeverError(f"{status}: {said}")
    if not 200 <= status < 300:
        raise NotNowError(f"{status}: {said}")
    try:
        found: Any = json.loads(answer)
    except ValueError:
        found = None
    if not isinstance(found, dict) or found.get("ok") is not True:
        final = isinstance(found, dict) and found.get("permanent") is True
        raise (NeverError if final else NotNowError)(f"not taken: {said}")
