"""Topics: every kind of message in one of them, and what cannot be turned off."""

import pytest

from workflows.notifications import topics
from workflows.notifications.sentences import SENTENCES
from workflows.notifications.topics import BY_KIND, LAW, TOPICS, URGENT, Pace, topic_of


def test_a_topic_names_only_messages_that_exist():
    assert BY_KIND.keys() - SENTENCES.keys() == set()
    assert URGENT - SENTENCES.keys() == set()


def test_no_message_belongs_to_two_topics():
    assert sum(len(topic.kinds) for topic in TOPICS) == len(BY_KIND)


def test_only_notices_of_the_law_are_fixed():
    assert [topic.code for topic in TOPICS if topic.fixed] == ["law"]


def test_what_no_topic_names_cannot_be_turned_off():
    assert topic_of("a_kind_somebody_forgot") is LAW


@pytest.mark.parametrize(
    "kind", ["received", "accepted", "not_accepted", "returned", "abandoned", "decided"]
)
def test_what_the_law_wants_told_is_a_notice_of_the_law_and_urgent(kind):
    assert topic_of(kind) is LAW
    assert kind in URGENT


def test_the_office_reads_its_messages_in_the_daily_letter_unless_told():
    usual = {topic.code: topic.usual for topic in TOPICS}

    assert usual.pop("desk") == Pace.DAILY
    assert set(usual.values()) == {Pace.AT_ONCE}
    assert topics.BY_KIND["task_overdue"].code == "desk"
