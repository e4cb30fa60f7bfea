"""An unfinished sheet is its author's alone, one for each policy, and goes with what it was for."""

from __future__ import annotations

import pytest

from qitong.accounts.actors import Actor
from qitong.kernel.errors import Refused
from qitong.ledger.models import Entry
from qitong.policies import drafting, unfinished
from qitong.policies.models import Unfinished
from tests.policies.desk import AT, CODE, editors, loaded

pytestmark = pytest.mark.django_db
TYPED = {"name": {"zh": "半", "en": ""}}


@pytest.fixture
def two() -> tuple[Actor, Actor]:
    loaded()
    return editors()


def test_the_last_that_was_put_by_counts_and_only_for_its_author(two: tuple[Actor, Actor]) -> None:
    author, other = two
    drafting.begin(code=CODE, by=author, at=AT)
    unfinished.keep(code=CODE, fresh=False, typed={}, by=author, at=AT)
    unfinished.keep(code=CODE, fresh=False, typed=TYPED, by=author, at=AT)
    kept = unfinished.of(CODE, author, fresh=False)
    assert kept is not None
    assert kept.typed == TYPED
    assert unfinished.of(CODE, other, fresh=False) is None
    entries = Entry.objects.filter(kind="policy.sheet_put_by")
    assert [entry.body for entry in entries] == [{"policy": CODE, "new": False}] * 2, "not what was typed"


def test_who_did_not_write_the_draft_puts_nothing_by(two: tuple[Actor, Actor]) -> None:
    author, other = two
    drafting.begin(code=CODE, by=author, at=AT)
    with pytest.raises(Refused) as refused:
        unfinished.keep(code=CODE, fresh=False, typed=TYPED, by=other, at=AT)
    assert refused.value.code == "forbidden"


def test_it_goes_with_its_draft(two: tuple[Actor, Actor]) -> None:
    author, other = two
    draft = drafting.begin(code=CODE, by=author, at=AT)
    unfinished.keep(code=CODE, fresh=False, typed=TYPED, by=author, at=AT)
    drafting.discard(draft_id=draft.pk, by=other, at=AT)
    assert not Unfinished.objects.exists()
    with pytest.raises(Refused) as refused:
        unfinished.keep(code=CODE, fresh=False, typed=TYPED, by=author, at=AT)
    assert refused.value.code == "not_found"


@pytest.mark.parametrize("code", ["", "Green", "1st", "a b", "x" * 61, CODE])
def test_a_new_policy_needs_a_code_of_its_own(two: tuple[Actor, Actor], code: str) -> None:
    with pytest.raises(Refused) as refused:
        unfinished.begin(code=code, typed={}, by=two[0], at=AT)
    assert refused.value.field == "code"


def test_two_authors_may_begin_under_one_code_and_the_first_to_save_has_it(two: tuple[Actor, Actor]) -> None:
    for by in two:
        unfinished.begin(code="own_award", typed={}, by=by, at=AT)
    with pytest.raises(Refused) as refused:
        unfinished.begin(code="own_award", typed={}, by=two[0], at=AT)
    assert refused.value.code == "exists"
    assert [it.code for it in unfinished.begun(two[0])] == ["own_award"]


def test_what_is_too_long_is_not_kept(two: tuple[Actor, Actor]) -> None:
    with pytest.raises(Refused) as refused:
        unfinished.begin(code="long", typed={"notes": "长" * unfinished.LONGEST}, by=two[0], at=AT)
    assert refused.value.code == "too_long"
    assert not Unfinished.objects.exists()


def test_what_was_put_by_is_dropped_once(two: tuple[Actor, Actor]) -> None:
    unfinished.begin(code="own_award", typed={}, by=two[0], at=AT)
    for _ in range(2):
        unfinished.drop(code="own_award", fresh=True, by=two[0], at=AT)
    assert Entry.objects.filter(kind="policy.sheet_dropped").count() == 1
