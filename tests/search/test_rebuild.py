from __future__ import annotations

import datetime as dt
import json

import pytest
from click.testing import CliRunner

from qitong.automation import nightly, reactions
from qitong.casework.indexing import first_unread, rebuild
from qitong.casework.logic.flow import CASE_FLOW, TASK_FLOW
from qitong.casework.logic.story import CASE_SENTENCES
from qitong.casework.models import Case, CaseText
from qitong.cli import main
from qitong.cli.migrate import _read_for_search
from qitong.demo.stage import Stage
from tests.automation.queue import react_to_all
from tests.search.conftest import CLERK, GREEN, found

# These change neither what is written in a case nor who may see it.
CHANGES_NOTHING = {
    "case.draft",
    "case.from_policy",
    "personal_data.erased",  # erasing takes the words along itself
    "case.save",
    "case.attach",
    "case.discard",
    "case.accept",
    "case.deem_accepted",
    "case.complete_review",
    "case.confirm",
    "case.auto_confirm",
    "case.authorise",
    "case.extend",
    "case.recompute",
    "case.notes_read",
    "task.enable",
    "task.pause",
    "task.resume",
    "task.remind",
}


@pytest.fixture
def three(stage: Stage) -> list[Case]:
    made = [stage.submit(stage.request(GREEN, CLERK, f"道路积水{n}", "下雨就积水"), CLERK) for n in range(3)]
    react_to_all(stage.at)
    return made


def test_every_kind_of_entry_of_a_case_is_read_again_or_changes_nothing() -> None:
    moves = {f"case.{row.deed}" for row in CASE_FLOW} | {f"task.{row.deed}" for row in TASK_FLOW}
    known = moves | {kind for kind in CASE_SENTENCES if not kind.startswith("reminder.")}
    assert known - set(reactions.CHANGES_WORDS) <= CHANGES_NOTHING
    assert not CHANGES_NOTHING & set(reactions.CHANGES_WORDS)


def test_a_rebuild_changes_nothing_where_all_is_right(three: list[Case], stage: Stage) -> None:
    [done] = rebuild(at=stage.at)
    assert (done.cases, done.changed, done.wrong) == (3, 0, 0)


def test_what_was_lost_is_made_again_and_counted(three: list[Case], stage: Stage) -> None:
    CaseText.objects.filter(case=three[1]).delete()
    CaseText.objects.filter(case=three[2]).update(folded="", tags=[])
    assert found("积水") == {three[0].pk}
    *_, done = rebuild(at=stage.at + dt.timedelta(hours=1), batch=2)
    assert (done.cases, done.changed, done.wrong) == (3, 2, 2)
    assert found("积水") == {case.pk for case in three}


def test_a_rebuild_goes_on_where_it_was_interrupted(three: list[Case], stage: Stage) -> None:
    CaseText.objects.all().delete()
    first = next(rebuild(at=stage.at, batch=1))
    assert found("积水") == {three[0].pk}
    list(rebuild(at=stage.at, after=first.last))
    assert len(found("积水")) == 3


def test_an_upgrade_reads_what_was_there_before(three: list[Case]) -> None:
    assert first_unread() is None
    CaseText.objects.filter(case__in=three[1:]).delete()
    assert first_unread() == three[1].pk
    _read_for_search()
    assert len(found("积水")) == 3


def test_the_night_repairs_it_and_says_so(three: list[Case], stage: Stage) -> None:
    at = stage.at + dt.timedelta(hours=1)
    assert nightly.check_search(at=at) == nightly.Result(True, "3 cases, 0 were not as search had them")
    CaseText.objects.filter(case=three[0]).update(folded="")
    assert nightly.check_search(at=at) == nightly.Result(
        False, "3 cases, 1 were not as search had them", found=1
    )
    assert nightly.check_search(at=at).well


def test_what_has_just_happened_is_not_called_wrong(three: list[Case], stage: Stage) -> None:
    CaseText.objects.filter(case=three[2]).update(folded="")
    assert nightly.check_search(at=stage.at).well
    assert len(found("积水")) == 3


def test_the_command_prints_a_line_a_batch(three: list[Case]) -> None:
    CaseText.objects.all().delete()
    answer = CliRunner().invoke(main, ["search", "rebuild", "--batch", "2", "--json"])
    assert answer.exit_code == 0, answer.output
    facts = [json.loads(line) for line in answer.output.splitlines()]
    assert [fact["cases"] for fact in facts] == [2, 3]
    assert CliRunner().invoke(main, ["search", "rebuild"]).output.splitlines()[-1].startswith("Done: 3 cases")
