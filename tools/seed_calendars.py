"""Compute the festivals to come in ``kernel/calendars.json``; the announced years stay as they are.

* ``years``: what the State Council's General Office has announced, 2004 to 2026. A day in late
  December that belongs to the next year's notice is filed there, so that replacing a year replaces
  exactly what its notice says. A newly announced year is loaded from its notice (docs/recipes).
* ``festivals``: when Spring Festival, Qingming, Dragon Boat and Mid-Autumn will fall, 2027 to 2100,
  computed by the rules of GB/T 33661-2017 (a month starts on the day of the new moon at UTC+8, the
  winter solstice lies in the eleventh month, the first month without a principal term is the leap
  month) from the new-moon and solar series in Jean Meeus, Astronomical Algorithms, ch. 25 and 49.
"""

from __future__ import annotations

import datetime as dt
import json
from math import floor, radians, sin
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "src/qitong/kernel/calendars.json"
LAST_ANNOUNCED, LAST = 2026, 2100

# Meeus, table 49.A: coefficient in days, power of the eccentricity factor, multiples of M, M', F.
NEW_MOON = (
    (-0.40720, 0, 0, 1, 0),
    (0.17241, 1, 1, 0, 0),
    (0.01608, 0, 0, 2, 0),
    (0.01039, 0, 0, 0, 2),
    (0.00739, 1, -1, 1, 0),
    (-0.00514, 1, 1, 1, 0),
    (0.00208, 2, 2, 0, 0),
    (-0.00111, 0, 0, 1, -2),
    (-0.00057, 0, 0, 1, 2),
    (0.00056, 1, 1, 2, 0),
    (-0.00042, 0, 0, 3, 0),
    (0.00042, 1, 1, 0, 2),
    (0.00038, 1, 1, 0, -2),
    (-0.00024, 1, -1, 2, 0),
    (-0.00007, 0, 2, 1, 0),
    (0.00004, 0, 0, 2, -2),
    (0.00004, 0, 3, 0, 0),
    (0.00003, 0, 1, 1, -2),
    (0.00003, 0, 0, 2, 2),
    (-0.00003, 0, 1, 1, 2),
    (0.00003, 0, -1, 1, 2),
)
# The largest planetary corrections: days, angle at k = 0, angle per lunation.
PLANETS = (
    (0.000325, 299.77, 0.107408),
    (0.000165, 251.88, 0.016321),
    (0.000164, 251.83, 26.651886),
    (0.000126, 349.42, 36.412478),
    (0.000110, 84.66, 18.206239),
)
JULIAN_DAY_OF_ORDINAL_ZERO = 1721424.5
UTC_PLUS_8 = 8 / 24
DELTA_T = 90 / 86400  # days; about 65 s in 2004, some minutes at most by 2100


def sine(degrees: float) -> float:
    return sin(radians(degrees))


def new_moon(k: int) -> float:
    """The Julian day, at UTC+8, of the ``k``-th new moon since 6 January 2000."""
    t = k / 1236.85
    e = 1 - 0.002516 * t - 0.0000074 * t * t
    sun = 2.5534 + 29.10535670 * k - 0.0000014 * t * t
    moon = 201.5643 + 385.81693528 * k + 0.0107582 * t * t
    node_distance = 160.7108 + 390.67050284 * k - 0.0016118 * t * t
    node = 124.7746 - 1.56375588 * k + 0.0020672 * t * t
    day = 2451550.09766 + 29.530588861 * k + 0.00015437 * t * t - 0.00017 * sine(node)
    for size, power, m, m1, f in NEW_MOON:
        day += size * e**power * sine(m * sun + m1 * moon + f * node_distance)
    for size, angle, step in PLANETS:
        day += size * sine(angle + step * k)
    return day + UTC_PLUS_8 - DELTA_T


def longitude(ordinal: int) -> float:
    """The sun's apparent longitude in degrees when the day ``ordinal`` begins at UTC+8."""
    t = (ordinal + JULIAN_DAY_OF_ORDINAL_ZERO - UTC_PLUS_8 + DELTA_T - 2451545.0) / 36525
    m = 357.52911 + 35999.05029 * t - 0.0001537 * t * t
    centre = (1.914602 - 0.004817 * t) * sine(m) + (0.019993 - 0.000101 * t) * sine(2 * m)
    mean = 280.46646 + 36000.76983 * t + 0.0003032 * t * t
    aberration = 0.00569 + 0.00478 * sine(125.04 - 1934.136 * t)
    return (mean + centre + 0.000289 * sine(3 * m) - aberration) % 360


def month_starts(year: int) -> list[int]:
    """First days (ordinals) of the lunar months from November before ``year`` to January after it."""
    k = floor((year - 2000) * 12.3685) - 3
    return [floor(new_moon(k + i) - JULIAN_DAY_OF_ORDINAL_ZERO) for i in range(18)]


def festivals(year: int) -> tuple[dt.date, dt.date, dt.date, dt.date]:
    """Spring Festival (1/1), Qingming, Dragon Boat (5/5) and Mid-Autumn (8/15) of ``year``."""
    starts = month_starts(year)
    terms = [int(longitude(day) // 30) for day in starts]
    winters = [
        i for i in range(len(starts) - 1) if terms[i] in (7, 8) and terms[i + 1] in (9, 10)
    ]  # the month that holds the solstice; a month may hold two terms, hence the pairs
    first, last = winters[0], winters[1]
    leap = -1
    if last - first == 13:
        leap = next(i for i in range(first + 1, last) if terms[i] == terms[i + 1])
    numbered = [i for i in range(first, last) if i != leap]  # 11, 12, 1, 2, …
    day = dt.date.fromordinal
    april = dt.date(year, 4, 1).toordinal()
    qingming = next(d for d in range(april, april + 10) if longitude(d + 1) >= 15)
    return (
        day(starts[numbered[2]]),
        day(qingming),
        day(starts[numbered[6]] + 4),
        day(starts[numbered[9]] + 14),
    )


def main() -> None:
    announced = json.loads(TARGET.read_text(encoding="utf-8"))["years"]
    coming = {year: [d.isoformat() for d in festivals(year)] for year in range(LAST_ANNOUNCED + 1, LAST + 1)}

    def lines(table: dict[int, object]) -> str:  # one year a line keeps differences readable
        return ",\n".join(f'  "{y}": {json.dumps(v, ensure_ascii=False)}' for y, v in table.items())

    text = f'{{\n "years": {{\n{lines(announced)}\n }},\n "festivals": {{\n{lines({**coming})}\n }}\n}}\n'
    json.loads(text)
    TARGET.write_text(text, encoding="utf-8")
    print(f"{TARGET.name}: official to {LAST_ANNOUNCED}, festivals to {LAST}")


if __name__ == "__main__":
    main()
