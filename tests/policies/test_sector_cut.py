"""A list cut by sector and size shows those, all of those, and no others, whoever reads the code."""

from __future__ import annotations

import re

import pytest

from qitong.accounts.models import Enterprise, User
from qitong.policies.check import packaged
from qitong.policies.logic.size import DIVISIONS, SizeTable, section
from qitong.policies.models import CompanyClass, ServicePackage
from qitong.policies.sector_cut import OUTSIDE, UNKNOWN, Cut, industry_of
from qitong.policies.sectors import division_of
from tests.policies.desk import AT, new_company

LETTERS = "ABCDEFGHIJKLMNOPQRST"
CODES = ("C1411", "1412", "A0511", "G5911", "5921", "51", "J6621", "7010", "K7020", "7090", "70", "85", "")
SIZES = ("micro", "small", "", "large", "micro", "medium", "", "small", "micro", "small", "", "large", "")


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


def sector(code: str) -> str:
    row = table().row(code) if code else None
    return row.id if row else OUTSIDE if code else UNKNOWN


@pytest.mark.django_db
def test_every_package_and_company_is_under_just_the_sector_and_size_it_is_listed_with() -> None:
    """A company is listed by its own code, or by the division it was counted under when it entered none."""
    made = [new_company(n, CODES[n] if n % 2 else "").enterprise for n in range(len(CODES))]
    officer = User.objects.first()
    for one, code, size in zip(made, CODES, SIZES, strict=True):
        facts = {"officer": officer, "officer_reason": "rota", "proposed_by": "system:x", "proposed_at": AT}
        ServicePackage.objects.create(enterprise=one, industry=code, size=size, **facts)
        CompanyClass.objects.create(enterprise=one, division=division_of(code), size=size, counted_at=AT)
    packs, companies = ServicePackage.objects.all(), Enterprise.objects.all()
    listed = {one.pk: industry_of(one) for one in companies.select_related("counted_as")}
    assert set(listed.values()) >= {"70", "7010", "G5911"}
    for key, _words in Cut(table()).sectors():
        cut = Cut(table(), sector=key)
        assert {one.industry for one in cut.packages(packs)} == {c for c in CODES if sector(c) == key}
        wanted = {pk for pk, code in listed.items() if sector(code) == key}
        assert {one.pk for one in cut.companies(companies)} == wanted, key
    for size, _words in Cut(table()).sizes():
        cut = Cut(table(), size=size)
        keys = {
            one.pk for one, its in zip(made, SIZES, strict=True) if its == ("" if size == UNKNOWN else size)
        }
        assert {one.enterprise_id for one in cut.packages(packs)} == keys
        assert {one.pk for one in cut.companies(companies)} == keys


@pytest.mark.django_db
def test_who_was_never_counted_is_not_known() -> None:
    made = new_company(1)
    for cut in (Cut(table(), sector=UNKNOWN), Cut(table(), size=UNKNOWN)):
        assert cut.companies(Enterprise.objects.all()).get() == made.enterprise
    assert not Cut(table(), sector=OUTSIDE).companies(Enterprise.objects.all()).exists()


def test_an_address_that_names_no_sector_and_no_size_narrows_nothing() -> None:
    assert not Cut.read({"sector": "' OR 1=1", "size": "huge"}, table()).narrows
    assert Cut.read({"sector": "industry", "size": "small"}, table()) == Cut(table(), "industry", "small")
