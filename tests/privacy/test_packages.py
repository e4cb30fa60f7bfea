"""A service package goes with its company, and some years after it ended; the ledger stays whole."""

from __future__ import annotations

import datetime as dt

from qitong.demo.stage import Stage
from qitong.ledger.models import Text
from qitong.ledger.verify import verify
from qitong.policies import peers, proposing, suitability
from qitong.policies.logic.package import Thing
from qitong.policies.models import CompanyClass, PackageLine, ServicePackage, Unsuitable
from qitong.privacy import erasure, retention
from qitong.privacy.logic.periods import USUAL, Kept
from tests.policies.played import published
from tests.privacy.test_erasure import CLERK, GREEN
from tests.privacy.test_retention import NIGHT

WRITTEN, DECLINED = "老顾的厂下半年要出口", "屋顶是租的"


def prepared(stage: Stage) -> int:
    published(stage)
    company, by = stage.cast.company(GREEN).pk, stage.who("wang.fang")
    peers.count(at=stage.tick())
    proposing.propose(enterprise_id=company, by=by, at=stage.tick())
    proposing.write(enterprise_id=company, text=WRITTEN, by=by, at=stage.tick())
    suitability.declare(
        enterprise_id=company,
        thing=Thing.ITEM,
        code="pv_grid_connection",
        reason="other",
        note=DECLINED,
        by=stage.who(CLERK),
        at=stage.tick(),
    )
    return company


def test_an_erased_company_leaves_no_package(stage: Stage) -> None:
    prepared(stage)
    erasure.erase(
        subject=stage.cast.company(GREEN),
        reason="企业注销，书面请求删除",
        by=stage.who("security"),
        at=stage.tick(),
    )
    company = stage.cast.company(GREEN).pk
    assert not ServicePackage.objects.exists()
    assert not PackageLine.objects.exists()
    assert not Unsuitable.objects.exists()
    assert not CompanyClass.objects.filter(pk=company).exists()
    peers.count(at=stage.tick())
    assert not CompanyClass.objects.filter(pk=company).exists()
    for written in (WRITTEN, DECLINED):
        assert not Text.objects.filter(text__contains=written).exists()
    assert verify().whole


def test_an_ended_package_goes_after_its_period_and_an_open_one_stays(stage: Stage) -> None:
    company = prepared(stage)
    far = stage.at + dt.timedelta(days=3650)
    assert retention.sweep(by=NIGHT, at=far)["packages"] == 0
    ended = proposing.withdraw(enterprise_id=company, by=stage.who("wang.fang"), at=stage.tick()).ended_at
    assert ended is not None
    assert retention.sweep(by=NIGHT, at=ended + USUAL[Kept.PACKAGES])["packages"] == 0
    late = ended + USUAL[Kept.PACKAGES] + dt.timedelta(seconds=1)
    assert retention.sweep(by=NIGHT, at=late)["packages"] == 1
    assert not ServicePackage.objects.exists()
    assert not Text.objects.filter(text__contains=WRITTEN).exists()
    assert verify().whole
