"""What no example of a draft holds is on its page with some that would; until then it is not published."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from qitong.accounts.actors import Actor
from qitong.demo.stage import Stage
from qitong.kernel.errors import Refused
from qitong.ledger.models import Entry
from qitong.policies import consequences, drafting, releasing
from qitong.policies.check import check_paths, packaged
from qitong.policies.library import Library
from qitong.policies.models import PolicyVersion
from qitong.policies.publish import load
from qitong.policies.written import as_yaml
from tests.policies.desk import AT, CODE, TEXT, editors, loaded
from tests.web_workbench.conftest import Desk

pytestmark = pytest.mark.django_db
DRAFT = f"/desk/policies/{CODE}/draft"


def with_one_example(text: str) -> str:
    return text.partition("- name: far")[0]


@pytest.fixture
def two() -> tuple[Actor, Actor]:
    loaded()
    return editors()


@pytest.fixture
def bare(two: tuple[Actor, Actor]) -> PolicyVersion:
    """A draft of which nothing but the bound itself is worked."""
    draft = drafting.begin(code=CODE, by=two[0], at=AT)
    text = with_one_example(as_yaml(draft.data))
    return drafting.write(draft_id=draft.pk, text=text, seen=draft.content_hash, by=two[0], at=AT)


def test_a_draft_is_kept_but_not_published_until_examples_hold_it(
    two: tuple[Actor, Actor], bare: PolicyVersion
) -> None:
    author, publisher = two
    seen = bare.content_hash
    assert [example["name"] for example in bare.data["examples"]] == ["at"]
    consequences.run(consequences.ask(draft_id=bare.pk, by=author, at=AT).pk, at=AT)
    with pytest.raises(Refused, match="没有例子守住") as refused:
        releasing.publish(draft_id=bare.pk, seen=seen, effective_on=AT.date(), by=publisher, at=AT)
    assert refused.value.code == "boundaries"
    with pytest.raises(Refused, match="逐一核对"):
        drafting.add_examples(draft_id=bare.pk, accepted="", seen=seen, by=author, at=AT)
    assert PolicyVersion.objects.get(pk=bare.pk).content_hash == seen


def test_files_are_not_published_either_by_people(two: tuple[Actor, Actor]) -> None:
    author, publisher = two
    with pytest.raises(Refused, match="没有例子守住"):
        load(unheld(), by=publisher, at=AT, author=author)
    assert not PolicyVersion.objects.filter(number=2).exists()


def unheld() -> Library:
    """The policy with two of its examples, as a caller might have compiled it without running them."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{CODE}.yaml"
        file.write_text("".join(TEXT.splitlines(keepends=True)[:-3]), encoding="utf-8")
        found, problems = check_paths([file], examples=False)
    assert found is not None, problems
    return Library(found.entries, packaged().sizes)


def test_the_author_ticks_what_is_suggested_and_it_is_added_in_one_deed(desk_of_author: Desk) -> None:
    desk, before = desk_of_author, seen()
    page = desk.get(DRAFT).content.decode()
    section = page.partition('id="boundaries"')[2].partition("</section>")[0]
    assert "条件C1中的“≥ 5%”" in section
    assert "绿色投入：49.999999万元" in section
    assert "有条件不符合" in section
    untouched = desk.client.post(f"{DRAFT}/examples", {"seen": before}, follow=True)
    assert "请逐一核对这些例子" in untouched.content.decode()
    assert seen() == before
    digest = re.search(r'id="examples-accepted" name="accepted" value="([0-9a-f]{16})"', section)
    assert digest
    given = {"seen": before, "accepted": digest[1]}
    assert desk.client.post(f"{DRAFT}/examples", given).status_code == 302
    assert 'id="boundaries"' not in desk.get(DRAFT).content.decode()
    entry = Entry.objects.filter(kind="policy.draft_written").latest("pk")
    assert entry.body["examples"] == ["green_spent_1", "green_spent_2"]
    late = desk.client.post(f"{DRAFT}/examples", given, follow=True)
    assert "已被修改" in late.content.decode()


@pytest.fixture
def desk_of_author(stage: Stage) -> Desk:
    loaded(stage.at)
    desk = Desk(stage, "policy")
    assert desk.client.post(f"/desk/policies/{CODE}/begin").status_code == 302
    text = with_one_example(as_yaml(PolicyVersion.objects.get(code=CODE, stage="draft").data))
    assert desk.client.post(f"{DRAFT}/text", {"seen": seen(), "text": text}).status_code == 302
    return desk


def seen() -> str:
    return PolicyVersion.objects.get(code=CODE, stage="draft").content_hash
