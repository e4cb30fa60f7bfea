from __future__ import annotations

from django.utils import translation

from qitong.casework import conversation
from qitong.casework.models import Case
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN, GREEN_CLERK
from qitong.kernel.masking import mask_name
from qitong.notifications.models import Message
from tests.automation.queue import react_to_all


def told() -> dict[str, str]:
    found = Message.objects.filter(kind="case.note").select_related("recipient").order_by("pk")
    return {message.recipient.login: str(message.sentence) for message in found}


def test_the_other_side_is_told_once(stage: Stage) -> None:
    case = stage.submit(stage.apply(GREEN, "business_licence", GREEN_CLERK), GREEN_CLERK)
    clerk = stage.who(GREEN_CLERK)
    conversation.write(case_id=case.pk, text="章程要几份？", by=clerk, at=stage.tick())
    react_to_all(stage.at)
    react_to_all(stage.at)
    owner = Case.objects.select_related("owner").get(pk=case.pk).owner
    assert owner is not None
    assert list(told()) == [owner.login]
    assert f"（{mask_name(clerk.name)}）就“企业设立登记" in told()[owner.login]
    assert owner.name in told()[owner.login]


def test_the_company_is_told_who_wrote(stage: Stage) -> None:
    case = stage.submit(stage.apply(GREEN, "business_licence", GREEN_CLERK), GREEN_CLERK)
    owner = stage.owner(case)
    conversation.write(case_id=case.pk, text="请补一份章程", by=owner, at=stage.tick())
    react_to_all(stage.at)
    assert GREEN_CLERK in told()
    assert all("章程" not in text and text.startswith(owner.name) for text in told().values())
    with translation.override("en"):
        assert owner.name in told()[GREEN_CLERK]
