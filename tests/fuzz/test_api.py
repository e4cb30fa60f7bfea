"""Whatever is sent to an operation, fitting its description or not, is answered as the description says.

Schemathesis makes the requests from the API's own OpenAPI document, so a new operation is tried from the day
it exists. Half of the time the parts of an address are of things that are there, or little would be reached.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from qitong.api.app import api
from tests.fuzz.budget import Tried, drawn
from tests.fuzz.unlost import asked
from tests.permissions.test_api import token
from tests.permissions.world import World

SCHEMA = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema())))
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations() if isinstance(found, Ok)}
HOLDERS = ("company", "another company", "owner", "reviewer at work", "leader", "auditor", "no token")
Program = Callable[[dict[str, Any], Any], list[bytes]]
PLAIN = {"Accept-Encoding": "identity"}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    """All of it, as a server calls it; only the connection, which holds the world, stays open in between."""
    handler = WSGIHandler()

    def answered(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        with closing(handler(environ, start_response)) as answer:
            return list(answer)

    ends = (signals.request_started, signals.request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield answered
    for end in ends:
        end.connect(close_old_connections)


@pytest.fixture(scope="module")
def tokens(world: World) -> dict[str, str]:
    return {who: token(world, who) for who in HOLDERS}


@pytest.fixture(scope="module")
def known(world: World) -> dict[str, list[Any]]:
    """By the name of a part of an address or of a body: values that are there."""
    cases = [world.draft, *world.handed_in()]
    keys = list(world.review.materials.values_list("key", flat=True))
    steps = list(world.review.tasks.values_list("key", flat=True))
    certificates = [c.number for c in world.done.certificates.all()]
    return {
        "ref": [*(str(case.pk) for case in cases), *(str(c.number) for c in world.handed_in())],
        "task_id": [task.pk for case in cases for task in case.tasks.all()],
        "key": keys,
        "number": certificates,
        "code": ["energy_review"],
        "item": ["energy_review", "tax_registration"],
        "department": ["jw", "hg"],
        "to": ["jw", world.login("same window"), world.login("reviewer at work")],
        "keys": [keys, steps],
        "after": [[], steps[:1]],
        "cursor": [""],
        "name": ["sales_last", "is_hi_tech", "industry_code", "registered_on"],
        "value": [None, 0, False, "4.2", "2020-02-29", "C3562"],
    }


@pytest.mark.parametrize("label", OPERATIONS)
def test_an_operation_answers_as_its_description_says(
    program: Program,
    db: None,
    *,
    tried: Tried,
    tokens: dict[str, str],
    known: dict[str, list[Any]],
    label: str,
) -> None:
    operation = OPERATIONS[label]
    right, wrong = (operation.as_strategy(mode) for mode in GenerationMode)

    @drawn(tried.test)
    @given(case=right | wrong, who=st.sampled_from(HOLDERS), data=st.data())
    def answers(case: Case[Any], who: str, data: st.DataObject) -> None:
        tried.one()
        _aim(case, known, data)
        headers = PLAIN | ({"Authorization": f"Bearer {tokens[who]}"} if tokens[who] else {})
        answer = asked(lambda: case.call(app=program, headers=headers))
        case.validate_response(answer, checks=CHECKS)

    answers()


def _aim(case: Case[Any], known: dict[str, list[Any]], data: st.DataObject) -> None:
    """Put things that are there in the places of some of those that were made up."""
    there = data.draw(st.booleans(), label="at something that is there")
    if case.path_parameters and there:
        case.path_parameters = {
            name: data.draw(st.sampled_from(known[name])) for name in case.path_parameters
        }
    if isinstance(case.body, dict):
        for name in sorted(case.body.keys() & known.keys()):
            if data.draw(st.booleans(), label=f"{name} that is there"):
                case.body[name] = data.draw(st.sampled_from(known[name]))
