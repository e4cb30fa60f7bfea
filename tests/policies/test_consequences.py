"""Before a draft is published: who gains, who loses, what it costs; equal to what then happens."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qitong.kernel.errors import Refused
from qitong.policies import consequences, recheck, releasing
from qitong.policies.change_models import Change
from qitong.policies.consequence_models import Affected
from tests.policies.desk import AT, SYSTEM, company, editors, loaded, published, says, turned

pytestmark = pytest.mark.django_db


def test_who_gains_is_counted_with_what_it_costs_in_a_year() -> None:
    company(1, 10)
    near = company(2, 40)
    company(3, 60)
    loaded()
    author, _second = editors()
    draft = turned("4", author)
    count = consequences.ask(draft_id=draft.pk, by=author, at=AT)
    consequences.run(count.pk, at=AT, batch=1)
    count.refresh_from_db()
    assert (count.judged, count.gained, count.lost, count.unknown) == (3, 1, 0, 0)
    assert (count.cost_before, count.cost_after) == (6 * 10**6, 10 * 10**6)  # 6 and 10 万元, in 分
    assert Affected.objects.get().enterprise == near.enterprise


def test_it_is_stale_once_a_fact_or_the_day_moves_and_gone_with_its_content() -> None:
    made = company(1, 40)
    loaded()
    author, _second = editors()
    draft = turned("4", author)
    count = consequences.ask(draft_id=draft.pk, by=author, at=AT)
    consequences.run(count.pk, at=AT)
    assert not consequences.is_stale(count, AT.date())
    assert consequences.is_stale(count, AT.date() + dt.timedelta(days=1))
    says(made, "green_spent", 41, AT + dt.timedelta(minutes=1))
    assert consequences.is_stale(count, AT.date())


def test_nothing_is_published_uncounted() -> None:
    loaded()
    author, publisher = editors()
    draft = turned("4", author)
    with pytest.raises(Refused, match="请先测算"):
        releasing.publish(
            draft_id=draft.pk, seen=draft.content_hash, effective_on=AT.date(), by=publisher, at=AT
        )


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    spent=st.lists(st.one_of(st.none(), st.sampled_from([39, 40, 41, 49, 50, 51])), min_size=1, max_size=5),
    share=st.sampled_from(["3.9", "4", "4.1", "5"]),
    seed=st.integers(0, 10**6),
)
def test_what_was_foreseen_is_what_happens(spent: list[int | None], share: str, seed: int) -> None:
    from django.db import transaction

    with transaction.atomic():
        for number, amount in enumerate(spent):
            company(seed + number, amount)
        loaded()
        before = set(Change.objects.values_list("pk", flat=True))
        author, publisher = editors()
        draft = turned(share, author)
        published(draft, by=publisher)
        foreseen = {(row.enterprise_id, row.kind) for row in Affected.objects.all()}
        recheck.run(by=SYSTEM, at=AT)
        happened = {(row.enterprise_id, row.kind) for row in Change.objects.exclude(pk__in=before)}
        assert happened == foreseen
        transaction.set_rollback(True)
