"""An address is what ``reverse`` says it is, whatever goes into its places."""

from __future__ import annotations

import pytest
from django.urls import NoReverseMatch, reverse
from pytest_django import Settings

from qitong.web.common.addresses import address

PLACES: list[tuple[str, tuple[object, ...]]] = [
    ("workbench:inbox", ()),
    ("workbench:case", ("QT26-8VHH-XPTL",)),
    ("workbench:case", ("企通 a&b%2F?",)),
    ("workbench:case", ("X0HERE",)),
    ("workbench:do-task", ("QT26-8VHH-XPTL", 7710077, "give_back")),
    ("workbench:do-task", ("X2HERE", 7710077, "X0HERE")),
    ("workbench:filter-do", (7, "rename")),
    ("workbench:document", ("6f1c2a52-5a1e-4c4e-9a0f-5d7f3b1f2a10",)),
]


@pytest.mark.parametrize(("view", "args"), PLACES)
def test_it_is_what_reverse_says_again_and_again(view: str, args: tuple[object, ...]) -> None:
    for _ in range(2):
        assert address(view, *args) == reverse(view, args=args)


@pytest.mark.parametrize("number", ["a/b", None, ""])
def test_what_cannot_stand_there_is_refused_as_ever(number: object) -> None:
    address("workbench:case", "QT26-8VHH-XPTL")
    with pytest.raises(NoReverseMatch):
        address("workbench:case", number) if number is not None else address(
            "workbench:do-task", None, 1, "x y"
        )


def test_it_follows_where_the_site_stands(settings: Settings) -> None:
    found = address("workbench:case", "QT26-8VHH-XPTL")
    settings.ROOT_URLCONF = "qitong.web.urls"
    assert address("workbench:case", "QT26-8VHH-XPTL") == reverse("workbench:case", args=["QT26-8VHH-XPTL"])
    assert found.endswith("/desk/cases/QT26-8VHH-XPTL")
