"""One bench measured alone renews its own section of the page and leaves the others as they were."""

from __future__ import annotations

from bench.__main__ import BENCHES, sections

PAGE = f"""# Benchmarks

## {BENCHES[0].title}

Measured on 2026-01-01.

| what |
|---|
| one |

## {BENCHES[-1].title}

| two |

## The profile that says why

## is no bench
"""


def test_what_was_measured_before_is_found_whole() -> None:
    found = sections(PAGE)
    assert list(found) == [BENCHES[0].title, BENCHES[-1].title]
    assert found[BENCHES[0].title].endswith("| one |\n\n")
    assert "Measured on 2026-01-01." in found[BENCHES[0].title]


def test_the_page_of_this_project_holds_a_section_of_every_bench() -> None:
    from bench.__main__ import PAGE as FILE

    assert set(sections(FILE.read_text())) == {bench.title for bench in BENCHES}
