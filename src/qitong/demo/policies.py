"""A clerk answers three questions, sees what the firm can get and why, and applies."""

from __future__ import annotations

from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.demo.stories import FARM, FARM_CLERK, GREEN, GREEN_CLERK, TIDE, TIDE_CLERK
from qitong.policies import applying, facts
from qitong.policies.logic.keeping import Given
from qitong.policies.queries import Mine, of_company

POLICY = "hi_tech_enterprise"
KNOWN: dict[str, Given] = {
    "registered_on": "2019-05-20",
    "core_ip_owned": 6,
    "in_supported_field": True,
    "tech_staff": 26,
    "employees": 118,
    "sales_last": "6480.5",
    "rd_domestic_3y": 905,
    "total_income_last": "6520",
    "major_incident_1y": False,
    "taxable_income_wan": "742.3",
}
"""What the company said earlier, in the units of the facts (万元)."""
ANSWERS: dict[str, Given] = {"rd_3y": "963.2", "sales_3y": 17_900, "hitech_income_last": "5210"}
OTHERS: dict[str, tuple[str, dict[str, Given]]] = {
    GREEN: (GREEN_CLERK, {"registered_on": "2023-03-06", "employees": 42, "revenue_last": "2860"}),
    FARM: (FARM_CLERK, {"entity": "rural_collective", "employees": 15}),
}


def policy_in_three_answers(stage: Stage) -> Case:
    """Unknown at first; after three answers only the department's judgement is left, and they apply."""
    for uscc, (clerk, given) in OTHERS.items():
        answer(stage, uscc, clerk, given)
    answer(stage, TIDE, TIDE_CLERK, KNOWN)
    answer(stage, TIDE, TIDE_CLERK, ANSWERS)
    case = applying.apply(
        enterprise_id=stage.cast.company(TIDE).pk, policy=POLICY, by=stage.who(TIDE_CLERK), at=stage.tick()
    )
    stage.fill(case, TIDE_CLERK)
    return stage.submit(case, TIDE_CLERK)


def seen(stage: Stage, uscc: str, clerk: str) -> Mine:
    return of_company(stage.cast.company(uscc), by=stage.who(clerk), on=stage.day())


def answer(stage: Stage, uscc: str, clerk: str, given: dict[str, Given]) -> None:
    """What a clerk says of their company, a fact a minute."""
    for name, value in given.items():
        facts.answer(
            enterprise_id=stage.cast.company(uscc).pk,
            name=name,
            value=value,
            by=stage.who(clerk),
            at=stage.tick(1),
        )
