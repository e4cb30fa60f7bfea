"""A frozen query answers as the one it was made from, whatever the values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from threading import Thread

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.test.utils import CaptureQueriesContext

from qitong.accounts.models import Department, Jurisdiction
from qitong.accounts.places import Below
from qitong.sql.frozen import Frozen, held


@pytest.fixture(autouse=True)
def places(db: None) -> dict[str, Jurisdiction]:
    city = Jurisdiction.objects.create(code="C", name_zh="市", name_en="City", level="city")
    parks = [
        Jurisdiction.objects.create(code=c, name_zh=f"100%{c}", name_en=c, level="park", parent=city)
        for c in "AB"
    ]
    return {place.code: place for place in (city, *parks)}


def _coded(code: str) -> QuerySet[Jurisdiction]:
    return Jurisdiction.objects.select_related("parent").filter(
        Q(code=code) | Q(name_zh="100%Z"), level="park"
    )


def test_other_values_give_other_rows_of_one_text(places: dict[str, Jurisdiction]) -> None:
    coded = Frozen(_coded)
    for _ in range(3):
        assert coded(code="A") == [places["A"]]
        assert coded(code="B")[0].parent == places["C"]
        assert coded(code="?") == []
    with CaptureQueriesContext(connection) as asked:
        assert coded(code="'; DROP TABLE x; --") == []
    assert len(asked) == 1


def test_a_constant_with_a_percent_sign_stays_one(places: dict[str, Jurisdiction]) -> None:
    parks = Frozen(
        lambda pk: Jurisdiction.objects.filter(pk__gt=pk, name_zh__contains="0%A").values_list("code")
    )
    assert parks(pk=0) == [("A",)]


def test_collections_are_put_in_by_element_or_whole(places: dict[str, Jurisdiction]) -> None:
    among = Frozen(lambda ids: Jurisdiction.objects.filter(pk__in=ids).order_by("code"))
    assert among(ids={places["A"].pk, places["C"].pk}) == [places["A"], places["C"]]
    assert among(ids={places["B"].pk, places["C"].pk}) == [places["B"], places["C"]]
    assert among(ids=frozenset()) == []
    below = Frozen(lambda ids: Jurisdiction.objects.filter(pk__in=Below(ids)).order_by("code"))
    assert [place.code for place in below(ids=[places["C"].pk])] == ["A", "B", "C"]
    assert [place.code for place in below(ids=[places["B"].pk])] == ["B"]


def test_none_and_shapes_are_queries_of_their_own(places: dict[str, Jurisdiction]) -> None:
    def make(newest: bool, *, parent: int | None) -> QuerySet[Jurisdiction]:
        rows = Jurisdiction.objects.filter(parent=parent)
        return rows.order_by("-code" if newest else "code")

    children = Frozen(make)
    assert children(False, parent=None) == [places["C"]]
    assert [place.code for place in children(False, parent=places["C"].pk)] == ["A", "B"]
    assert [place.code for place in children(True, parent=places["C"].pk)] == ["B", "A"]


def test_annotations_unions_and_subqueries_are_read_as_ever(places: dict[str, Jurisdiction]) -> None:
    Department.objects.create(code="x", name_zh="x", name_en="x", jurisdiction=places["A"])
    working = Department.objects.filter(jurisdiction=OuterRef("pk"))
    marked = Frozen(
        lambda code: (
            Jurisdiction.objects.filter(code__gte=code).annotate(works=Exists(working)).order_by("code")
        )
    )
    assert [vars(place)["works"] for place in marked(code="A")] == [True, False, False]
    both = Frozen(
        lambda a, b: (
            Jurisdiction.objects.filter(code=a)
            .values_list("code", Value("one"))
            .union(Jurisdiction.objects.filter(code=b).values_list("code", Value("other")), all=True)
        )
    )
    assert sorted(both(a="A", b="B")) == [("A", "one"), ("B", "other")]


def test_days_and_moments_are_values() -> None:
    on, at = dt.date(2026, 3, 3), dt.datetime(2026, 3, 3, 9, tzinfo=dt.UTC)
    rows = Frozen(
        lambda on, at: Jurisdiction.objects.filter(
            departments__tasks__due_on__lt=on, departments__tasks__enabled_at__lt=at
        )
    )
    assert rows(on=on, at=at) == []
    assert rows(on=on + dt.timedelta(days=1), at=at) == []


@pytest.mark.parametrize("pk", [2**63, 10**20, -(2**64)])
def test_a_number_that_no_column_holds_finds_nothing(pk: int) -> None:
    assert Frozen(lambda pk: Jurisdiction.objects.filter(pk=pk))(pk=pk) == []


def test_what_is_asked_in_vain_is_refused() -> None:
    with pytest.raises(TypeError, match="no place for"):
        Frozen(lambda pk: Jurisdiction.objects.all())(pk=1)


def test_what_is_made_of_a_value_is_refused_for_it_would_be_kept_as_a_constant() -> None:
    makes: list[tuple[Callable[..., QuerySet[Jurisdiction]], int | str]] = [
        (lambda pk: Jurisdiction.objects.filter(Q(pk=pk) | Q(pk=pk + 1)), 1),
        (lambda code: Jurisdiction.objects.filter(Q(code=code) | Q(code__contains=code)), "A"),
        (lambda code: Jurisdiction.objects.filter(code=code).annotate(said=Value(f"of {code}")), "A"),
    ]
    for make, value in makes:
        name = make.__code__.co_varnames[0]
        with pytest.raises(TypeError, match="not what it makes of it"):
            Frozen(make)(**{name: value})
    later = Frozen(
        lambda on: Jurisdiction.objects.filter(
            Q(departments__tasks__due_on=on) | Q(departments__tasks__due_on__gt=on + dt.timedelta(days=30))
        )
    )
    with pytest.raises(TypeError, match="not what it makes of it"):
        later(on=dt.date(2026, 3, 3))


def test_a_shape_that_says_only_where_it_lies_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot tell"):
        Frozen(lambda shape, *, pk: Jurisdiction.objects.filter(pk=pk))(object(), pk=1)


def test_what_is_held_is_not_asked_for(places: dict[str, Jurisdiction]) -> None:
    own = Department(code="y", name_zh="y", name_en="y")
    held(places["A"], "departments", [own])
    with CaptureQueriesContext(connection) as asked:
        assert list(places["A"].departments.all()) == [own]
        assert own.jurisdiction is places["A"]
    assert len(asked) == 0


@pytest.mark.django_db(transaction=True)
def test_threads_share_a_query_and_not_a_connection() -> None:
    codes = Frozen(lambda code: Jurisdiction.objects.filter(code=code).values_list("code", flat=True))
    found: list[list[str]] = []

    def ask() -> None:
        found.extend(codes(code="A") for _ in range(20))
        connection.close()

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [["A"]] * 80
