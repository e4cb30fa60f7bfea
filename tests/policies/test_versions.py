"""Policies are dated versions that nobody changes; any evaluation names a day and gets those of that day."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from qitong.accounts.actors import Actor
from qitong.accounts.models import User
from qitong.kernel.errors import Refused
from qitong.kernel.limits import SHANGHAI
from qitong.ledger.models import Entry
from qitong.policies import editions, publish
from qitong.policies.check import packaged
from qitong.policies.library import Entry as Policy
from qitong.policies.library import Library
from qitong.policies.models import PolicyVersion

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
BY = Actor.system("test")
CODE = "hi_tech_enterprise"


def changed(**update: object) -> Library:
    """The packaged library with another hi-tech policy."""
    library = packaged()
    old = library.entries[CODE]
    new = Policy(old.policy.model_copy(update=update), old.rule, old.matcher, old.validity)
    return Library({**library.entries, CODE: new}, library.sizes)


def test_loading_publishes_every_policy_and_the_size_table_with_one_entry() -> None:
    loaded = publish.load(packaged(), by=BY, at=AT)
    assert len(loaded.published) == len(packaged().entries) + 1
    assert {row.number for row in loaded.published} == {1}
    entry = Entry.objects.get(stream="policies")
    assert len(entry.body["versions"]) == len(loaded.published)


def test_the_same_again_is_nothing_new() -> None:
    publish.load(packaged(), by=BY, at=AT)
    again = publish.load(packaged(), by=BY, at=AT + dt.timedelta(days=1))
    assert again.published == ()
    assert len(again.unchanged) == PolicyVersion.objects.count()
    assert Entry.objects.filter(stream="policies").count() == 1


def test_what_is_stored_reads_back_as_it_was_checked() -> None:
    publish.load(packaged(), by=BY, at=AT)
    stored = editions.on_day(AT.date()).library
    kept, checked = stored.sizes, packaged().sizes
    assert kept is not None
    assert checked is not None
    assert kept.file.content_hash == checked.file.content_hash
    for code, entry in packaged().entries.items():
        assert stored.entries[code].policy.content_hash == entry.policy.content_hash
        assert stored.entries[code].rule.digest == entry.rule.digest
        assert stored.entries[code].validity == entry.validity


def test_a_day_has_the_version_that_was_in_force_on_it() -> None:
    publish.load(packaged(), by=BY, at=AT, effective_on=dt.date(2026, 11, 1))
    later = changed(notes=None)
    assert [
        r.number for r in publish.load(later, by=BY, at=AT, effective_on=dt.date(2026, 12, 1)).published
    ] == [2]
    assert editions.on_day(dt.date(2026, 10, 31)).library.entries == {}
    before, after = editions.on_day(dt.date(2026, 11, 30)), editions.on_day(dt.date(2026, 12, 1))
    assert before.library.entries[CODE].policy.notes is not None
    assert after.library.entries[CODE].policy.notes is None
    assert (before.versions[CODE][1], after.versions[CODE][1]) == (1, 2)


def test_a_later_version_is_not_undone_by_an_earlier_day() -> None:
    publish.load(changed(notes=None), by=BY, at=AT, effective_on=dt.date(2026, 12, 1))
    assert publish.load(packaged(), by=BY, at=AT).kept == (CODE,)


def test_what_people_published_stays_when_the_program_brings_its_own() -> None:
    publish.load(packaged(), by=BY, at=AT)
    one, other = (User.objects.create(login=f"{n}@qitong.example", name=n) for n in ("one", "other"))
    mine = changed(notes=None).entries[CODE].policy
    PolicyVersion.objects.create(
        code=CODE, number=2, stage="published", data=mine.canonical(), content_hash=mine.content_hash,
        effective_on=AT.date(), author=one, authored_by=one.ref, authored_at=AT,
        publisher=other, published_by=other.ref, published_at=AT,
    )  # fmt: skip
    assert publish.load(packaged(), by=BY, at=AT).kept == (CODE,)


def test_nobody_publishes_what_they_wrote_themselves() -> None:
    one = User.objects.create(login="one@qitong.example", name="one")
    policy = packaged().entries[CODE].policy
    with pytest.raises(IntegrityError, match="policy_published_by_another"), transaction.atomic():
        PolicyVersion.objects.create(
            code=CODE, number=1, stage="published", data=policy.canonical(), content_hash=policy.content_hash,
            effective_on=AT.date(), author=one, authored_by=one.ref, authored_at=AT,
            publisher=one, published_by=one.ref, published_at=AT,
        )  # fmt: skip


def test_a_person_does_not_load_files() -> None:
    with pytest.raises(Refused) as refused:
        publish.load(packaged(), by=Actor(ref="user:1", user_id=1, name="何佳"), at=AT)
    assert refused.value.code == "forbidden"


@pytest.mark.parametrize(
    "deed", ["UPDATE policies_policyversion SET number = 9", "DELETE FROM policies_policyversion"]
)
def test_the_database_refuses_to_change_what_is_published(deed: str) -> None:
    publish.load(packaged(), by=BY, at=AT)
    with (
        pytest.raises(DatabaseError, match="stay as they were"),
        transaction.atomic(),
        connection.cursor() as c,
    ):
        c.execute(deed)


def test_a_draft_may_be_rewritten_and_given_up() -> None:
    policy = packaged().entries[CODE].policy
    row = PolicyVersion.objects.create(
        code=CODE, number=1, data=policy.canonical(), content_hash=policy.content_hash,
        authored_by=BY.ref, authored_at=AT,
    )  # fmt: skip
    PolicyVersion.objects.filter(pk=row.pk).update(content_hash="0" * 64)
    assert PolicyVersion.objects.filter(pk=row.pk).delete()[0] == 1


def test_a_day_costs_one_small_query_once_it_was_read(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    publish.load(packaged(), by=BY, at=AT)
    editions.on_day(AT.date())
    with django_assert_num_queries(1):
        editions.on_day(AT.date())
