"""Cases where others have come to than those of the world, and somebody with an app and a login elsewhere."""

from __future__ import annotations

from typing import Any

from qitong.accounts.models import ExternalIdentity, SecondFactor, User
from qitong.casework import tasks
from qitong.casework.logic.terms import TaskOutcome
from qitong.casework.models import Case, Task
from qitong.demo.stage import Stage
from tests.permissions.world import GREEN, ITEM, LIN

LACKING = "construction_permit"  # its proof of insurance may follow later


def further_cases(stage: Stage) -> list[Case]:
    """Handed in; to be decided; a task claimed, one returned; two requests; the last two are drafts."""
    _proofs(stage)
    new = stage.submit(stage.apply(GREEN, "tax_registration", LIN), LIN)
    ripe, claimed, returned = (_accepted(stage, stage.apply(GREEN, ITEM, LIN)) for _ in range(3))
    stage.review_all(ripe)
    by = stage.who("jw.reviewer")
    tasks.claim(task_id=_step(claimed).pk, by=by, at=stage.tick())
    tasks.return_task(task_id=_step(returned).pk, reason="不归我们管", by=by, at=stage.tick())
    open_, done = (_accepted(stage, _request(stage, title)) for title in ("门口积水", "路灯不亮"))
    first = stage.dispatch(done, "jw", "请到现场看一看", days=3)
    stage.review(done, first.key, TaskOutcome.FINISHED)
    tasks.complete_request(case_id=done.pk, by=stage.owner(done), at=stage.tick())
    lacking = stage.apply(GREEN, LACKING, LIN, leave=frozenset({"injury_ins"}))
    return [new, ripe, claimed, returned, open_, done, _request(stage, "楼道没有灯"), lacking]


def _accepted(stage: Stage, draft: Case) -> Case:
    return stage.accept(stage.submit(draft, LIN))


def _request(stage: Stage, title: str) -> Case:
    return stage.request(GREEN, LIN, title, f"{title}，已经一周")


def _step(case: Case) -> Task:
    return case.tasks.get(department__code="jw")


def _proofs(stage: Stage) -> None:
    who: dict[str, Any] = {"user": User.objects.order_by("pk")[0]}
    at = stage.at
    ExternalIdentity.objects.create(**who, issuer="https://id.example", subject="x", linked_at=at)
    SecondFactor.objects.create(**who, nonce="x", made_at=at, confirmed_at=at, last_step=1)
