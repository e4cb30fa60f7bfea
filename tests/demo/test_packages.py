from __future__ import annotations

from qitong.demo.packages import service_packages
from qitong.demo.stage import Stage
from qitong.ledger.verify import verify
from tests.policies.played import published


def test_one_is_being_answered_one_was_sent_one_waits_at_the_window(stage: Stage) -> None:
    published(stage)
    made = service_packages(stage)
    assert sorted(row.stage for row in made) == ["opened", "proposed", "sent"]
    answering = next(row for row in made if row.stage == "opened")
    answers = list(answering.lines.values_list("answer", flat=True))
    assert {"accepted", "unsuitable", ""} == set(answers)
    assert verify().whole
