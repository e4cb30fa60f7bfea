"""A program that calls the API with one token; every call is a minute later than the last."""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.test import Client

from qitong.accounts.actors import Actor, Role
from qitong.accounts.models import Department, Enterprise
from qitong.accounts.tokens import create
from qitong.demo.stage import Stage

V1 = "/api/v1"
GREEN, GREEN_CLERK = "91310151MA1JK0001T", "13800000001"
TIDE, TIDE_CLERK = "91310151MA1JK0002X", "13800000002"
ITEM = "food_business_licence"


@dataclass
class Caller:
    stage: Stage
    raw: str = ""
    language: str = "zh"

    def get(self, path: str, **asked: Any) -> Any:
        return self._call("get", path, data=asked)

    def post(self, path: str, body: object = None, *, key: str = "") -> Any:
        content = "" if body is None else body if isinstance(body, str) else json.dumps(body)
        return self._call("post", path, data=content, content_type="application/json", key=key)

    def upload(self, path: str, content: bytes, *, name: str = "a.pdf", key: str = "") -> Any:
        return self._call("post", path, data={"file": SimpleUploadedFile(name, content)}, key=key)

    def form(self, path: str, **fields: Any) -> Any:
        return self._call("post", path, data=fields)

    def _call(self, method: str, path: str, *, key: str = "", **options: Any) -> HttpResponseBase:
        self.stage.tick(1)
        headers = {"Accept-Language": self.language}
        if self.raw:
            headers["Authorization"] = f"Bearer {self.raw}"
        if key:
            headers["Idempotency-Key"] = key
        return getattr(Client(), method)(V1 + path, headers=headers, **options)  # type: ignore[no-any-return]

    def ok(self, response: Any) -> Any:
        """The body of an answer that has to be a success."""
        assert response.status_code in (200, 201), response.content.decode()
        return response.json()


@dataclass
class Callers:
    """Gives the cast their tokens."""

    stage: Stage

    def company(self, uscc: str = GREEN, clerk: str = GREEN_CLERK) -> Caller:
        return self._token(clerk, Role.ENTERPRISE, enterprise=self.stage.cast.company(uscc))

    def window(self) -> Caller:
        """Wang Fang, on duty on Tuesdays."""
        return self.officer("wang.fang", Role.DUTY_OFFICER, "zs")

    def officer(self, login: str, role: Role, department: str = "") -> Caller:
        held = Department.objects.get(code=department) if department else None
        return self._token(login, role, department=held)

    def stranger(self) -> Caller:
        return Caller(self.stage)

    def _token(
        self,
        login: str,
        role: Role,
        *,
        department: Department | None = None,
        enterprise: Enterprise | None = None,
    ) -> Caller:
        _, raw = create(
            name=f"程序 {login}",
            user=self.stage.cast.user(login),
            role=role,
            department=department,
            enterprise=enterprise,
            days=365,
            by=Actor.system("test"),
            at=self.stage.at,
        )
        return Caller(self.stage, raw)


def pdf(stage: Stage, title: str) -> bytes:
    content: BytesIO = stage.paper(title)
    return content.getvalue()


def open_application(company: Caller, item: str = ITEM, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = company.ok(company.post("/cases", {"kind": "application", "item": item, **more}))
    return answer


def fill(company: Caller, case: dict[str, Any], *, leave: frozenset[str] = frozenset()) -> None:
    """Bring every material by API but those in ``leave``."""
    for material in case["materials"]:
        key = material["key"]
        if key in leave:
            continue
        at = f"/cases/{case['id']}/materials/{key}"
        if material["source"]["code"] == "generated":
            company.ok(company.post(f"{at}/generate"))
        else:
            company.ok(company.upload(at, pdf(company.stage, key), name=f"{key}.pdf"))


REQUEST = {
    "kind": "request",
    "title": "园区路口信号灯损坏",
    "description": "东滩路与潮汐路口信号灯损坏三天，货车进出不便。",
}
