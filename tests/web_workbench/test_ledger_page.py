from __future__ import annotations

from django.db import connection

from qitong.casework.models import Case
from qitong.demo.stage import Stage
from tests.web_workbench.conftest import Desk


def test_the_chain_of_a_case_is_shown_and_verified(stage: Stage, accepted: Case) -> None:
    page = Desk(stage, "wu.hong").get(f"/desk/cases/{accepted.number}/ledger").content.decode()
    assert "链条完整" in page
    assert "case.accept" in page
    assert "王芳" in page


def test_a_forged_entry_is_named(stage: Stage, accepted: Case) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE ledger_entry SET kind = 'case.refuse' WHERE stream = %s AND number = 3", [accepted.stream]
        )
        cursor.execute("SET session_replication_role = DEFAULT")
    page = Desk(stage, "wu.hong").get(f"/desk/cases/{accepted.number}/ledger").content.decode()
    assert "链条有断点" in page
    assert "第3条" in page
