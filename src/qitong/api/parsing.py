"""What the API reads and writes: strict JSON in, UTF-8 JSON out."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.errors import HttpError
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from pydantic_core import to_json


class StrictParser(Parser):
    """Refuses what PostgreSQL cannot keep: NUL, lone surrogates, NaN. ninja answers 400."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(request.body, parse_constant=_refuse)
        _demand_storable(json.dumps(found, ensure_ascii=False))
        if b"\\u0000" in request.body:
            _refuse("NUL")
        return found

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        for values in data.values():
            if isinstance(values, str) and "\x00" in values:
                raise HttpError(400, "NUL")
        return super().parse_querydict(data, list_fields, request)


class Json(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return to_json(data)


def _refuse(what: str) -> NoReturn:
    raise BadRequest(what)


def _demand_storable(text: str) -> None:
    text.encode()
