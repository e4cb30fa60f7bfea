"""A sheet says all that a policy says: every packaged one comes out of it as it went in."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.http import QueryDict

from qitong.kernel.yamlmarks import Document, Problem
from qitong.policies.check import packaged, read
from qitong.policies.crossrefs import Read
from qitong.policies.schema import Policy
from qitong.web.common.parts import Text
from qitong.web.workbench.policy_sheet import Sheet, form_of
from qitong.web.workbench.policy_sheet_deeds import done, settled
from qitong.web.workbench.policy_sheet_keys import keyed, slug_of
from qitong.web.workbench.policy_sheet_places import steps
from qitong.web.workbench.policy_sheet_read import typed_of
from qitong.web.workbench.policy_sheet_typed import Typed, coerce, empty, pruned, sent
from qitong.web.workbench.policy_sheet_write import Whole

LIBRARY = packaged().entries


def written(typed: Typed, code: str) -> Whole:
    whole = Whole(typed, code)
    whole.judged_rows()
    return whole


def compiled(data: dict[str, object]) -> Read:
    found = read(Document(data=data))
    assert found is not None
    return found


@pytest.mark.parametrize("code", sorted(LIBRARY))
def test_a_policy_comes_out_of_its_sheet_as_it_went_in(code: str) -> None:
    data = LIBRARY[code].policy.canonical()
    typed = typed_of(data)
    settled(typed)
    whole = written(keyed(pruned(typed)), code)
    assert not whole.wrong, {name: str(what) for name, what in whole.wrong.items()}
    again = Policy.model_validate_json(json.dumps(whole.data)).canonical()
    assert again == data
    assert compiled(whole.data).rule.digest == LIBRARY[code].rule.digest


def test_the_typed_survives_being_kept_as_json() -> None:
    typed = typed_of(LIBRARY["tech_sme"].policy.canonical(), "seen")
    assert coerce(json.loads(json.dumps(typed))) == typed


@pytest.mark.parametrize(
    "query",
    [
        "inputs=x&inputs.0=y&inputs.x.name=1",
        "conditions.99999999999999999999.rule=1&conditions.-1.rule=2&conditions.0=[]",
        "examples.0=%7B%22facts%22%3A+5%7D&examples.1=null&examples.2=%5B1%5D",
        "name=plain&name.zh=a&name.zh.x=b&valid.from.0.1.2.3.4.5.6.7=c",
        "scores.0.parts.0.bands.0.bound=%00&.=1&..=2&level=a&level=b",
        "examples.0.scores.a.b.c=1&examples.0.scores=2",
    ],
)
def test_whatever_is_sent_has_the_shape_of_a_sheet(query: str) -> None:
    typed = sent(QueryDict(query))
    assert typed.keys() == empty().keys()
    settled(typed)
    written(keyed(pruned(typed)), "x")


@pytest.mark.parametrize(
    "deed",
    [
        "add:",
        "up:conditions.0",
        "down:examples.999",
        "up:",
        "down:name.zh",
        "add:name",
        "add:conditions.0.rows.7",
        "del:conditions.9",
        "copy:inputs.0",
        "work:examples.x",
        "x:y",
        "",
        "open:",
        "fold:conditions.0.rows",
        "del:conditions.0.rows",
        "work:inputs.0",
        "refresh:nothing",
    ],
)
def test_a_deed_at_no_place_does_nothing_much(deed: str) -> None:
    typed = typed_of(LIBRARY["green_factory"].policy.canonical())
    done(typed, deed, {}, "none")
    assert coerce(typed)["name"] == typed["name"]


@pytest.mark.parametrize(
    ("loc", "field"),
    [
        (("inputs", "staff_total", "unit"), "inputs.1.unit"),
        (("inputs", "staff_total"), "inputs.1.key"),
        (("inputs", "other", "range"), "inputs.0.least"),
        (("figures", "rest", "amount"), "figures.0.amount"),
        (("scores", 2, "sum_of", 1, "bands", 3, 0), "scores.2.parts.1.bands.3.bound"),
        (("scores", 2, "best_of", 1, "bands", 3, 1), "scores.2.parts.1.bands.3.points"),
        (("scores", 2, "best_of", 0, "expr"), "scores.2.parts.0.expr"),
        (("conditions", 0, "rule"), "conditions.0.join"),
        (("examples", 0, "in", "staff_total"), "examples.0.facts.1.value"),
        (("examples", 0, "expect"), "examples.0.expect"),
        (("materials", 1, "en"), "materials.1.text.en"),
        (("exclusive_with", 0), "exclusive_with.0.id"),
        (("documents", 0, "number"), "documents.0.number"),
        (("benefit", "amount"), "benefit.amount"),
    ],
)
def test_a_place_in_the_data_is_a_field_of_the_sheet(loc: tuple[str | int, ...], field: str) -> None:
    typed = {
        "inputs": [{"key": "other", "choices": []}, {"key": "staff_total", "choices": []}],
        "figures": [{"key": "rest"}],
        "conditions": [{"join": "all"}],
        "examples": [{"facts": [{"fact": "other"}, {"fact": "staff_total"}]}],
    }
    assert ".".join(map(str, steps(loc, typed))) == field


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [False, True])
def test_however_much_is_opened_a_sheet_can_be_sent_again(wrong: bool) -> None:
    typed = typed_of(LIBRARY["tech_sme"].policy.canonical())
    for row in (*typed["inputs"], *typed["examples"]):
        row.pop("folded")
    found: dict[str, Text] = {f"examples.{n}.expect": "no" for n in range(100)} if wrong else {}
    form = form_of(Sheet("tech_sme", None, typed, focus="examples.7", wrong=found))
    fields = len(form.fields) + len(typed["inputs"]) + len(typed["examples"])
    assert fields < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    assert "examples.7.name" in form.fields, "what is looked at stays open"


@pytest.mark.django_db
def test_a_long_list_is_one_line_until_something_in_it_is_looked_at() -> None:
    typed = typed_of(LIBRARY["tech_sme"].policy.canonical())

    def tucked(focus: str = "", wrong: dict[str, Text] | None = None) -> bool:
        form = form_of(Sheet("tech_sme", None, coerce(typed), focus=focus, wrong=wrong or {}))
        lists = [part.listed for shown in form.shown for part in shown.parts if part.listed]
        return next(listed.tucked for listed in lists if listed.path == "examples")

    assert tucked()
    assert tucked("inputs.0")
    assert not tucked("examples.7")
    assert not tucked("examples")
    assert not tucked(wrong={"examples.3.expect": "no"})


def test_a_problem_knows_its_place() -> None:
    document = Document(data={})
    document.complain(("a", 0, "b"), LIBRARY["tech_sme"].policy.why_not_publish)
    assert [problem.loc for problem in document.problems if isinstance(problem, Problem)] == [("a", 0, "b")]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("R&D spending of 2025", "r_d_spending_of_2025"),
        ("3 years", "years"),
        ("全中文", ""),
        ("Staff ", "staff"),
    ],
)
def test_a_code_is_made_from_an_english_name(text: str, slug: str) -> None:
    assert slug_of(text) == slug
