"""The stories: the demo data and the journey tests are this same code, through the public actions."""

from __future__ import annotations

from qitong.casework.models import Case
from qitong.demo.stage import Stage

GREEN = "91310151MA1JK0001T"


def licence_in_three_days(stage: Stage) -> Case:
    """A business licence: handed in on a phone, decided within the promised three working days."""
    case = stage.apply(GREEN, "business_licence", "13800000001")
    case = stage.submit(case, "13800000001")
    stage.accept(case)
    stage.days(1)
    stage.review_all(case)
    stage.days(1)
    stage.decide(case, "scjg.head")
    stage.deliver(case)
    return stage.confirm(case, "13800000001")
