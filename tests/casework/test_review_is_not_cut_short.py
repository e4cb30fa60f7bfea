from __future__ import annotations

import pytest

from qitong.casework import tasks
from qitong.demo.stage import Stage
from qitong.kernel.errors import Refused


def test_the_owner_cannot_report_an_application_before_the_departments_have(stage: Stage) -> None:
    case = stage.accept(
        stage.submit(stage.apply("91310151MA1JK0001T", "energy_review", "13800000001"), "13800000001")
    )
    with pytest.raises(Refused, match="意见到齐"):
        tasks.complete_request(case_id=case.pk, by=stage.owner(case), at=stage.tick())
