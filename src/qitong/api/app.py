"""The API as a whole: its resources, its tokens, its problems, its description (OpenAPI 3.1)."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from qitong import __version__
from qitong.api import (
    case_deeds,
    cases,
    idempotency,
    items,
    materials,
    notes,
    packages,
    personal,
    policies,
    problems,
    task_deeds,
    tasks,
    timeline,
    workdays,
)
from qitong.api.auth import Bearer, limited
from qitong.api.parsing import Json, StrictParser

DESCRIPTION = """企通开放接口。事项和工作日可以直接查询；其他接口须使用令牌（Authorization: Bearer）。
出错时返回 RFC 9457 问题说明，语言由 Accept-Language 决定（zh 或 en）。
POST 可以带 Idempotency-Key，重试不会重复办理。"""
PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_KEY = {
    "in": "header",
    "name": idempotency.HEADER,
    "required": False,
    "schema": {"type": "string", "maxLength": idempotency.LONGEST},
    "description": "The same key again is answered the same, and the work is done once",
}


class QitongAPI(NinjaAPI):
    """Describes with every operation how it refuses."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        shapes = problems.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schema["components"]["schemas"].update(shapes.pop("$defs"), Problem=shapes)
        for operations in schema["paths"].values():
            for method, operation in operations.items():
                _describe(method, operation)
        return schema

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return str(operation.view_func.__name__)


def _describe(method: str, operation: dict[str, Any]) -> None:
    secured = "security" in operation
    always = [400, 404, 422, 429, 500]
    statuses = [*always, *([401] if secured else []), *([403, 409, 413] if method == "post" else [])]
    for status in sorted(statuses):
        operation["responses"][status] = {"description": str(problems.TITLES[status]), "content": PROBLEM}
    if secured and method == "post":
        operation["parameters"] = [*operation["parameters"], _KEY]


def build() -> QitongAPI:
    api = QitongAPI(
        title="Qitong 企通",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,
        urls_namespace="api-v1",
        renderer=Json(),
        parser=StrictParser(),
    )
    problems.install(api)
    api.add_decorator(idempotency.once)
    api.add_decorator(limited)
    for public in (items, workdays):
        api.add_router("", public.router)
    of_cases = (cases, case_deeds, tasks, task_deeds, materials, timeline, notes, personal)
    for secured in (*of_cases, policies, packages):
        api.add_router("", secured.router, auth=Bearer())
    return api


api = build()
