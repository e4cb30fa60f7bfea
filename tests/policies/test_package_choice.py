"""Whatever speaks for a thing: what was declared unsuitable is never proposed, and order changes nothing."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from qitong.policies.logic import package
from qitong.policies.logic.package import Candidate, Key, Thing, Why, barred, choose

CODES = [f"c{n}" for n in range(12)]
KEYS = st.tuples(st.sampled_from(Thing), st.sampled_from(CODES))
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        st.sampled_from(Thing),
        st.sampled_from(CODES),
        st.sampled_from(Why),
        st.integers(0, 5),
        st.dictionaries(st.sampled_from(["zh", "fact"]), st.sampled_from(["a", "b"]), max_size=2),
    ),
    max_size=40,
)
WAYS = st.dictionaries(st.sampled_from(CODES), st.sampled_from(CODES), max_size=6)


@given(CANDIDATES, st.frozensets(KEYS), st.frozensets(KEYS), WAYS)
def test_nothing_that_was_declined_or_is_had_is_ever_proposed(
    candidates: list[Candidate], unsuitable: frozenset[Key], had: frozenset[Key], ways: dict[str, str]
) -> None:
    lines = choose(candidates, unsuitable=unsuitable, had=had, leads_to=ways)
    keys = {line.key for line in lines}
    assert not keys & unsuitable
    assert not keys & had
    declined_items = {code for thing, code in unsuitable if thing is Thing.ITEM}
    assert not {code for thing, code in keys if thing is Thing.POLICY and ways.get(code) in declined_items}
    assert (
        not {(Thing.ITEM, ways[code]) for thing, code in unsuitable if thing is Thing.POLICY and code in ways}
        & keys
    )


@given(CANDIDATES, st.frozensets(KEYS, max_size=4), WAYS, st.randoms())
def test_the_order_in_which_things_are_found_does_not_matter(
    candidates: list[Candidate], unsuitable: frozenset[Key], ways: dict[str, str], random: Random
) -> None:
    shuffled = list(candidates)
    random.shuffle(shuffled)
    doubled = [*shuffled, *candidates]
    assert choose(candidates, unsuitable=unsuitable, leads_to=ways) == choose(
        doubled, unsuitable=unsuitable, leads_to=ways
    )


@given(CANDIDATES, WAYS)
def test_each_thing_comes_once_with_its_strongest_reason_and_few_enough(
    candidates: list[Candidate], ways: dict[str, str]
) -> None:
    lines = choose(candidates, leads_to=ways)
    assert len({line.key for line in lines}) == len(lines)
    assert sum(line.thing is Thing.POLICY for line in lines) <= package.MOST_POLICIES
    assert sum(line.thing is Thing.ITEM for line in lines) <= package.MOST_ITEMS
    order = list(Why)
    for line in lines:
        assert order.index(line.why) == min(order.index(c.why) for c in candidates if c.key == line.key)
    led_to = {ways.get(line.code) for line in lines if line.thing is Thing.POLICY}
    assert not {line.code for line in lines if line.thing is Thing.ITEM} & led_to


def test_a_declined_item_takes_its_policies_along_and_no_others() -> None:
    ways = {"hi_tech": "hi_tech_item", "tech_sme": "sme_item"}
    assert barred({(Thing.ITEM, "hi_tech_item")}, ways) == {
        (Thing.ITEM, "hi_tech_item"),
        (Thing.POLICY, "hi_tech"),
    }
    assert barred({(Thing.POLICY, "tech_sme")}, ways) == {
        (Thing.POLICY, "tech_sme"),
        (Thing.ITEM, "sme_item"),
    }
