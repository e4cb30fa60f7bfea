"""Refusals as problem details (RFC 9457): the same sentence as on the pages, in the reader's language."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import update_wrapper
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel, Field
from pydantic_core import to_json

from qitong.accounts.allowances import TooOften
from qitong.kernel.errors import Refused

log = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"

TITLES = {
    400: gettext_lazy("请求无法识别"),
    401: gettext_lazy("需要有效的接口令牌"),
    403: gettext_lazy("没有权限"),
    404: gettext_lazy("没有找到"),
    405: gettext_lazy("不支持这种请求方法"),
    409: gettext_lazy("现在的状态下不能办理"),
    413: gettext_lazy("请求内容太大"),
    422: gettext_lazy("填写的内容不符合要求"),
    429: gettext_lazy("请求太频繁"),
    500: gettext_lazy("系统出现错误"),
}

FORBIDDEN = frozenset({"not_allowed", "forbidden", "no_person"})
CONFLICTS = frozenset(
    {
        "wrong_state",
        "already_notified",
        "already_owner",
        "already_reminded",
        "answered",
        "asked_once",
        "children_open",
        "incomplete",
        "materials_owed",
        "no_consent",
        "not_owed",
        "not_paused",
        "not_provided",
        "not_stored",
        "own_door",
        "paused",
        "tasks_open",
        "too_late",
    }
)


class FieldError(BaseModel):
    field: str = Field(description="Name of the input; dots lead into an object")
    detail: str


class Problem(BaseModel):
    """RFC 9457. ``type`` ends in a code that does not change; ``detail`` is for people."""

    type: str = Field(examples=["/problems/not_allowed"])
    title: str
    status: int
    detail: str
    instance: str = Field(description="The path that was asked")
    errors: list[FieldError] = Field(default_factory=list, description="One line per input that is wrong")


def status_of(code: str) -> int:
    """The HTTP status of a refusal's code."""
    if code == "not_found":
        return 404
    if code in FORBIDDEN:
        return 403
    return 409 if code in CONFLICTS else 422


def problem(
    request: HttpRequest,
    status: int,
    code: str,
    detail: str,
    *,
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    body = Problem(
        type=f"/problems/{code}",
        title=str(TITLES[status]),
        status=status,
        detail=detail,
        instance=request.path,
        errors=list(errors),
    )
    return HttpResponse(to_json(body), status=status, content_type=CONTENT_TYPE, headers=headers)


def not_found(request: HttpRequest) -> HttpResponse:
    return problem(request, 404, "not_found", gettext("没有这个地址。请核对接口文档。"))


def unreadable(request: HttpRequest) -> HttpResponse:
    return problem(request, 400, "bad_request", gettext("请求内容不是有效的 JSON 或表单。"))


@csrf_exempt
def unknown(request: HttpRequest) -> HttpResponse:
    """Whatever lies under /api/ and is no operation."""
    return not_found(request)


def speaking(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view whose 404 and 405 are problem details as well."""

    def spoken(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
        try:
            response = view(request, *args, **values)
        except Http404:
            return not_found(request)
        if response.status_code != 405:
            return response
        allowed = response.headers.get("Allow", "")
        detail = gettext("这个地址只支持{methods}。").format(methods=allowed)
        return problem(request, 405, "method_not_allowed", detail, headers={"Allow": allowed})

    update_wrapper(spoken, view)
    return spoken


def install(api: NinjaAPI) -> None:
    """Teach an API to refuse in problem details, whatever went wrong."""
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(TooOften, _too_often)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _http)
    api.add_exception_handler(Http404, lambda request, _: not_found(request))
    api.add_exception_handler(SuspiciousOperation, _suspicious)
    api.add_exception_handler(MultiPartParserError, _suspicious)
    api.add_exception_handler(UnreadablePostError, _suspicious)
    api.add_exception_handler(Exception, _unexpected)


def _too_often(request: HttpRequest, refused: Any) -> HttpResponse:
    headers = {"Retry-After": str(refused.seconds)}
    return problem(request, 429, refused.code, str(refused), headers=headers)


def _refused(request: HttpRequest, refused: Any) -> HttpResponse:
    detail = str(refused)
    errors = [FieldError(field=refused.field, detail=detail)] if refused.field else []
    return problem(request, status_of(refused.code), refused.code, detail, errors=errors)


def _http(request: HttpRequest, error: Any) -> HttpResponse:
    if isinstance(error, AuthenticationError):
        given = "Authorization" in request.headers
        detail = (
            gettext("接口令牌无效、已过期或已撤销。")
            if given
            else gettext("请在 Authorization 中提供接口令牌。")
        )
        challenge = 'Bearer realm="qitong"' + (', error="invalid_token"' if given else "")
        return problem(request, 401, "unauthenticated", detail, headers={"WWW-Authenticate": challenge})
    return _suspicious(request, error)


def _suspicious(request: HttpRequest, error: Any) -> HttpResponse:
    if isinstance(error, RequestDataTooBig):
        return problem(request, 413, "too_large", gettext("请求内容太大，请分批提交。"))
    return unreadable(request)


def _unexpected(request: HttpRequest, error: Any) -> HttpResponse:
    log.error("unexpected: %s %s", request.method, request.path, exc_info=error)
    return problem(request, 500, "unexpected", gettext("系统出现错误，已记录。请稍后再试。"))


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    errors = [FieldError(field=_place(e["loc"]), detail=_why(e)) for e in error.errors]
    detail = gettext("有{n}项内容不符合要求。").format(n=len(errors))
    return problem(request, 422, "invalid", detail, errors=errors)


def _place(loc: Sequence[object]) -> str:
    """Where the input stands: without its source (``body``) and the name of our parameter."""
    inner = loc[2:] if loc[0] == "body" and len(loc) > 2 else loc[1:]
    return ".".join(str(part) for part in inner)


WHY = {
    "missing": gettext_lazy("请填写这一项。"),
    "extra_forbidden": gettext_lazy("没有这一项。"),
    "string_too_long": gettext_lazy("最多{max_length}个字符。"),
    "string_too_short": gettext_lazy("至少{min_length}个字符。"),
    "string_type": gettext_lazy("应为文字。"),
    "bool_parsing": gettext_lazy("应为 true 或 false。"),
    "int_parsing": gettext_lazy("应为整数。"),
    "int_type": gettext_lazy("应为整数。"),
    "greater_than_equal": gettext_lazy("不能小于{ge}。"),
    "less_than_equal": gettext_lazy("不能大于{le}。"),
    "enum": gettext_lazy("应为以下之一：{expected}。"),
    "literal_error": gettext_lazy("应为以下之一：{expected}。"),
    "too_long": gettext_lazy("最多{max_length}项。"),
    "too_short": gettext_lazy("至少{min_length}项。"),
    "date_from_datetime_parsing": gettext_lazy("应为日期，如 2026-09-30。"),
    "date_parsing": gettext_lazy("应为日期，如 2026-09-30。"),
}


def _why(error: Mapping[str, Any]) -> str:
    known = WHY.get(error["type"])
    if known is None:
        return gettext("格式不正确（{why}）。").format(why=error["msg"])
    return str(known).format(**error.get("ctx", {}))
