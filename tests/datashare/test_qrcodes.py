"""QR codes that readers read: the same modules that an independent encoder makes."""

from __future__ import annotations

from qitong.datashare.qrcodes import QUIET, modules, runs

BY_ANOTHER = """
#######.##.##.#.#.#######
#.....#.###..##.#.#.....#
#.###.#.....##.#..#.###.#
#.###.#.##.#.##...#.###.#
#.###.#..##...###.#.###.#
#.....#..#.#..#.#.#.....#
#######.#.#.#.#.#.#######
........#..#...##........
#.##.###.###...##.#..#.##
..#....##...##...#.#...#.
#..##.######.#..#####....
.#...#..##.##.#......##..
#######.#..#####.##.#.###
.#.#.#.#.###..#######...#
.###.##..##.###.#...#.##.
#..###.#.###.#.######...#
....#.#.#.##.############
........#.#...#.#...#.#.#
#######.##.##...#.#.#.###
#.....#.#...#####...#..##
#.###.#..##.#...######..#
#.###.#.##..##.#.##.#####
#.###.#.##.......##.#.##.
#.....#..#.##.##.##.#.#..
#######.#.#.###..########
"""
"""``https://example.org/中文`` at level M under mask 3, as segno 1.6.6 draws it."""


def test_a_code_is_what_another_encoder_makes() -> None:
    drawn = ["".join(".#"[dark] for dark in row) for row in modules("https://example.org/中文")]
    assert drawn == BY_ANOTHER.split()


def test_light_surrounds_it() -> None:
    rows = modules("https://example.org/v/7", border=QUIET)
    edge = [*rows[:QUIET], *rows[-QUIET:], *(row[:QUIET] for row in rows), *(row[-QUIET:] for row in rows)]
    assert not any(map(any, edge))
    assert len(rows) == len(rows[0]) == 25 + 2 * QUIET


def test_bars_are_the_dark_modules() -> None:
    rows = modules("https://example.org/v/7")
    painted = [[False] * len(rows) for _ in rows]
    for row, column, length in runs(rows):
        painted[row][column : column + length] = [True] * length
    assert painted == rows
