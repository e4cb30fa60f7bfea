"""Of each paper of a policy: what is there and from where; nobody is said to have what they never gave."""

from __future__ import annotations

from qitong.casework import drafts
from qitong.casework.logic.clock import day_of
from qitong.casework.models import Case, CaseMaterial
from qitong.catalogue.queries import edition_on
from qitong.datashare import documents
from qitong.policies import papers
from qitong.policies.check import packaged
from qitong.policies.papers import Paper, Standing
from tests.policies.conftest import Company
from tests.policies.played import LIN, TIDE

POLICY, ITEM = "hi_tech_enterprise", "hi_tech_enterprise"


def found(company: Company, code: str = POLICY) -> dict[str, Paper]:
    policy = packaged().entries[code].policy
    told = papers.of(company.enterprise.pk, [policy], edition_on(company.stage.day()))[code]
    return {paper.spec.key or paper.spec.zh: paper for paper in told}


def standings(company: Company, code: str = POLICY) -> dict[str, Standing]:
    return {key: paper.standing for key, paper in found(company, code).items()}


def begun(company: Company) -> Case:
    return drafts.start_application(
        enterprise_id=company.enterprise.pk,
        item_code=ITEM,
        by=company.stage.who(LIN),
        at=company.stage.tick(),
    )


def test_who_never_gave_anything_has_nothing(green: Company) -> None:
    assert standings(green) == {
        "app_form": Standing.MADE,
        "ip_docs": Standing.MISSING,
        "rd_audit": Standing.MISSING,
        "fin_audit": Standing.SHARED,
        "staff_note": Standing.SHARED,
    }
    by = found(green)["staff_note"].department
    assert by is not None
    assert by.zh.endswith("局")


def test_what_lies_in_a_draft_and_what_was_handed_in_are_told_apart(green: Company) -> None:
    stage, case = green.stage, begun(green)
    stage.attach(case, LIN, "ip_docs", "专利证书")
    held = found(green)["ip_docs"].held
    assert held is not None
    assert (held.case, held.number) == (case.pk, "")
    stage.fill(case, LIN)
    case = stage.submit(case, LIN)
    held = found(green)["ip_docs"].held
    assert held is not None
    assert (held.case, held.number, day_of(held.on)) == (case.pk, case.number, stage.day())


def test_a_form_made_for_one_case_is_never_what_is_there_for_another(green: Company) -> None:
    """Keys such as app_form are those of many items; the figures in the form are of one case."""
    stage, case = green.stage, begun(green)
    stage.fill(case, LIN)
    stage.submit(case, LIN)
    assert CaseMaterial.objects.get(case=case, key="app_form").document is not None
    for code in (POLICY, "srdi_sme_2026", "residence_points_sh"):
        assert standings(green, code)["app_form"] is Standing.MADE
        assert found(green, code)["app_form"].held is None


def test_what_was_taken_back_is_missing_again(green: Company) -> None:
    stage, case = green.stage, begun(green)
    stage.attach(case, LIN, "ip_docs", "专利证书")
    document = CaseMaterial.objects.get(case=case, key="ip_docs").document
    assert document is not None
    drafts.detach(case_id=case.pk, key="ip_docs", by=stage.who(LIN), at=stage.tick())
    held = found(green)["ip_docs"].held
    assert held is not None
    assert held.case is None
    documents.withdraw(document.pk, by=stage.who(LIN), at=stage.tick())
    assert standings(green)["ip_docs"] is Standing.MISSING


def test_another_companys_papers_are_its_own(green: Company) -> None:
    stage = green.stage
    stage.attach(begun(green), LIN, "ip_docs", "专利证书")
    policy = packaged().entries[POLICY].policy
    other = stage.cast.company(TIDE)
    told = papers.of(other.pk, [policy], edition_on(stage.day()))[POLICY]
    assert Standing.HELD not in {paper.standing for paper in told}
