"""成对送达: what is served together can be read, and whether one's authority does so."""

from pytest_django import DjangoAssertNumQueries, Settings

from tests.api_client import Caller
from tests.browsing import as_
from tests.builders import City, make_user


def test_the_page_names_the_pairs_their_papers_and_their_basis(
    city: City, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = as_(city.east_handler)
    assert 'href="/papers/pairs/"' in browser.get("/papers/templates/").content.decode()
    with django_assert_num_queries(9):
        page = browser.get("/papers/pairs/").content.decode()
    for words in (
        "两书同达",
        "信用修复告知书",
        "廉政承诺书",
        "地方做法，本系统默认",
        "east局实行成对送达",
        "penalty_decision",
    ):
        assert words in page, words
    assert "实行成对送达" not in as_(make_user("none")).get("/papers/pairs/").content.decode()


def test_an_authority_that_switched_it_off_reads_so_and_no_other(city: City, settings: Settings) -> None:
    settings.PAIRED_SERVICE_OFF = ["east"]
    assert "east局不实行成对送达" in as_(city.east_handler).get("/papers/pairs/").content.decode()
    assert "west局实行成对送达" in as_(city.west_handler).get("/papers/pairs/").content.decode()
    assert all(row["is_switched_off"] for row in Caller(city.east_handler).get("/pairs/").json())


def test_the_api_tells_the_same(city: City) -> None:
    first, second = Caller(city.east_handler).get("/pairs/").json()
    assert (first["name"], first["is_switched_off"]) == ("两书同达", False)
    assert [(each["name"], each["is_own"]) for each in first["members"]] == [
        ("行政处罚决定书", False), ("信用修复告知书", True),
    ]  # fmt: skip
    assert second["basis"] == "地方做法，本系统默认"
