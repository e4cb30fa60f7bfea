"""Shared materials: the company lets a department supply what it holds, for one case, revocably."""

from __future__ import annotations

import pytest

from qitong.casework import delivery, intake, queries, sharing
from qitong.casework.models import Case, CaseMaterial
from qitong.datashare import consents
from qitong.datashare.models import Consent, Origin
from qitong.demo.stage import Stage
from qitong.demo.stories import GREEN_CLERK, TIDE_CLERK
from qitong.kernel.masking import LIFTED
from tests.casework.said import again, doing, forbidden, handed_in, kinds, refused

IDS, PREMISES = "id_docs", "premises"  # of the police, core; of the planning bureau, deferrable
HELD = frozenset({IDS, PREMISES})


@pytest.fixture
def draft(stage: Stage) -> Case:
    return stage.apply("91310151MA1JK0001T", "business_licence", GREEN_CLERK, leave=HELD)


def authorise(stage: Stage, case: Case, *keys: str, login: str = GREEN_CLERK) -> list[CaseMaterial]:
    return sharing.authorise(case_id=case.pk, keys=keys, **doing(stage, login))


def fetch(stage: Stage, case: Case, key: str, login: str = "wang.fang") -> CaseMaterial:
    file = stage.paper(f"部门共享：{key}")
    return sharing.fetch(case_id=case.pk, key=key, file=file, name=f"{key}.pdf", **doing(stage, login))


def revoke(stage: Stage, material: CaseMaterial) -> None:
    assert material.consent_id is not None
    consents.revoke(material.consent_id, **doing(stage, GREEN_CLERK))


def told(stage: Stage, case: Case, text: str = "") -> Case:
    return intake.notify_correction(case_id=case.pk, text=text, by=stage.owner(case), at=stage.tick())


def test_the_consent_is_for_this_case_and_for_who_holds_the_paper(stage: Stage, draft: Case) -> None:
    authorise(stage, draft, IDS, PREMISES)
    given = Consent.objects.order_by("pk")
    assert [consent.department_codes for consent in given] == [["ga"], ["gzj"]]
    assert {consent.purpose for consent in given} == {f"办理“{draft.title}”，草稿{draft.pk}"}
    assert kinds(draft)[-1] == "case.authorise"
    said = str(queries.timeline(draft, veil=LIFTED)[0].sentence)
    assert said == "企业授权部门共享：股东及任职人员身份证明、住所（经营场所）使用证明"


def test_authorising_again_changes_nothing(stage: Stage, draft: Case) -> None:
    authorise(stage, draft, IDS)
    before = kinds(draft)
    authorise(stage, draft, IDS)
    assert kinds(draft) == before
    assert Consent.objects.count() == 1


def test_only_what_a_department_shares_and_is_missing_can_be_authorised(stage: Stage, draft: Case) -> None:
    with refused("not_sharable") as caught:
        authorise(stage, draft, IDS, "articles")
    assert "没有部门共享" in str(caught.value)
    stage.attach(draft, GREEN_CLERK, IDS, "身份证明")
    with refused("not_sharable") as caught:
        authorise(stage, draft, IDS)
    assert "已经提供" in str(caught.value)
    with refused("nothing_chosen"):
        authorise(stage, draft)


def test_only_the_company_authorises_and_only_while_it_prepares_its_file(stage: Stage, draft: Case) -> None:
    for login in (TIDE_CLERK, "wang.fang"):
        with refused("not_allowed"):
            authorise(stage, draft, IDS, login=login)
    stage.submit(draft, GREEN_CLERK)
    with refused("not_allowed"):
        authorise(stage, draft, IDS)


def test_what_is_authorised_is_not_the_companys_to_bring(stage: Stage, draft: Case) -> None:
    authorise(stage, draft, IDS)
    case = stage.submit(draft, GREEN_CLERK)
    found = queries.find(stage.who(GREEN_CLERK), pk=case.pk)
    assert found is not None
    sentence = str(queries.detail(found, today=stage.day()).light.sentence)
    assert "住所（经营场所）使用证明" in sentence
    assert "身份证明" not in sentence
    assert told(stage, case).correction_notice == (
        "缺少材料：住所（经营场所）使用证明\n由部门共享，正在获取：股东及任职人员身份证明"
    )


def test_a_notice_of_nothing_but_what_is_being_fetched_is_refused(stage: Stage, draft: Case) -> None:
    authorise(stage, draft, IDS, PREMISES)
    with refused("nothing"):
        told(stage, stage.submit(draft, GREEN_CLERK))


def test_nothing_is_accepted_before_it_was_fetched(stage: Stage, draft: Case) -> None:
    authorise(stage, draft, IDS, PREMISES)
    case = stage.submit(draft, GREEN_CLERK)
    for key in (IDS, PREMISES):
        with refused("incomplete") as caught:
            intake.accept(case_id=case.pk, by=stage.owner(case), at=stage.tick())
        assert "请先向持有部门获取" in str(caught.value)
        fetch(stage, case, key)
    assert stage.accept(case).accepted_at is not None


def test_what_was_fetched_says_from_whom_and_under_which_consent(stage: Stage, draft: Case) -> None:
    (authorised,) = authorise(stage, draft, IDS)
    case = stage.submit(draft, GREEN_CLERK)
    material = fetch(stage, case, IDS)
    assert (material.state, material.provided_at) == ("provided", stage.at)
    document = material.document
    assert document is not None
    assert (document.origin, document.source, document.consent_id) == (
        Origin.FETCHED,
        "ga",
        authorised.consent_id,
    )
    said = str(queries.timeline(case, veil=LIFTED)[0].sentence)
    assert said == "获取公安分局共享的“股东及任职人员身份证明”"
    with refused("not_sharable"):
        fetch(stage, case, IDS)


def test_the_window_helpers_and_the_lead_department_fetch_and_nobody_else(stage: Stage, draft: Case) -> None:
    authorise(stage, draft, IDS, PREMISES)
    case = stage.submit(draft, GREEN_CLERK)
    for login in (GREEN_CLERK, "hg.reviewer"):
        with refused("not_allowed"):
            fetch(stage, case, IDS, login)
    assert fetch(stage, case, IDS, "scjg.reviewer").state == "provided"


def test_nothing_is_fetched_without_a_consent_or_once_it_is_revoked(stage: Stage, draft: Case) -> None:
    (authorised,) = authorise(stage, draft, PREMISES)
    case = stage.submit(draft, GREEN_CLERK)
    with refused("no_consent"):
        fetch(stage, case, IDS)
    revoke(stage, authorised)
    with refused("no_consent") as caught:
        fetch(stage, case, PREMISES)
    assert "请先请企业在门户授权" in str(caught.value)
    assert told(stage, case).correction_notice.count("缺少材料") == 2


def test_a_consent_for_another_case_covers_nothing_here(stage: Stage, draft: Case) -> None:
    authorise(stage, draft, IDS)
    other = handed_in(stage, leave=frozenset({IDS}))
    with refused("no_consent"):
        fetch(stage, other, IDS)


def test_what_was_revoked_can_be_authorised_anew(stage: Stage, draft: Case) -> None:
    (first,) = authorise(stage, draft, IDS)
    revoke(stage, first)
    assert not again(draft).materials.get(key=IDS).is_authorised
    (second,) = authorise(stage, draft, IDS)
    assert second.consent_id != first.consent_id
    assert second.is_authorised


def test_a_told_company_answers_by_authorising(stage: Stage, draft: Case) -> None:
    case = told(stage, stage.submit(draft, GREEN_CLERK))
    authorise(stage, case, IDS, PREMISES)
    fetch(stage, case, IDS)
    answered = intake.answer_correction(case_id=case.pk, **doing(stage, GREEN_CLERK))
    assert answered.state == "submitted"
    fetch(stage, case, PREMISES)
    assert stage.accept(case).accepted_at is not None


def test_what_a_department_brings_keeps_the_companys_promise(stage: Stage, draft: Case) -> None:
    stage.attach(draft, GREEN_CLERK, IDS, "身份证明")
    stage.commit(draft, GREEN_CLERK, [PREMISES], within=2)
    authorise(stage, draft, PREMISES)
    case = stage.accept(stage.submit(draft, GREEN_CLERK))
    assert case.materials.get(key=PREMISES).state == "deferred"  # still the company's promise
    fetch(stage, case, PREMISES)
    assert case.commitments.get().state == "fulfilled"


def test_a_case_accepted_by_lapse_of_time_is_still_fetched_for(stage: Stage, draft: Case) -> None:
    authorise(stage, draft, IDS, PREMISES)
    case = stage.submit(draft, GREEN_CLERK)
    stage.days(6).sweep()
    assert again(case).accepted_at is not None
    assert "身份证明" in str(delivery.why_not_deliver(again(case)))
    assert fetch(stage, case, IDS).state == "provided"


def test_a_consent_stands_only_at_a_shared_material(stage: Stage, draft: Case) -> None:
    (authorised,) = authorise(stage, draft, IDS)
    forbidden(
        "UPDATE casework_casematerial SET consent_id = %s WHERE case_id = %s AND key = 'articles'",
        authorised.consent_id,
        draft.pk,
    )
