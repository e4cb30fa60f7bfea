from __future__ import annotations

import string

import pytest
from django.utils import translation

from qitong.automation.reactions import ON_EVENT, messages
from qitong.demo import stories
from qitong.demo.stage import Stage
from qitong.notifications.models import Message
from qitong.notifications.tells import TELLS
from tests.automation.queue import react_to_all

PLAYED = [stories.licence_in_three_days, stories.request_across_departments, stories.reopened]


def test_what_is_told_follows_in_the_table_of_reactions_and_the_other_way_round() -> None:
    assert {kind for kind, fns in ON_EVENT.items() if messages in fns} == set(TELLS)


def test_every_sentence_names_the_case_or_the_person_and_ends() -> None:
    for kind, lines in TELLS.items():
        for line in lines:
            places = {name for _, name, _, _ in string.Formatter().parse(line.text.text) if name}
            assert places & {"title", "person", "substitute", "enterprise"}, kind
            assert line.text.text.endswith("。"), kind


@pytest.mark.parametrize("story", PLAYED, ids=lambda story: story.__name__)
def test_a_story_is_told_without_a_gap_in_both_languages(story: object, stage: Stage) -> None:
    assert callable(story)
    story(stage)
    react_to_all(stage.at)
    found = list(Message.objects.all())
    assert len(found) > 5
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for message in found:
                text = str(message.sentence)
                assert "None" not in text
                assert "{" not in text
                assert "。。" not in text


def test_nobody_is_told_twice_of_one_fact(stage: Stage) -> None:
    stories.request_across_departments(stage)
    react_to_all(stage.at)
    pairs = [m.dedupe for m in Message.objects.all()]
    assert len(pairs) == len(set(pairs))
