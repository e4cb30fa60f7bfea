from __future__ import annotations

import re
from pathlib import Path

import pytest

from qitong.web.common.contrast import EDGES, GROUNDS, ON, TEXTS, contrast, themes

STATIC = Path(__file__).parents[2] / "src/qitong/web/static"
THEMES = themes((STATIC / "qitong.css").read_text())


def test_contrast_is_computed_as_the_standard_says() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_can_be_read_on_every_ground(theme: str) -> None:
    colours = THEMES[theme]
    pairs = [(text, ground) for text in TEXTS for ground in GROUNDS] + list(ON)
    measured = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair: round(value, 2) for pair, value in measured.items() if value < 5} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_one_acts_on_has_an_edge_one_can_see(theme: str) -> None:
    colours = THEMES[theme]
    measured = {
        (edge, ground): contrast(colours[edge], colours[ground]) for edge in EDGES for ground in GROUNDS
    }
    assert {pair: round(value, 2) for pair, value in measured.items() if value < 3} == {}


def test_dark_is_the_same_whether_chosen_or_by_the_device() -> None:
    assert THEMES["dark"] == THEMES["device"]
    assert THEMES["dark"].keys() == THEMES["light"].keys()


@pytest.mark.parametrize("sheet", ["portal.css", "workbench.css", "dashboard.css"])
def test_a_surface_has_no_colours_of_its_own(sheet: str) -> None:
    assert re.findall(r":[^;{}]*#[0-9a-fA-F]{3,8}\b[^;{}]*[;}]", (STATIC / sheet).read_text()) == []
