"""A program that carries cases from draft to closed through the API, whatever dies on the way.

A call that got no answer, or a server's error, is made again with the same Idempotency-Key; one
that was refused is a failure of the test.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

TRY_FOR = 90.0  # seconds; both web processes may be starting at once
ANSWER_WITHIN = 20.0


class GaveUpError(AssertionError):
    """A call was refused, or never answered."""


@dataclass
class Api:
    """Keep-alive connections of one thread to the ports, the tokens, and what went wrong."""

    ports: list[int]
    tokens: dict[str, str]
    retries: int = 0
    _turn: int = 0
    _open: dict[int, http.client.HTTPConnection] = field(default_factory=dict)

    def post(self, who: str, path: str, body: object = None) -> dict[str, Any]:
        """The answer to a POST made in the name of ``who``; done exactly once."""
        headers = {
            "Authorization": f"Bearer {self.tokens[who]}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid.uuid4()),
        }
        content = json.dumps(body) if body is not None else ""
        until = time.monotonic() + TRY_FOR
        while time.monotonic() < until:
            answer = self._once(path, content, headers)
            if answer is not None:
                return answer
            self.retries += 1
            time.sleep(0.2)
        raise GaveUpError(f"{path}: no answer within {TRY_FOR} s")

    def close(self) -> None:
        for line in self._open.values():
            line.close()

    def _once(self, path: str, content: str, headers: dict[str, str]) -> dict[str, Any] | None:
        port = self.ports[self._turn % len(self.ports)]
        line = self._open.setdefault(
            port, http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_WITHIN)
        )
        try:
            line.request("POST", f"/api/v1{path}", content.encode(), headers)
            answer = line.getresponse()
            read = answer.read()
        except (OSError, http.client.HTTPException):
            line.close()
            self._turn += 1
            return None
        if answer.status >= 500:
            self._turn += 1
            return None
        if answer.status >= 400:
            raise GaveUpError(f"{path}: {answer.status} {read.decode()}")
        return dict(json.loads(read))


Story = Callable[[Api, int], int]
"""Carries one case to its end and returns its id."""


def answered(api: Api, number: int) -> int:
    """A free request that the owner answers alone."""
    ref = _asked(api, number)
    api.post("window", f"/cases/{ref}/deeds/accept")
    return _reply(api, ref)


def answered_with_a_department(api: Api, number: int) -> int:
    """A free request of which a department does a part."""
    ref = _asked(api, number)
    api.post("window", f"/cases/{ref}/deeds/accept")
    ask = {"department": "hg", "ask": "核对报关数据", "days": 5}
    [task] = api.post("window", f"/cases/{ref}/deeds/dispatch", ask)["tasks"]
    api.post("customs", f"/tasks/{task['id']}/deeds/claim")
    opinion = {"outcome": "finished", "opinion": "数据一致。"}
    api.post("customs", f"/tasks/{task['id']}/deeds/finish", opinion)
    return _reply(api, ref)


def filed(api: Api, number: int) -> int:
    """A filing with customs: a generated form, a licence known from before, a decision."""
    ref = int(api.post("company", "/cases", {"kind": "application", "item": "customs_filing"})["id"])
    api.post("company", f"/cases/{ref}/materials/filing_form/generate")
    api.post("company", f"/cases/{ref}/deeds/submit")
    api.post("window", f"/cases/{ref}/deeds/accept")
    api.post("head", f"/cases/{ref}/deeds/approve", {"grounds": ""})
    return _deliver(api, ref)


def sent_elsewhere(api: Api, number: int) -> int:
    """A request that is not the park's to answer."""
    ref = _asked(api, number)
    body = {"reason": "outside_jurisdiction", "grounds": "请向所在区的税务机关提出。"}
    api.post("window", f"/cases/{ref}/deeds/refuse_acceptance", body)
    return ref


def withdrawn(api: Api, number: int) -> int:
    """A request that has settled itself."""
    ref = _asked(api, number)
    api.post("company", f"/cases/{ref}/deeds/withdraw", {"reason": ""})
    return ref


def _reply(api: Api, ref: int) -> int:
    api.post("window", f"/cases/{ref}/deeds/complete_review")
    api.post("window", f"/cases/{ref}/deeds/approve", {"grounds": "所询事项已答复。"})
    return _deliver(api, ref)


def _deliver(api: Api, ref: int) -> int:
    api.post("window", f"/cases/{ref}/deeds/deliver")
    api.post("company", f"/cases/{ref}/deeds/confirm")
    return ref


def _asked(api: Api, number: int) -> int:
    body = {
        "kind": "request",
        "title": f"第{number}件诉求",
        "description": "请答复办理渠道。",
        "submit": True,
    }
    return int(api.post("company", "/cases", body)["id"])


@dataclass
class Drivers:
    """Threads that each take the next story until none is left or the time is over."""

    ports: list[int]
    tokens: dict[str, str]
    stories: Iterator[tuple[int, Story]]
    failures: list[str] = field(default_factory=list)
    retries: int = 0
    ended: dict[int, Story] = field(default_factory=dict)
    _crew: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, *, threads: int, deadline: float) -> None:
        self._crew = [threading.Thread(target=self._drive, args=(deadline,)) for _ in range(threads)]
        for thread in self._crew:
            thread.start()

    @property
    def running(self) -> bool:
        return any(thread.is_alive() for thread in self._crew)

    def _drive(self, deadline: float) -> None:
        api = Api(self.ports, self.tokens)
        while time.monotonic() < deadline and (story := self._next()) is not None:
            number, play = story
            try:
                case_id = play(api, number)
            except GaveUpError as error:
                with self._lock:
                    self.failures.append(f"case {number}: {error}")
            else:
                with self._lock:
                    self.ended[case_id] = play
        api.close()
        with self._lock:
            self.retries += api.retries

    def _next(self) -> tuple[int, Story] | None:
        with self._lock:
            return next(self.stories, None)
