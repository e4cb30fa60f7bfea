"""What a case was read with is its own, also where somebody narrows or orders it further."""

from __future__ import annotations

from qitong.casework import queries
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN_CLERK, TIDE_CLERK


def test_no_other_case_shows_through_what_was_read_along(stage: Stage) -> None:
    mine = stage.apply("91310151MA1JK0001T", "business_licence", GREEN_CLERK)
    stage.apply("91310151MA1JK0002X", "business_licence", TIDE_CLERK)
    case = queries.find(stage.who(GREEN_CLERK), pk=mine.pk)
    assert case is not None
    for narrowed in (case.materials.select_related("document"), case.materials.order_by("-pk")):
        assert {material.case_id for material in narrowed} == {mine.pk}
    assert case.materials.exclude(key="").count() == len(case.materials.all())
