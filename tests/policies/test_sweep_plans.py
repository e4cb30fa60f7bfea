"""What is due is found along an index: the days of a million facts cost nothing before they come."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from qitong.policies.models import Call, Holding, Lapse, Outlook
from tests.policies.desk import AT

pytestmark = pytest.mark.django_db


def indexes(query: QuerySet[Any]) -> set[str]:
    """Those of its plan where reading a whole table, or sorting, is not allowed."""
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        sql, values = query.query.sql_with_params()
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", values)
        (found,) = cursor.fetchone()
    waiting, names = [(json.loads(found) if isinstance(found, str) else found)[0]["Plan"]], set()
    while waiting:
        node = waiting.pop()
        assert node["Node Type"] not in ("Seq Scan", "Sort", "Incremental Sort"), node
        names |= {node["Index Name"]} if "Index Name" in node else set()
        waiting += node.get("Plans", [])
    return names


def test_facts_that_lapse() -> None:
    due = Lapse.objects.filter(due_on__lte=AT.date()).order_by("due_on", "pk")
    assert indexes(due.values_list("enterprise_id", flat=True)[:500]) == {"lapse_due"}


def test_calls_and_counts_that_wait() -> None:
    assert indexes(Call.objects.filter(done_at=None).order_by("pk")) == {"call_waits"}
    newest = Outlook.objects.filter(quarter="2027Q1").order_by("-pk")[:2]
    assert indexes(newest) == {"outlook_of_quarter"}


def test_who_holds_a_policy_comes_in_the_order_of_their_keys() -> None:
    held = Holding.objects.filter(policy="tech_sme", holds=True, enterprise_id__gt=5)
    assert indexes(held.order_by("enterprise_id")[:500]) == {"holding_once"}
