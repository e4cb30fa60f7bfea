"""Lists are read along their indexes, so a page costs the same among a million cases."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection

from qitong.accounts.models import User
from qitong.casework import lists, queries
from qitong.casework.logic.filters import ANY, OPEN, Filter, Scope, Sort
from qitong.casework.logic.flow import OPEN_STATES
from qitong.catalogue.calendar import current
from qitong.demo.stage import Stage

PAGE = 26
GREEN, CLERK = "91310151MA1JK0001T", "13800000001"


def _plan(sql: str, values: tuple[Any, ...] = ()) -> list[dict[str, Any]]:
    """The nodes of the plan where rows are few and sorting them, or reading them all, is not allowed."""
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", values)
        (found,) = cursor.fetchone()
    waiting, nodes = [json.loads(found)[0]["Plan"] if isinstance(found, str) else found[0]["Plan"]], []
    while waiting:
        node = waiting.pop()
        nodes.append(node)
        waiting += node.get("Plans", [])
    return nodes


@pytest.mark.parametrize(
    ("state", "sort", "index"),
    [
        (OPEN, Sort.DUE, "case_open_by_due"),
        (OPEN, Sort.RECEIVED, "case_open_by_receipt"),
        (ANY, Sort.RECEIVED, "case_by_receipt"),
    ],
)
@pytest.mark.parametrize("login", ["wang.fang", "sw.reviewer", "zhou.jun", "wu.hong"])
def test_the_inbox_is_read_along_an_index(
    stage: Stage, login: str, state: str, sort: Sort, index: str
) -> None:
    actor, calendar, today = stage.who(login), current(), stage.day()
    by = Filter(scope=Scope.ALL, state=state, sort=sort)
    rows = lists.cut(queries.as_list(lists.handed_in(actor)), actor, by, calendar=calendar, today=today)
    order = ("due", "pk") if sort is Sort.DUE else ("-submitted_at", "-pk")
    nodes = _plan(*rows.order_by(*order)[:PAGE].query.sql_with_params())
    assert index in {node.get("Index Name") for node in nodes}
    assert not {node["Node Type"] for node in nodes} & {"Sort", "Incremental Sort"}


@pytest.mark.parametrize("login", ["wang.fang", "sw.reviewer", "zhou.jun", "wu.hong"])
@pytest.mark.parametrize("scope", Scope)
def test_what_is_found_way_by_way_is_what_is_seen(stage: Stage, login: str, scope: Scope) -> None:
    for item in ("tax_registration", "energy_review", "export_tax_refund"):
        stage.accept(stage.submit(stage.apply(GREEN, item, CLERK), CLERK))
    actor = stage.who(login)
    seen = lists.handed_in(actor).filter(lists.belongs(actor, scope)).filter(state__in=OPEN_STATES)
    pks = set(seen.values_list("pk", flat=True))
    parts = lists.cut_apart(actor, Filter(scope=scope), calendar=current(), today=stage.day())
    assert {case.pk for part in parts for case in part} == pks
    for most in (0, 1, 9):
        (found,) = User.objects.values_list(lists.count_open(lists.Hands.of(actor), scope, most=most))[0]
        assert found == min(len(pks), most + 1)
