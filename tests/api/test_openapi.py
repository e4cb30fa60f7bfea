from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from inspect import getmembers, isclass
from pkgutil import iter_modules
from typing import Any

import pytest
from django.test import Client
from pydantic import BaseModel

from qitong import api
from qitong.api import case_deeds, problems, task_deeds
from qitong.casework.logic.flow import CASE_FLOW, TASK_FLOW, Deed, Party
from tests.api.caller import V1, Callers

BY_FILE = {Deed.ATTACH, Deed.FETCH, Deed.CURE, Deed.VERIFY, Deed.ANSWER_SUPPLEMENT}
"""Deeds with a file or a material have an address of their own."""


@pytest.fixture
def schema(callers: Callers) -> dict[str, Any]:
    answer = Client().get(f"{V1}/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def _operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def test_it_is_openapi_3_and_public(schema: dict[str, Any]) -> None:
    assert schema["openapi"].startswith("3.")
    assert schema["info"]["version"]
    assert all(path.startswith(f"{V1}/") for path in schema["paths"])


def test_every_reference_leads_somewhere(schema: dict[str, Any]) -> None:
    found = set(_references(schema))
    assert found
    for reference in found:
        node: Any = schema
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]


def test_every_operation_has_a_name_a_summary_and_its_problems(schema: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in _operations(schema)]
    assert len(names) == len(set(names))
    for _, _, operation in _operations(schema):
        assert operation["summary"]
        assert any(status.startswith("2") for status in operation["responses"])
        for status, response in operation["responses"].items():
            assert response["description"]
            if status.startswith(("4", "5")):
                assert list(response["content"]) == [problems.CONTENT_TYPE]


def test_every_part_of_an_address_is_declared(schema: dict[str, Any]) -> None:
    for path, _, operation in _operations(schema):
        declared = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
        assert declared == set(re.findall(r"{(\w+)}", path))


def test_only_public_facts_are_open(schema: dict[str, Any]) -> None:
    open_paths = {path for path, _, operation in _operations(schema) if "security" not in operation}
    assert open_paths == {
        f"{V1}/{path}" for path in ("items", "items/{code}", "workdays/add", "workdays/between")
    }
    assert schema["components"]["securitySchemes"]["Bearer"]["scheme"] == "bearer"


def test_every_secured_post_takes_an_idempotency_key(schema: dict[str, Any]) -> None:
    for _, method, operation in _operations(schema):
        has = any(p["name"] == "Idempotency-Key" for p in operation["parameters"])
        assert has == (method == "post" and "security" in operation)


def test_every_deed_that_people_can_do_has_an_address() -> None:
    flow = {row.deed for row in (*CASE_FLOW, *TASK_FLOW) if row.who != (Party.SYSTEM,)}
    table = {row.deed for row in (*case_deeds.CASE_DEEDS, *task_deeds.TASK_DEEDS)}
    assert flow - table == BY_FILE
    assert table <= flow


def test_no_two_shapes_share_a_name() -> None:
    """ninja keeps shapes by class name: the second would silently replace the first."""
    modules = [import_module(f"qitong.api.{found.name}") for found in iter_modules(api.__path__)]
    found = {
        shape
        for module in modules
        for _, shape in getmembers(module, isclass)
        if issubclass(shape, BaseModel) and shape.__module__.startswith("qitong.api")
    }
    names = [shape.__name__ for shape in found]
    assert len(names) == len(set(names))
