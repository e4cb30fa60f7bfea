"""A list cut by sector and size shows those, all of those, and no others, whoever reads the code."""

from __future__ import annotations

import re

import pytest

from qitong.accounts.models import Enterprise
from qitong.policies.check import packaged
from qitong.policies.logic.size import DIVISIONS, SizeTable, section
from qitong.policies.models import CompanyClass, ServicePackage
from qitong.policies.sector_cut import OUTSIDE, UNKNOWN, Cut
from tests.policies.desk import AT, new_company

LETTERS = "ABCDEFGHIJKLMNOPQRST"
CODES = ("C1411", "1411", "A0511", "51", "G5911", "5920", "J6621", "C", "L7271", "85", "")
SIZES = ("micro", "small", "", "large", "micro", "medium", "", "small", "micro", "small", "")


def table() -> SizeTable:
    sizes = packaged().sizes
    assert sizes is not None
    return sizes.table


def test_a_row_covers_what_its_expression_finds() -> None:
    digits = [f"{division}{rest:02}" for division in DIVISIONS for rest in range(0, 100, 3)]
    digits += [*DIVISIONS, "591", "7010", "7020", "7030", "7090"]
    codes = [*LETTERS, *digits, *(section(one) + one for one in digits)]
    for row in table().rows:
        found = re.compile(row.pattern)
        assert [c for c in codes if row.covers(c)] == [c for c in codes if found.search(c)], row.id


@pytest.mark.django_db
def test_every_package_and_company_is_under_just_the_sector_and_size_it_is_listed_with() -> None:
    made = [new_company(number) for number in range(len(CODES))]
    officer = made[0].administrator
    for one, code, size in zip(made, CODES, SIZES, strict=True):
        facts = {"officer": officer, "officer_reason": "rota", "proposed_by": "system:x", "proposed_at": AT}
        ServicePackage.objects.create(enterprise=one.enterprise, industry=code, size=size, **facts)
        division = code.lstrip(LETTERS)[:2]
        CompanyClass.objects.create(enterprise=one.enterprise, division=division, size=size, counted_at=AT)
    cut = Cut(table())
    rows, companies = ServicePackage.objects.all(), Enterprise.objects.all()
    by_sector = {key: set(_codes(Cut(table(), sector=key))) for key, _words in cut.sectors()}
    expected = {row.id: {c for c in CODES if c and table().row(c) is row} for row in table().rows}
    expected |= {OUTSIDE: {"J6621"}, UNKNOWN: {""}}
    assert by_sector == expected
    for size, _words in cut.sizes():
        wanted = {n for n, each in enumerate(SIZES) if each == ("" if size == UNKNOWN else size)}
        keys = {made[n].enterprise.pk for n in wanted}
        assert set(Cut(table(), size=size).packages(rows).values_list("enterprise", flat=True)) == keys
        assert set(Cut(table(), size=size).companies(companies).values_list("pk", flat=True)) == keys
    farms = Cut(table(), "agriculture", "").companies(companies)
    assert [one.pk for one in farms] == [made[2].enterprise.pk]
    unknown = Cut(table(), UNKNOWN).companies(companies)
    assert {one.pk for one in unknown} == {made[7].enterprise.pk, made[10].enterprise.pk}
    outside = Cut(table(), OUTSIDE).companies(companies)
    assert [one.pk for one in outside] == [made[6].enterprise.pk]


def _codes(cut: Cut) -> list[str]:
    return list(cut.packages(ServicePackage.objects.all()).values_list("industry", flat=True))


@pytest.mark.django_db
def test_who_was_never_counted_is_not_known() -> None:
    made = new_company(1)
    for cut in (Cut(table(), sector=UNKNOWN), Cut(table(), size=UNKNOWN)):
        assert cut.companies(Enterprise.objects.all()).get() == made.enterprise
    assert not Cut(table(), sector=OUTSIDE).companies(Enterprise.objects.all()).exists()


def test_an_address_that_names_no_sector_and_no_size_narrows_nothing() -> None:
    assert not Cut.read({"sector": "' OR 1=1", "size": "huge"}, table()).narrows
    assert Cut.read({"sector": "industry", "size": "small"}, table()) == Cut(table(), "industry", "small")
