"""The organisation file and the tables agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from qitong.accounts.actors import Actor
from qitong.accounts.logic.roles import Role
from qitong.accounts.models import Department, Jurisdiction, Level
from qitong.accounts.organisation import REFERENCE, STREAM, load_organisation, read
from qitong.accounts.queries import leaders_of, officers_of, window_of
from qitong.kernel.errors import Refused
from tests.accounts import cast


def test_the_city_holds_the_district_and_the_district_the_park(park: Jurisdiction) -> None:
    district = Jurisdiction.objects.get(code="310151")
    city = Jurisdiction.objects.get(level=Level.CITY)
    assert (park.parent, district.parent, city.parent) == (district, city, None)


def test_loading_again_changes_nothing_and_records_nothing(park: Jurisdiction) -> None:
    assert load_organisation(by=cast.SYSTEM, at=cast.AT) == []
    assert cast.kinds(STREAM) == ["organisation.loaded"]


def test_only_what_differs_is_put_right(park: Jurisdiction) -> None:
    Department.objects.filter(code="sw").update(name_zh="国税局")
    assert load_organisation(by=cast.SYSTEM, at=cast.AT) == ["sw"]
    assert Department.objects.get(code="sw").label.zh == "税务局"


def test_the_park_receives_and_the_grid_company_is_external(park: Jurisdiction) -> None:
    assert [d.code for d in Department.objects.filter(is_window=True)] == ["zs"]
    assert [d.code for d in Department.objects.filter(external=True)] == ["dw"]
    assert Department.objects.count() == 19


def test_every_department_has_a_name_in_both_languages() -> None:
    for office in read().departments:
        assert any(c > "\u4e00" for c in office.zh)
        assert office.en.isascii()
        assert " " in office.en or office.code == "hg"


def test_a_jurisdiction_without_window_looks_upwards(park: Jurisdiction, window: Department) -> None:
    inner = Jurisdiction.objects.create(
        code="P2", name_zh="二期", name_en="Phase 2", level=Level.PARK, parent=park
    )
    assert window_of(inner) == window_of(park) == window
    assert park.parent is not None
    assert window_of(park.parent) is None


def test_a_matter_goes_to_the_nearest_leader(park: Jurisdiction) -> None:
    district = park.parent
    assert district is not None
    above = cast.officer(Role.LEADER, jurisdiction=district)
    assert leaders_of(park, cast.TODAY) == [above]
    own = cast.officer(Role.LEADER, jurisdiction=park)
    assert leaders_of(park, cast.TODAY) == [own]
    assert district.parent is not None
    assert leaders_of(district.parent, cast.TODAY) == []


def test_officers_of_a_department_are_found_by_role(market: Department, window: Department) -> None:
    reviewer = cast.officer(Role.REVIEWER, market)
    cast.officer(Role.REVIEWER, window)
    head = cast.officer(Role.DEPARTMENT_HEAD, market)
    assert officers_of(market, [Role.REVIEWER], cast.TODAY) == [reviewer]
    assert officers_of(market, [Role.REVIEWER, Role.DEPARTMENT_HEAD], cast.TODAY) == [reviewer, head]


def test_only_the_system_administrator_loads_it(db: None) -> None:
    with pytest.raises(Refused):
        load_organisation(by=Actor.visitor(), at=cast.AT)
    assert not Jurisdiction.objects.exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('parent: "310000"', 'parent: "999999"'),
        ('{code: sw, at: "310151"', '{code: sw, at: "1"'),
        ("level: city", "level: county"),
        ("departments:", "offices:"),
        ("departments:", "departments: ["),
    ],
)
def test_a_wrong_file_is_refused_whole(db: None, tmp_path: Path, old: str, new: str) -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    assert old in text
    wrong = tmp_path / "organisation.yaml"
    wrong.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(Refused) as refusal:
        load_organisation(by=cast.SYSTEM, at=cast.AT, path=wrong)
    assert refusal.value.code == "organisation"
    assert not Jurisdiction.objects.exists()
