from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qitong.kernel.words import Named, say
from qitong.notifications.packing import pack, unpack

plain = st.one_of(
    st.text(),
    st.integers(),
    st.none(),
    st.booleans(),
    st.dates(),
    st.datetimes(timezones=st.just(dt.UTC)),
    st.builds(Named, st.text(), st.text()),
)
values = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple),
        st.builds(lambda text, part: say(text, part=part), st.text(min_size=1), inner),
    ),
    max_leaves=6,
)


@given(values)
def test_what_a_sentence_holds_comes_back_from_json_as_it_was(value: object) -> None:
    assert unpack(json.loads(json.dumps(pack(value)))) == value


def test_what_a_sentence_cannot_hold_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot hold"):
        pack(object())
