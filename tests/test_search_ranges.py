"""Whatever way the database takes to the newest hits, it finds what reading every text finds."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests import rows
from workflows import clock, search, search_ranges
from workflows.models import Case, Passage
from workflows.search_words import phrases, tokens
from workflows.stages import indexing

pytestmark = [pytest.mark.django_db, pytest.mark.bare_rows]
Kind = Passage.Kind
FIRST = 20_000  # far from it stand cases in ranges of every size, the last one alone in its own
AWAY = [1, 62, 63, 64, 65, 511, 512, 513, 700, 4_095, 4_096, 4_100, 9_000, 9_001, 13_000]
UNSEEN = FIRST + 4_096
Texts = dict[int, dict[Kind, str]]


def written(number: int) -> dict[Kind, str]:
    """What one case says, by the kinds of its passages; each word in some of them."""
    said = [
        ("智能制造装备", number % 2 == 0),
        ("工业软件，2019年用 MATLAB版", number % 3 == 0),
        ("鹦鹉螺", number == 7),
    ]
    paper = "集成电路装备产业学院的智能实验室" if number % 4 < 2 else ""
    return {
        Kind.COMPANY: "上海恒越精密有限公司" if number % 5 else "临港智能科技有限公司",
        Kind.ANSWERS: "。".join(words for words, there in said if there),
        Kind.FILE: paper,
    }


@pytest.fixture
def texts() -> Texts:
    """Fifteen cases in the index, and what they say."""
    told = {FIRST + away: written(number) for number, away in enumerate(AWAY)}
    for key in told:
        rows.case(pk=key, submitted=clock.now())
    indexing.enter_in_bulk(
        (
            key, f"X-{key}", f"Y{key}", [said[Kind.COMPANY]], said[Kind.ANSWERS],
            {"a": ("协议.pdf", said[Kind.FILE])},
        )
        for key, said in told.items()
    )  # fmt: skip
    return told


def read(texts: Texts, words: str) -> list[tuple[Kind, int]]:
    """The hits in order, as the words mean it: no index, no ranges."""
    found = []
    for key, said in texts.items():
        kinds = [[kind for kind in said if _says(said[kind], each)] for each in phrases(words)]
        if key != UNSEEN and all(kinds):
            found.append((min(min(each) for each in kinds), key))
    return sorted(found, key=lambda hit: (hit[0], -hit[1]))


def _says(text: str, phrase: search.Phrase) -> bool:
    there = tokens(text)
    return any(way.stands_at(place, there) for way in phrase.ways for place in range(len(there)))


def paged(words: str, most: int) -> Iterator[tuple[Kind, int]]:
    """Every page of the search, one after the other."""
    after = ""
    while True:
        hits, after = search.page(words, Case.objects.exclude(pk=UNSEEN), after, most)
        yield from ((hit.kind, hit.case) for hit in hits)
        if not after:
            return


ASKED = [
    "智能制造", "智", "学", "人", "matlab版", "有限公司", "集成电路装备产业学院", "2019", "matl",
    "鹦鹉螺",
    "internationalisation", "000000000000001",
    "智能 2019", "有限公司 鹦鹉螺", "恒越 智能 工业", "智 软 学院", "恒越 matl", "智能 青铜器",
]  # fmt: skip


@pytest.mark.parametrize("few", [0, 3, 32], ids=["by ranges", "by either", "at once"])
def test_every_way_finds_the_same_in_the_same_order(
    texts: Texts, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_ranges, "FEW", few)
    monkeypatch.setattr(search_ranges, "SELDOM", few)
    monkeypatch.setattr(search, "READ", dict.fromkeys(Kind.values, 4_000))

    found = {words: list(paged(words, most)) for most in (4, 20) for words in ASKED}

    assert found == {words: read(texts, words) for words in ASKED}
    assert sum(bool(hits) for hits in found.values()) == len(ASKED) - 4


@pytest.mark.parametrize(
    ("words", "newest", "older", "few"),
    [
        ("智能", [0, 1, 1], [3], [2]),
        ("智能", [0, 0, 1], [3, search_ranges.SELDOM], [2]),
        ("智能", [1, 1, 1], [], []),
        ("集成电路装备产业学院", [0, 0, 1], [], [2, 3]),
    ],
)
def test_few_say_what_no_new_passage_says_and_few_older_ones(
    words: str, newest: list[int], older: list[int], few: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = iter([newest, older])
    monkeypatch.setattr(search_ranges, "_counted", lambda said, most: next(counted))

    assert search_ranges.seldom(phrases(words)[0], [2, 3, 4], 9**6) == few


def test_only_a_long_number_is_asked_of_the_index_at_once() -> None:
    numbers = ["91310115MA1K", "RC-2026-000123", "智能制造", "RC-2026-000123 智能"]
    others = ["internationalisation", "91310115", "RC-2026-000123 mat", "2026-0001"]

    assert [search._is_whole(phrases(each)) for each in numbers] == [True] * len(numbers)
    assert [search._is_whole(phrases(each)) for each in others] == [False] * len(others)


def test_no_number_is_looked_for_by_a_word_of_han_characters() -> None:
    asked = {"智能": [2, 3, 4], "2019年": [1, 2, 3, 4], "MATLAB 智能": [1, 2, 3, 4]}

    assert {words: search._kinds(phrases(words)) for words in asked} == asked


def test_ranges_cover_every_case_once_and_none_is_larger_than_all_before_it() -> None:
    starts = {1: 100_001, 3: 4_096}
    for asked in ("智能", "集成电路装备产业学院"):
        ranges = search_ranges.whole(phrases(asked), starts, [])
        for kind, beyond in starts.items():
            own = [each for each in ranges if each.kind == kind]

            assert [each.lowest for each in own] == [each.beyond for each in own[1:]] + [0]
            assert own[0].beyond == beyond
            assert all(each.lowest < each.beyond for each in own)

    common = search_ranges.whole(phrases("智能"), {1: 9**6}, [])
    sizes = [each.beyond - each.lowest for each in common]
    assert all(size <= max(64, sum(sizes[:place])) for place, size in enumerate(sizes))
    long = phrases("集成电路装备产业学院")
    assert len(search_ranges.whole(long, {3: 9**6}, [])) == 3
    assert len(search_ranges.whole(long, {3: 9**6}, [3])) == 2
    assert len(search_ranges.whole(long, {2: 9**6}, [2])) == 1
    assert search_ranges.whole(phrases("智能"), {1: 9**6, 3: 64}, [1])[0] == (1, 0, 9**6, "")


def test_a_range_looks_at_no_case_that_one_before_it_has_looked_at() -> None:
    ranges = search_ranges.whole(phrases("智能"), {1: 100_001}, [])
    named = [[int(each) for each in range_.name[1:].split("/")] for range_ in ranges]

    assert all(
        number + 1 << bits == range_.beyond
        for range_, (bits, number) in zip(ranges[1:], named[1:], strict=True)
    )


def test_no_text_is_read_to_learn_that_nobody_says_a_word() -> None:
    rows.case(pk=FIRST, submitted=clock.now())
    papers = {str(number): ("协议.pdf", "产业学院") for number in range(4_000)}
    indexing.enter_in_bulk([(FIRST, "X-1", "Y1", ["某校"], "产业学院", papers)])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # a look would read what waits to be entered
            cursor.execute("SELECT gin_clean_pending_list('passages_by_token')")
        cursor.execute("ANALYZE")

    steps = [step for sent in sent_by("鹦鹉") for step in planned(*sent)]

    assert [step for step in steps if "workflows_passage" in step]
    assert not [step for step in steps if READ_THROUGH.search(step)]


READ_THROUGH = re.compile(r"(Seq Scan on|SCAN) workflows_passage\b")


def sent_by(words: str) -> list[tuple[str, Any]]:
    """The statements of a search's first page."""
    sent = []

    def note(execute: Any, sql: str, given: Any, many: bool, context: Any) -> Any:
        sent.append((sql, given))
        return execute(sql, given, many, context)

    with connection.execute_wrapper(note):
        search.page(words, Case.objects.all())
    return sent


def planned(sql: str, given: Any) -> Iterator[str]:
    """What the database means to do, step by step."""
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {sql}", given)
        yield from (str(row[-1]).lstrip(" ->") for row in cursor.fetchall())
