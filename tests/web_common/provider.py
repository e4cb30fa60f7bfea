"""An OpenID provider as a process of its own, and a browser that goes there and back."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

from django.test import Client

TOKEN_SECONDS = 120
People = dict[str, dict[str, object]]


@contextmanager
def running(people: People) -> Iterator[str]:
    """The provider's address; ``people`` are its own: subject to claims."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    known = [f"--user-claims={json.dumps({'sub': sub, **claims})}" for sub, claims in people.items()]
    command = [sys.executable, "-m", "oidc_provider_mock", "-p", str(port), "-e", str(TOKEN_SECONDS), *known]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the provider ended at once"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the provider did not start")


def away(client: Client, onwards: str = "") -> str:
    """Press the button; the provider's address to which the browser is sent."""
    return str(client.get("/login/oidc", {"next": onwards} if onwards else {})["Location"])


def agreed(there: str, **answer: str) -> str:
    """Sign in at the provider (``sub=``) or decline (``action="deny"``); our address to go back to."""
    where = urlsplit(there)
    connection = HTTPConnection(where.hostname or "", where.port, timeout=30)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", f"{where.path}?{where.query}", urlencode(answer), headers)
    said = connection.getresponse()
    said.read()
    connection.close()
    back = urlsplit(said.headers["Location"])
    assert back.hostname == "testserver", said.headers["Location"]
    return f"{back.path}?{back.query}"
