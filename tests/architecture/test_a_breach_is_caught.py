"""Each rule can fail: a snippet that breaks it is caught, its lawful neighbour is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture import rules
from tests.architecture.rules import Module, Rule

LONG = "def f() -> None:\n" + "    x = 1\n" * 41

BROKEN = [
    (rules.foreign_keys_point_downwards, "accounts/models.py", 'k = models.ForeignKey("casework.Case", x)'),
    (rules.foreign_keys_point_downwards, "ledger/models.py", "k = ForeignKey(settings.AUTH_USER_MODEL, x)"),
    (rules.foreign_keys_point_downwards, "web/models.py", 'k = OneToOneField(to="api.Thing")'),
    (rules.surfaces_do_not_write, "web/portal/views.py", "Case.objects.create(title=t)"),
    (rules.surfaces_do_not_write, "web/portal/views.py", "case.save()"),
    (rules.surfaces_do_not_write, "api/cases.py", "Case.objects.filter(pk=1).update(title=t)"),
    (rules.surfaces_do_not_write, "api/cases.py", "rows.update(title=t)"),
    (rules.surfaces_do_not_write, "api/cases.py", "case.delete()"),
    (rules.surfaces_do_not_write, "api/cases.py", "Case.objects.bulk_create(rows)"),
    (rules.state_changes_through_the_door, "casework/tasks.py", "task.state = State.DONE"),
    (rules.state_changes_through_the_door, "casework/tasks.py", "a.x, task.state = 1, 2"),
    (rules.state_changes_through_the_door, "casework/tasks.py", "rows.update(state=CaseState.DONE)"),
    (rules.state_changes_through_the_door, "web/views.py", "Case.objects.filter(pk=1).update(state=s)"),
    (rules.state_changes_through_the_door, "demo/stories.py", 'setattr(case, "state", s)'),
    (rules.state_changes_through_the_door, "casework/sweep.py", 'T.objects.bulk_update(rows, ["state"])'),
    (rules.state_changes_through_the_door, "notifications/send.py", "case.state = s"),
    (rules.time_is_an_argument, "casework/intake.py", "at = timezone.now()"),
    (rules.time_is_an_argument, "casework/models.py", "at = models.DateTimeField(default=timezone.now)"),
    (rules.time_is_an_argument, "kernel/workdays.py", "today = dt.date.today()"),
    (rules.time_is_an_argument, "accounts/login.py", "day = timezone.localdate()"),
    (rules.files_are_short, "casework/intake.py", "x = 1\n" * 401),
    (rules.functions_are_short, "casework/intake.py", LONG),
    (rules.everything_has_an_owner, "casework/utils.py", ""),
    (rules.everything_has_an_owner, "web/helpers/dates.py", ""),
]
LAWFUL = [
    (rules.foreign_keys_point_downwards, "casework/models.py", 'k = ForeignKey("accounts.Enterprise", x)'),
    (rules.foreign_keys_point_downwards, "casework/models.py", 'k = models.ForeignKey("self", x)'),
    (rules.surfaces_do_not_write, "web/portal/views.py", "intake.create(title=t, by=by, at=at)"),
    (rules.surfaces_do_not_write, "web/portal/views.py", 'context.update({"a": 1})'),
    (rules.surfaces_do_not_write, "web/portal/views.py", "request.session.delete()"),
    (rules.surfaces_do_not_write, "casework/intake.py", "case.save()"),
    (rules.state_changes_through_the_door, "casework/move.py", "case.state = target"),
    (rules.state_changes_through_the_door, "casework/tasks.py", "if task.state == State.DONE: pass"),
    (rules.state_changes_through_the_door, "notifications/send.py", "delivery.state = s"),
    (rules.state_changes_through_the_door, "casework/tasks.py", "material.state = MaterialState.MISSING"),
    (rules.state_changes_through_the_door, "casework/tasks.py", "case.m.update(state=MaterialState.OK)"),
    (rules.time_is_an_argument, "web/views.py", "at = timezone.now()"),
    (rules.time_is_an_argument, "datashare/jobs.py", "at = timezone.now()"),
    (rules.time_is_an_argument, "casework/intake.py", "day = timezone.localdate(at)"),
    (rules.files_are_short, "casework/intake.py", "x = 1\n" * 400),
    (rules.everything_has_an_owner, "kernel/workdays.py", ""),
]


@pytest.mark.parametrize(("rule", "path", "text"), BROKEN)
def test_a_breach_is_caught_and_explained(rule: Rule, path: str, text: str) -> None:
    found = list(rule(Module(Path(path), text)))
    assert len(found) == 1
    assert len(found[0][1]) > 40, "a rule says why, and what instead"


@pytest.mark.parametrize(("rule", "path", "text"), LAWFUL)
def test_what_is_lawful_passes(rule: Rule, path: str, text: str) -> None:
    assert not list(rule(Module(Path(path), text)))


def test_signature_and_docstring_do_not_count_towards_the_length() -> None:
    documented = (
        "def f(\n    *,\n"
        + "".join(f"    a{i}: int,\n" for i in range(20))
        + ') -> None:\n    """'
        + "\n    why\n" * 30
        + '    """\n'
        + "    x = 1\n" * 30
    )
    assert not list(rules.functions_are_short(Module(Path("kernel/x.py"), documented)))
