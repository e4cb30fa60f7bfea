"""Policies are dated versions that nobody changes; any evaluation names a day and gets those of that day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from qitong.accounts.actors import Actor
from qitong.accounts.models import User
from qitong.cli.policies import policies
from qitong.kernel.errors import Refused
from qitong.kernel.limits import SHANGHAI
from qitong.ledger.models import Entry
from qitong.policies import editions, publish
from qitong.policies.change_models import Recheck
from qitong.policies.check import packaged
from qitong.policies.library import Entry as Policy
from qitong.policies.library import Library
from qitong.policies.models import PolicyVersion
from tests.policies.desk import TEXT, editors

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
    unnumbered = {code for code, entry in packaged().entries.items() if entry.policy.why_not_publish}
    assert {row.code for row in loaded.published} == {*packaged().entries, publish.SIZES} - unnumbered
    assert set(loaded.held) == unnumbered == {"district_srdi_award_pudong", "residence_points_sh"}
    assert {row.number for row in loaded.published} == {1}
    entry = Entry.objects.get(stream="policies")
    assert len(entry.body["versions"]) == len(loaded.published)


def test_the_same_again_is_nothing_new() -> None:
    publish.load(packaged(), by=BY, at=AT)
    again = publish.load(packaged(), by=BY, at=AT + dt.timedelta(days=1))
    assert again.published == ()
    assert len(again.unchanged) == PolicyVersion.objects.count()
    assert Entry.objects.filter(stream="policies").count() == 1


def test_further_examples_that_come_with_the_program_are_no_new_version() -> None:
    """The rule is the same for every company, so that none is judged again for their sake."""
    fewer = with_fewer_examples()
    publish.load(fewer, by=BY, at=AT)
    Recheck.objects.update(done_at=AT)
    again = publish.load(packaged(), by=BY, at=AT + dt.timedelta(days=1))
    assert again.published == ()
    assert {CODE, publish.SIZES} <= set(again.unchanged)
    assert not Recheck.objects.filter(done_at=None).exists()
    both = changed(notes=None, examples=fewer.entries[CODE].policy.examples)
    assert [row.code for row in publish.load(both, by=BY, at=AT).published] == [CODE]


def test_examples_that_people_add_are_a_version_of_theirs() -> None:
    publish.load(with_fewer_examples(), by=BY, at=AT)
    author, publisher = editors()
    loaded = publish.load(packaged(), by=publisher, at=AT, author=author)
    assert {row.code for row in loaded.published} == {CODE, publish.SIZES}


def with_fewer_examples() -> Library:
    """The packaged library, a policy and the size table with one example less than they have."""
    sizes, policy = packaged().sizes, packaged().entries[CODE].policy
    assert sizes is not None
    file = sizes.file.model_copy(update={"examples": sizes.file.examples[:-1]})
    return Library(changed(examples=policy.examples[:-1]).entries, replace(sizes, file=file))


def test_what_is_stored_reads_back_as_it_was_checked() -> None:
    publish.load(packaged(), by=BY, at=AT)
    stored = editions.on_day(AT.date()).library
    kept, checked = stored.sizes, packaged().sizes
    assert kept is not None
    assert checked is not None
    assert kept.file.content_hash == checked.file.content_hash
    assert not {"district_srdi_award_pudong", "residence_points_sh"} & set(stored.entries)
    for code, entry in packaged().entries.items():
        if entry.policy.why_not_publish:
            continue
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


def test_files_of_ones_own_are_published_by_a_second_editor() -> None:
    author, publisher = editors()
    library = changed(notes=None)
    for by, wrote in ((author, author), (publisher, None), (BY, author)):
        with pytest.raises(Refused) as refused:
            publish.load(library, by=by, at=AT, author=wrote)
        assert refused.value.code == "forbidden"
    publish.load(packaged(), by=BY, at=AT)
    (row,) = publish.load(library, by=publisher, at=AT, author=author).published
    assert (row.author_id, row.publisher_id) == (author.user_id, publisher.user_id)
    entry = Entry.objects.filter(kind="policies_published").latest("pk")
    assert (entry.by, entry.body["author"]) == (publisher.ref, author.ref)
    assert publish.load(packaged(), by=BY, at=AT).kept == (CODE,)


def test_the_command_asks_for_both_people(tmp_path: Path) -> None:
    author, publisher = editors()
    file = tmp_path / "mine.yaml"
    file.write_text(TEXT, encoding="utf-8")
    logins = [User.objects.get(pk=each.user_id or 0).login for each in (author, publisher)]
    alone = CliRunner().invoke(policies, ["load", str(file)])
    assert alone.exit_code == 2
    assert "--publisher" in alone.output
    same = CliRunner().invoke(policies, ["load", str(file), "--author", logins[0], "--publisher", logins[0]])
    assert same.exit_code == 1
    assert not PolicyVersion.objects.exists()
    both = CliRunner().invoke(
        policies, ["load", str(file), "--author", logins[0], "--publisher", logins[1], "--json"]
    )
    assert both.exit_code == 0, both.output
    assert PolicyVersion.objects.get().publisher_id == publisher.user_id


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
