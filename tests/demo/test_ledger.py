"""After every story the ledger holds the whole of it."""

from __future__ import annotations

import pytest

from qitong.casework.queries import expected_streams
from qitong.demo.play import STORIES, Story
from qitong.demo.stage import Stage
from qitong.ledger.verify import verify

WITHOUT_CASES = {"service_packages"}
"""It proposes what companies could begin."""


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_the_ledger_is_whole_after_the_story(stage: Stage, story: Story) -> None:
    story.play(stage)
    streams = list(expected_streams())
    assert bool(streams) == (story.name not in WITHOUT_CASES)
    verdict = verify(expected=streams)
    assert verdict.whole, verdict.first
    assert verdict.entries > 0
