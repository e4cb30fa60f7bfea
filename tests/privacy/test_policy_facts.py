"""What a company said of itself goes with it, and after a period; published policies and the ledger stay."""

from __future__ import annotations

import datetime as dt

from qitong.demo.stage import Stage
from qitong.ledger.models import Text
from qitong.ledger.verify import verify
from qitong.policies.facts import answer
from qitong.policies.logic.package import Thing
from qitong.policies.models import CompanyFact, PolicyVersion, Unsuitable
from qitong.policies.suitability import declare
from qitong.privacy import erasure, retention
from qitong.privacy.logic.periods import USUAL, Kept
from tests.policies.played import published
from tests.privacy.test_erasure import CLERK, GREEN
from tests.privacy.test_retention import DAY, NIGHT


def told(stage: Stage) -> int:
    published(stage)
    company, by = stage.cast.company(GREEN).pk, stage.who(CLERK)
    answer(enterprise_id=company, name="sales_last", value="73921.57", by=by, at=stage.tick())
    declare(
        enterprise_id=company,
        thing=Thing.POLICY,
        code="green_factory",
        reason="other",
        note="嫌手续多",
        by=by,
        at=stage.tick(),
    )
    return company


def test_an_erased_company_leaves_no_figure(stage: Stage) -> None:
    told(stage)
    erasure.erase(
        subject=stage.cast.company(GREEN),
        reason="企业注销，书面请求删除",
        by=stage.who("security"),
        at=stage.tick(),
    )
    assert not CompanyFact.objects.exists()
    assert not Unsuitable.objects.exists()
    assert not Text.objects.filter(text__contains="73921.57").exists()
    assert not Text.objects.filter(text__contains="嫌手续多").exists()
    assert PolicyVersion.objects.exists()
    assert verify().whole


def test_a_fact_goes_after_its_period(stage: Stage) -> None:
    told(stage)
    given = CompanyFact.objects.get().given_at
    assert retention.sweep(by=NIGHT, at=given + USUAL[Kept.FACTS])["facts"] == 0
    assert CompanyFact.objects.exists()
    late = given + USUAL[Kept.FACTS] + dt.timedelta(seconds=1)
    assert retention.sweep(by=NIGHT, at=late)["facts"] == 1
    assert not CompanyFact.objects.exists()
    assert not Text.objects.filter(text__contains="73921.57").exists()
    assert retention.sweep(by=NIGHT, at=late + DAY)["facts"] == 0
    assert verify().whole
