"""The index on whichever database runs: words, scope, order, upkeep."""

from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import sampled_from, text
from pytest_django import DjangoAssertNumQueries

from accounts.models import Office, User
from search import actions, queries
from search.actions import Searchable, forget_kind, forget_text, index_text, index_texts, move_text
from search.models import IndexedText
from search.queries import matching, newest_matching
from tests.builders import City, make_user

DAY = date(2026, 3, 2)
TEXTS = {
    1: "青岛海风食品有限公司 销售过期食品",
    2: "海风超市，货架上有三无产品",
    3: "举报人称王伟酒楼使用回收油 型号ABC-12",
}


def put(subject_id: int, words: str, office: Office, *, kind: str = "lead", on: date = DAY) -> None:
    index_text(kind=kind, subject_id=subject_id, texts=[words], office=office, newest=on)


@pytest.fixture
def texts(city: City) -> City:
    for subject_id, words in TEXTS.items():
        put(subject_id, words, city.east_squad)
    return city


def found(user: User, words: str, kind: str = "lead") -> set[int]:
    by_page, by_filter = newest_matching(user, kind, words, 50), set(matching(user, kind, words))
    assert set(by_page) == by_filter
    return by_filter


@pytest.mark.parametrize(
    ("words", "subjects"),
    [
        ("海风", {1, 2}), ("王伟", {3}), ("伟酒", {3}), ("食品有限", {1}), ("海食", set()), ("海风 过期", {1}), ("过期 海风", {1}),
        ("油", {3}), ("品", {1, 2}), ("abc", {3}), ("ABC-1", {3}), ("12", {3}), ("bc", set()), ("有三无", {2}), ("超市货架", set()),
        ("", set()), ("，。", set()), ("海风 不在", set()),
    ],
)  # fmt: skip
def test_words_are_found_wherever_they_stand(texts: City, words: str, subjects: set[int]) -> None:
    assert found(texts.east_handler, words) == subjects


@pytest.mark.parametrize(
    "words",
    ['"', "'", "海风*", "海风 OR 王伟", "NEAR(海风 王伟)", "words:海风", "海风 & 王伟", "海风|王伟", "!海风", "(海风", "\\", "海风:*", "\0",
     "§lead", "␟", "-海风", "^海风", "{words}:海风", "海风' OR 1=1 --", "<->", "a" * 5000, "海" * 5000, "😀", "\ud800"],
)  # fmt: skip
def test_syntax_in_a_query_is_only_words(texts: City, words: str) -> None:
    expected = {1, 2} if words in ("海风*", "!海风", "(海风", "海风:*", "-海风", "^海风") else set()
    assert found(texts.east_handler, words) == expected


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    whole=text(sampled_from("海风食品"), min_size=1, max_size=12),
    query=text(sampled_from("海风食品"), min_size=1, max_size=3),
)
def test_found_is_exactly_what_contains_the_words(city: City, whole: str, query: str) -> None:
    put(1, whole, city.east)
    assert (found(city.east_clerk, query) == {1}) is (query in whole)


def test_everybody_finds_exactly_what_their_posts_open(texts: City) -> None:
    put(4, "海风", texts.west_squad)
    put(5, "海风", texts.root)
    put(6, "海风", texts.legal)
    both = make_user("both", texts.west_squad)
    assert found(texts.east_handler, "海风") == found(texts.east_clerk, "海风") == {1, 2}
    assert found(texts.west_handler, "海风") == found(both, "海风") == {4}
    assert found(texts.leader, "海风") == found(texts.reviewer, "海风") == {1, 2, 4, 5, 6}
    assert found(make_user("nobody"), "海风") == set()


def test_several_posts_open_several_offices(texts: City) -> None:
    from accounts.actions import give_post
    from tests.builders import NOW, SINCE, SYSTEM

    put(4, "海风", texts.west)
    for office in (texts.west, texts.squad):
        give_post(user=texts.east_handler, office=office, role="handler", starts_on=SINCE, actor=SYSTEM, at=NOW)
    assert found(User.objects.get(pk=texts.east_handler.pk), "海风") == {1, 2, 4}


def test_kinds_are_kept_apart(texts: City) -> None:
    put(1, "海风", texts.east_squad, kind="case_file")
    assert found(texts.east_handler, "海风", "case_file") == {1}
    assert found(texts.east_handler, "海风", "case") == set()


def test_a_text_put_again_takes_the_place_of_the_old(texts: City) -> None:
    put(1, "改为面粉", texts.west_squad, on=DAY + timedelta(days=1))
    assert found(texts.east_handler, "海风") == {2}
    assert found(texts.west_handler, "面粉") == {1}
    assert IndexedText.objects.get(kind="lead", subject_id=1).newest_on == DAY + timedelta(days=1)


def test_a_moved_text_is_found_from_its_new_office_only(texts: City) -> None:
    move_text("lead", 1, texts.west_squad)
    move_text("lead", 99, texts.west_squad)
    assert found(texts.east_clerk, "海风") == {2}
    assert found(texts.west_handler, "海风食品有限") == {1}
    move_text("lead", 1, texts.root)
    assert found(texts.west_handler, "海风") == set()
    assert found(texts.leader, "海风食品") == {1}


def test_what_is_forgotten_is_not_found(texts: City) -> None:
    put(1, "海风", texts.east_squad, kind="case")
    forget_text("lead", 1)
    assert found(texts.east_handler, "海风") == {2}
    forget_kind("lead")
    assert found(texts.east_handler, "海风") == set()
    assert found(texts.east_handler, "海风", "case") == {1}
    put(1, "面粉", texts.east_squad)
    assert found(texts.east_handler, "面粉") == {1}


def many(city: City, total: int, *, every: int) -> None:
    """``total`` texts a day apart, 海风 in every one divisible by ``every``."""
    index_texts(
        Searchable("lead", each, ["海风" if each % every == 0 else "面粉"], city.east, DAY + timedelta(days=each))
        for each in range(1, total + 1)
    )


@pytest.mark.parametrize("walked", [3, 10, 1000])
@pytest.mark.parametrize("every", [1, 4, 7])
def test_the_newest_come_first_page_after_page_however_common_the_word(city: City, walked: int, every: int) -> None:
    many(city, 40, every=every)
    expected = [each for each in range(40, 0, -1) if each % every == 0]
    seen: list[int] = []
    with patch.object(queries, "WALKED", walked):
        while page := newest_matching(
            city.east_clerk, "lead", "海风", 3, after=(DAY + timedelta(days=seen[-1]), seen[-1]) if seen else None
        ):
            assert len(page) <= 3
            seen += page
    assert seen == expected


def test_of_one_day_the_last_logged_comes_first(city: City) -> None:
    for each in (1, 2, 3):
        put(each, "海风", city.east)
    assert newest_matching(city.east_clerk, "lead", "海风", 2) == [3, 2]
    assert newest_matching(city.east_clerk, "lead", "海风", 2, after=(DAY, 2)) == [1]


def test_a_subject_given_twice_at_once_is_kept_once(city: City) -> None:
    index_texts(Searchable("lead", 1, [words], city.east, DAY) for words in ("海风", "面粉"))
    assert (found(city.east_clerk, "海风"), found(city.east_clerk, "面粉")) == (set(), {1})


def test_more_texts_than_are_put_at_once_are_all_found(city: City) -> None:
    with patch.object(actions, "AT_ONCE", 7):
        many(city, 40, every=2)
    assert found_all(city) == list(range(40, 0, -2))


def test_many_texts_cost_few_statements(city: City, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(10):
        many(city, 900, every=2)
    assert len(found_all(city)) == 450


def found_all(city: City) -> list[int]:
    return newest_matching(city.east_clerk, "lead", "海风", 1000)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the plan of PostgreSQL")
def test_postgresql_answers_from_the_index(city: City) -> None:
    many(city, 3000, every=1000)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # so small a table is read faster without any index
    assert "Bitmap Index Scan on search_text_vector" in matching(city.east_clerk, "lead", "海风").explain()
