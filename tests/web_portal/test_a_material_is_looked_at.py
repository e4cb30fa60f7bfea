"""Looking at a material that nobody has brought yet says nothing of a mistake."""

from __future__ import annotations

from django.test import Client

from qitong.demo.stage import Stage
from tests.web_portal.conftest import GREEN, LIN


def test_before_anything_is_sent_nothing_is_wrong(lin: Client, stage: Stage) -> None:
    draft = stage.apply(GREEN, "food_business_licence", LIN)
    for material in draft.materials.all():
        answer = lin.get(f"/my/drafts/{draft.pk}/materials/{material.key}")
        assert answer.status_code == 200
        assert "请选择文件。" not in answer.content.decode()
