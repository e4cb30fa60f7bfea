"""An editor turns a number, a second one publishes, and exactly who gained is told, once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from qitong.kernel.errors import Refused
from qitong.ledger.models import Entry
from qitong.notifications.models import Message
from qitong.policies import drafting, editions, recheck, releasing
from qitong.policies.change_models import Change, Holding, Recheck
from qitong.policies.logic.package import Thing
from qitong.policies.logic.turns import Cause
from qitong.policies.models import PolicyVersion, Unsuitable
from tests.automation.queue import react_to_all
from tests.policies.desk import AT, CODE, SYSTEM, company, editors, loaded, published, turned, turned_on

pytestmark = pytest.mark.django_db


def test_exactly_the_companies_that_gained_are_told_and_once() -> None:
    far, near, there = company(1, 10), company(2, 40), company(3, 60)
    loaded()
    react_to_all(AT)
    author, publisher = editors()
    draft = turned("4", author)
    later = AT + dt.timedelta(hours=1)
    published(draft, by=publisher, at=later)
    recheck.run(by=SYSTEM, at=later)
    react_to_all(later)
    [message] = Message.objects.filter(kind="policy.gained", created_at=later)
    assert message.recipient_id == near.administrator.pk
    assert str(message.sentence) == (
        "政策发布了新版本，第2企业有限公司现在符合“绿色投入奖励”的条件："
        "绿色投入 ÷ 上年度营业额应不低于4%。申报截至2026年12月15日（周二）。"
    )
    assert message.change == Change.objects.get(enterprise=near.enterprise)
    assert {(row.enterprise_id, row.turn) for row in Holding.objects.filter(holds=True)} == {
        (near.enterprise.pk, 1),
        (there.enterprise.pk, 1),
    }
    recheck.ask([CODE], AT.date(), Cause.CALENDAR)
    recheck.run(by=SYSTEM, at=later)
    react_to_all(later)
    assert Message.objects.filter(kind="policy.gained").count() == 2
    assert not Change.objects.filter(enterprise=far.enterprise).exists()


def test_a_stricter_rule_takes_away_silently() -> None:
    made = company(1, 50)
    loaded()
    author, publisher = editors()
    draft = drafting.begin(code=CODE, by=author, at=AT)
    text = __import__("qitong.policies.written", fromlist=["x"]).as_yaml(draft.data)
    text = (
        text.replace("5%", "6%")
        .replace("green_spent: 50", "green_spent: 60")
        .replace("benefit: 5", "benefit: 6")
        .replace("benefit: 60", "benefit: 50")
        .replace("green_spent: 600.000001", "green_spent: 500.000001")
        .replace("green_spent: 49.999999", "green_spent: 59.999999")
        .replace("benefit: 4.9999999", "benefit: 5.9999999")
    )
    draft = drafting.write(draft_id=draft.pk, text=text, seen=draft.content_hash, by=author, at=AT)
    published(draft, by=publisher, at=AT)
    recheck.run(by=SYSTEM, at=AT)
    kinds = Change.objects.filter(enterprise=made.enterprise).order_by("turn").values_list("kind", "told")
    assert list(kinds) == [("gained", True), ("lost", False)]


def test_what_was_declared_unsuitable_is_not_told() -> None:
    made = company(1, 40)
    loaded()
    by = made.administrator
    Unsuitable.objects.create(
        enterprise=made.enterprise,
        thing=Thing.POLICY,
        code=CODE,
        reason="no_need",
        declared_by=by,
        declared_at=AT,
    )
    author, publisher = editors()
    draft = turned("4", author)
    published(draft, by=publisher, at=AT)
    recheck.run(by=SYSTEM, at=AT)
    assert Change.objects.get().told is False
    assert not Entry.objects.filter(kind="policy.gained").exists()


def test_the_author_cannot_publish_nor_can_the_table_be_made_to_say_so() -> None:
    loaded()
    author, _second = editors()
    draft = turned("4", author)
    with pytest.raises(Refused, match="不能自己发布"):
        published(draft, by=author, at=AT)
    with pytest.raises(IntegrityError, match="policy_published_by_another"), transaction.atomic():
        PolicyVersion.objects.filter(pk=draft.pk).update(
            stage="published",
            published_at=AT,
            published_by=author.ref,
            publisher_id=author.user_id,
            effective_on=AT.date(),
        )
    assert PolicyVersion.objects.get(pk=draft.pk).stage == "draft"


def test_what_was_seen_is_what_is_published() -> None:
    loaded()
    author, publisher = editors()
    draft = turned("4", author)
    seen = draft.content_hash
    turned_on(draft, "3", by=author)
    with pytest.raises(Refused, match="重新核对"):
        releasing.publish(draft_id=draft.pk, seen=seen, effective_on=AT.date(), by=publisher, at=AT)


def test_a_version_keeps_its_days_and_the_next_waits_for_its_own() -> None:
    company(1, 40)
    loaded()
    author, publisher = editors()
    draft = turned("4", author)
    on = dt.date(2026, 12, 1)
    published(draft, by=publisher, on=on)
    recheck.run(by=SYSTEM, at=AT)
    assert not Change.objects.exists()
    assert editions.on_day(dt.date(2026, 11, 30)).versions[CODE][1] == 1
    assert editions.on_day(on).versions[CODE][1] == 2
    recheck.run(by=SYSTEM, at=AT + dt.timedelta(days=9))  # a day late: nothing is lost
    assert Change.objects.get().kind == "gained"
    waiting = Recheck.objects.filter(done_at=None).order_by("due_on").values_list("due_on", flat=True)
    assert list(waiting) == [dt.date(2026, 12, 16), dt.date(2028, 1, 1)]
