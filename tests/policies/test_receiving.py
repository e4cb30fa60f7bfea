"""A department's figures of many companies: under their consent, once, whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from qitong.accounts.actors import Actor, actor_for
from qitong.accounts.enterprises import Registration
from qitong.accounts.models import Department, Jurisdiction
from qitong.datashare import consents
from qitong.kernel.errors import Refused
from qitong.ledger.models import Entry, Text
from qitong.policies import editions, receiving
from qitong.policies.change_models import Change
from qitong.policies.engines import feeds
from qitong.policies.engines.companies import Unreadable
from qitong.policies.models import CompanyFact
from qitong.policies.receiving import Receipt
from tests.automation.queue import deferred, react_to_all
from tests.policies.desk import AT, SYSTEM, company, loaded

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(hours=1)


@pytest.fixture
def three() -> list[Registration]:
    """Of three companies two let the tax office share; a further policy is published."""
    made = [company(number, None) for number in (1, 2, 3)]
    park = Jurisdiction.objects.get(code="310151-P1")
    Department.objects.create(code="tax", name_zh="税务局", name_en="Tax office", jurisdiction=park)
    loaded()
    for one in made[:2]:
        allowed(one, receiving.PURPOSE)
    allowed(made[2], "办理食品经营许可")
    return made


def allowed(made: Registration, purpose: str) -> None:
    by = actor_for(made.administrator, on=AT.date())
    consents.give(enterprise_id=made.enterprise.pk, purpose=purpose, department_codes=["tax"], by=by, at=AT)


def csv(folder: Path, made: list[Registration], spent: str = "60") -> Path:
    file = folder / "tax.csv"
    lines = [f"{one.enterprise.uscc},{spent}" for one in made]
    file.write_text("\n".join(["uscc,green_spent", *lines]) + "\n", encoding="utf-8")
    return file


def received(file: Path, at: dt.datetime = LATER, *, by: Actor = SYSTEM, department: str = "tax") -> Receipt:
    rows = feeds.read(file, editions.on_day(at.date()).library.fields)
    return receiving.receive(department=department, as_of=AT.date(), rows=rows, by=by, at=at)


def test_only_who_allows_it_for_this_purpose_is_taken_and_judged(
    three: list[Registration], tmp_path: Path
) -> None:
    file = csv(tmp_path, three)
    with file.open("a") as more:
        more.write("91310151MA1JK0001T,9\n")
    assert received(file) == Receipt(companies=2, facts=2, not_here=1, without_consent=1)
    assert len(deferred()[-1].args["entry_ids"]) == 2
    react_to_all(LATER)
    gained = set(Change.objects.values_list("enterprise_id", "told"))
    assert gained == {(one.enterprise.pk, True) for one in three[:2]}
    fact = CompanyFact.objects.get(enterprise=three[0].enterprise, name="green_spent")
    assert (fact.value, fact.unit, fact.year, fact.source, fact.as_of) == (
        60,
        "wan",
        2025,
        "shared",
        AT.date(),
    )
    assert fact.consent is not None


def test_workers_share_what_follows(
    three: list[Registration], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "TOGETHER", 1)
    received(csv(tmp_path, three))
    jobs = [set(job.args["entry_ids"]) for job in deferred()]
    shared = set(Entry.objects.filter(kind=receiving.SHARED).values_list("pk", flat=True))
    assert [len(job & shared) for job in jobs][-2:] == [1, 1]
    assert shared <= set().union(*jobs)
    react_to_all(LATER)
    assert sorted(Change.objects.values_list("enterprise_id", flat=True)) == sorted(
        one.enterprise.pk for one in three[:2]
    )


def test_sent_again_it_is_kept_once_and_a_corrected_figure_counts(
    three: list[Registration], tmp_path: Path
) -> None:
    received(csv(tmp_path, three))
    assert received(csv(tmp_path, three)) == Receipt(unchanged=2, without_consent=1)
    assert received(csv(tmp_path, three[:1], "60.5"), LATER + dt.timedelta(hours=1)).facts == 1
    assert Entry.objects.filter(kind="policy.facts_shared").count() == 3


def test_what_the_company_said_later_stands(three: list[Registration], tmp_path: Path) -> None:
    from tests.policies.test_turning import answered

    answered(three[0], "green_spent", 10, AT + dt.timedelta(days=1))
    assert received(csv(tmp_path, three[:1]), AT + dt.timedelta(days=2)) == Receipt(older=1)


def test_the_figures_stand_beside_the_ledger(three: list[Registration], tmp_path: Path) -> None:
    received(csv(tmp_path, three, "61.25"))
    entry = Entry.objects.filter(kind="policy.facts_shared").first()
    assert entry is not None
    assert entry.body["facts"] == ["green_spent"]
    assert "61.25" not in str(entry.body)
    assert Text.objects.get(entry=entry).text == '{"green_spent": "\\"61.25\\""}'


def mistakes(file: Path) -> list[str]:
    with pytest.raises(Unreadable) as wrong:
        received(file)
    assert not CompanyFact.objects.filter(source="shared").exists()
    assert not Entry.objects.filter(kind="policy.facts_shared").exists()
    return [str(problem).removeprefix(f"{file}:") for problem in wrong.value.problems]


def test_a_wrong_cell_is_named_by_row_and_column_and_nothing_is_kept(
    three: list[Registration], tmp_path: Path
) -> None:
    file = csv(tmp_path, three[:1])
    with file.open("a") as more:
        more.write(f"{three[1].enterprise.uscc},viel\n91310151MA1JK0001X,1\n{three[0].enterprise.uscc},2\n")
    assert mistakes(file) == [
        "3:2: 第2行，列green_spent：请为“绿色投入”填写数字，如 1200.5。",
        "4:1: 第3行，列uscc：统一社会信用代码的校验位不符，请逐位核对营业执照。",
        f"5:1: 第4行，列uscc：{three[0].enterprise.uscc}与第1行重复。",
    ]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"green_spent": ["60"]}, "列green_spent应为数，不是String。"),
        ({"green_spend": [60]}, "不认识列green_spend，是否应为green_spent？"),
        (
            {"green_spent": [60.1234567]},
            "第1行，列green_spent：green_spent（wan）最多6位小数，请舍去其后的数位，写作 60.123456。",
        ),
        ({"green_spent": [-1]}, "第1行，列green_spent：green_spent（wan）应在0至100000000之间。"),
    ],
)
def test_a_parquet_of_wrong_types_is_refused(
    three: list[Registration], tmp_path: Path, columns: dict[str, list[object]], said: str
) -> None:
    file = tmp_path / "tax.parquet"
    pl.DataFrame({"uscc": [three[0].enterprise.uscc], **columns}).write_parquet(file)
    assert mistakes(file) == [f"1:1: {said}"]


def test_what_is_no_table_is_refused(three: list[Registration], tmp_path: Path) -> None:
    file = tmp_path / "tax.parquet"
    file.write_bytes(b"uscc")
    assert "不是可读的Parquet文件" in mistakes(file)[0]
    file = tmp_path / "gbk.csv"
    file.write_bytes("uscc,绿色\n".encode("gbk"))
    assert "不是可读的CSV（UTF-8）文件" in mistakes(file)[0]


def test_a_feed_that_breaks_off_keeps_nothing(three: list[Registration], tmp_path: Path) -> None:
    def half() -> Iterator[receiving.Row]:
        yield next(iter(feeds.read(csv(tmp_path, three), editions.on_day(AT.date()).library.fields)))
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        receiving.receive(department="tax", as_of=AT.date(), rows=half(), by=SYSTEM, at=LATER)
    assert not CompanyFact.objects.filter(source="shared").exists()


def test_only_the_system_receives_from_a_known_department(three: list[Registration], tmp_path: Path) -> None:
    person = actor_for(three[0].administrator, on=AT.date())
    for refusal, given in (("forbidden", {"by": person}), ("not_found", {"department": "zz"})):
        with pytest.raises(Refused) as refused:
            received(csv(tmp_path, three), **given)
        assert refused.value.code == refusal
