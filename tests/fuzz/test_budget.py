"""The suite tries at least twenty thousand generated inputs: promised here, counted in each test."""

from __future__ import annotations

from tests.fuzz import places, test_api, test_commands, test_pages, test_readers
from tests.fuzz.budget import BUDGET, LEAST

CASES = {
    test_readers.test_a_reader_reads_or_refuses: test_readers.READERS,
    test_readers.test_a_spoilt_catalogue_is_refused_line_by_line: [""],
    test_api.test_an_operation_answers_as_its_description_says: test_api.OPERATIONS,
    test_commands.test_a_command_does_it_or_says_why_not: test_commands.COMMANDS,
    test_pages.test_a_form_answers_whatever_is_typed: places.NAMES,
    test_pages.test_a_page_answers_whatever_its_address_asks: places.PAGES,
}


def test_the_table_promises_twenty_thousand() -> None:
    assert sum(row.each * row.cases for row in BUDGET.values()) >= LEAST


def test_every_test_of_the_table_has_as_many_cases_as_it_says() -> None:
    found = {test.__name__: len(cases) for test, cases in CASES.items()}
    assert found.keys() == BUDGET.keys()
    assert [name for name, row in BUDGET.items() if found[name] < row.cases] == []
