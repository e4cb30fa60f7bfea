"""The snapshot of all companies says of each what is said of it alone: facts old, foreign, revoked."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qitong.accounts.actors import actor_for
from qitong.accounts.models import Department, Enterprise
from qitong.cli.policies import policies
from qitong.datashare import consents
from qitong.datashare.models import Consent
from qitong.policies import gathering, queries
from qitong.policies.check import packaged
from qitong.policies.engines import batch, companies, snapshot
from qitong.policies.features import derived
from qitong.policies.logic.rule import FieldSpec
from qitong.policies.logic.units import UNITS, Kind
from qitong.policies.models import CompanyFact
from qitong.policies.receiving import PURPOSE
from tests.policies.desk import AT, CODE, company, loaded

pytestmark = pytest.mark.django_db
ON = AT.date()
COMPANIES = 12
_ENDS = (0, 1, 2, 100, 500, "0.05", "49.999999", "50", "1200.5", 10**9, "-3", "0.1234567", "1e3", "x")


def some_value(random: Random, spec: FieldSpec) -> Any:
    """What may stand in a row: usually such a fact, sometimes what it was under an older version."""
    if random.random() < 0.1:
        return random.choice([True, "", ["a"], "2026-02-28", 7, "9999999999999.5"])
    match spec.kind:
        case Kind.BOOL:
            return random.random() < 0.5
        case Kind.CODE:
            return random.choice([*(code for code, _ in spec.codes), "C3562", "31", "L", "no_such"])
        case Kind.CODES:
            known = [code for code, _ in spec.codes]
            return sorted(random.sample(known, min(len(known), 2)))
        case Kind.DATE:
            return random.choice(["2019-05-20", "2024-02-29", "2026-11-23", "2026-12-24", "1850-01-01"])
    return random.choice(_ENDS)


def some_facts(random: Random, made: list[Any]) -> None:
    fields = list(packaged().fields.values())
    rows = []
    for one in made:
        revoked = random.random() < 0.5
        consent = Consent.objects.create(
            enterprise=one.enterprise,
            purpose=PURPOSE,
            department_codes=["tax"],
            given_by=one.administrator,
            given_at=AT,
            revoked_at=AT if revoked else None,
            revoked_by=one.administrator if revoked else None,
        )
        for spec in random.sample(fields, 60):
            for _ in range(random.choice((1, 1, 2, 3))):
                shared = random.random() < 0.3
                units = [u for u, unit in UNITS.items() if unit.kind is spec.kind]
                rows.append(
                    CompanyFact(
                        enterprise=one.enterprise,
                        name=spec.name,
                        year=random.choice([2025, 2025, 2025, 2024, 2026, None]),
                        value=some_value(random, spec),
                        unit=spec.unit if random.random() < 0.8 else random.choice([*units, "wan", "bool"]),
                        source="shared" if shared else "answer",
                        consent=consent if shared else None,
                        as_of=ON - dt.timedelta(days=random.choice([-1, 0, 5, 92, 93, 366, 367, 900])),
                        given_by=one.administrator,
                        given_at=AT + dt.timedelta(minutes=random.randrange(5)),
                    )
                )
    CompanyFact.objects.bulk_create(rows)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32))
def test_every_company_comes_out_as_it_does_alone(tmp_path: Path, seed: int) -> None:
    from django.db import transaction

    with transaction.atomic():
        random = Random(seed)
        made = [company(seed % 10**5 * 10 + n, None, None) for n in range(COMPANIES)]
        for one in made[::2]:
            Enterprise.objects.filter(pk=one.enterprise.pk).update(
                industry_code=random.choice(["C3562", "3562", "L7291", "J66", ""])
            )
        some_facts(random, made)
        library, file = packaged(), tmp_path / "C.parquet"
        snapshot.write(file, library.fields, ON, connection.connection)
        found: dict[tuple[int, str], tuple[str, str]] = {}
        for frame in batch.pairs(batch.population(library, file, ON), None):
            found |= {(c, p): (outcome, missing) for c, p, outcome, missing in frame.iter_rows()}
        alone = gathering.facts_of([one.enterprise.pk for one in made], library, ON)
        for one in made:
            assert _of_page(one.enterprise) == alone[one.enterprise.pk]
        wanted = {}
        for key, facts in alone.items():
            for entry in library.in_force(ON):
                told = entry.matcher.explain(facts)
                if told.outcome != "not_eligible":
                    wanted[key, entry.policy.id] = (told.outcome.value, ",".join(sorted(told.missing)))
        sorted_ = {pair: (o, ",".join(sorted(filter(None, m.split(","))))) for pair, (o, m) in found.items()}
        assert sorted_ == wanted
        transaction.set_rollback(True)


def _of_page(enterprise: Enterprise) -> dict[str, Any]:
    """What the company's own page says, by the packaged policies."""
    enterprise.refresh_from_db()
    known = queries.known_of(enterprise, packaged().fields, ON)
    given = {name: one.value for name, one in known.items() if one.value is not None}
    return derived(given, ON, packaged())


def test_a_snapshot_keeps_exact_amounts_and_who_said_nothing(tmp_path: Path) -> None:
    made, silent = company(1, None, None), company(2, None, None)
    for name, value in (("sales_last", "99999999.999999"), ("rd_last", 0)):
        CompanyFact.objects.create(
            enterprise=made.enterprise, name=name, year=2025, value=value, unit="wan", source="answer",
            as_of=ON, given_by=made.administrator, given_at=AT,
        )  # fmt: skip
    file = tmp_path / "C.parquet"
    taken = snapshot.write(file, packaged().fields, ON, connection.connection)
    assert (taken.companies, taken.facts) == (2, 2)
    frame = pl.read_parquet(file)
    assert frame["company_id"].to_list() == [made.enterprise.pk, silent.enterprise.pk]
    assert frame["sales_last"].to_list() == [99999999.999999, None]
    assert frame["rd_last"].to_list() == [0, None]
    assert companies.day_of(file) == ON


def test_a_snapshot_of_one_day_is_not_asked_about_another(tmp_path: Path) -> None:
    company(1, None, None)
    file = tmp_path / "C.parquet"
    snapshot.write(file, packaged().fields, ON, connection.connection)
    command = ["batch", "--companies", str(file), "--out", str(tmp_path / "O.parquet"), "--json", "--on"]
    said = CliRunner().invoke(policies, [*command, "2026-11-24"])
    assert said.exit_code == 1
    assert "is a snapshot of 2026-11-23" in said.output
    assert not (tmp_path / "O.parquet").exists()
    said = CliRunner().invoke(policies, [*command, str(ON)])
    assert said.exit_code == 0, said.output
    assert json.loads(said.output)["companies"] == 1


@pytest.mark.django_db(transaction=True)
def test_the_commands_lead_from_a_feed_to_who_can_get_what(tmp_path: Path) -> None:
    made = company(1, None)
    Department.objects.create(
        code="tax", name_zh="税务局", name_en="Tax office", jurisdiction=made.enterprise.jurisdiction
    )
    loaded()
    by = actor_for(made.administrator, on=AT.date())
    consents.give(enterprise_id=made.enterprise.pk, purpose=PURPOSE, department_codes=["tax"], by=by, at=AT)
    feed, day = tmp_path / "tax.csv", str(ON)
    feed.write_text(f"uscc,green_spent\n{made.enterprise.uscc},60.5\n")
    said = _run("facts", str(feed), "--department", "tax", "--as-of", day)
    assert (said["companies"], said["facts"]) == (1, 1)
    file, out = tmp_path / "C.parquet", tmp_path / "O.parquet"
    assert _run("snapshot", "--on", day, "--out", str(file))["companies"] == 1
    _run("batch", "--published", "--companies", str(file), "--on", day, "--out", str(out))
    assert pl.read_parquet(out)["policy_id"].to_list() == [CODE]


def _run(*command: str) -> dict[str, Any]:
    said = CliRunner().invoke(policies, [*command, "--json"])
    assert said.exit_code == 0, said.output
    told: dict[str, Any] = json.loads(said.output)
    return told
