"""The working-day calendar against the notices and against independent packages."""

from collections.abc import Callable
from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest
from holidays.constants import PUBLIC

from core.errors import Invalid
from deadlines.rules import load_files
from deadlines.workdays import Interval, Roll, WorkCalendar, YearPlan, statutory_plan
from deadlines.yearplans import DATA

CALENDAR, _BOOK = load_files()
EVERY_PUBLISHED_DAY = [date(2021, 1, 1) + timedelta(days=n) for n in range(6 * 365 + 1)]


def plan(year: int, off: dict[date, str] | None = None, working: dict[date, str] | None = None) -> YearPlan:
    return YearPlan(year, off or {}, working or {}, published=True)


def code_of(refused: pytest.ExceptionInfo[Invalid]) -> tuple[str, str | None]:
    return refused.value.code, refused.value.field


def test_every_day_of_2021_to_2026_agrees_with_chinesecalendar() -> None:
    assert EVERY_PUBLISHED_DAY[-1] == date(2026, 12, 31)
    for day in EVERY_PUBLISHED_DAY:
        assert CALENDAR.is_working(day) is chinese_calendar.is_workday(day), day


def test_adding_working_days_agrees_with_walking_through_chinesecalendar() -> None:
    for start in EVERY_PUBLISHED_DAY[: 5 * 365 : 5]:
        day, left = start, 23
        while left:
            day += timedelta(days=1)
            left -= chinese_calendar.is_workday(day)
        assert CALENDAR.add(start, 23) == day


@pytest.mark.parametrize(
    ("year", "expected"), [(2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)]
)
def test_a_year_has_the_working_days_of_its_notice(year: int, expected: int) -> None:
    assert CALENDAR.count(date(year - 1, 12, 31), date(year, 12, 31)) == expected


def test_the_eve_of_spring_festival_2024_was_worked_and_that_of_2025_was_not() -> None:
    assert CALENDAR.is_working(date(2024, 2, 9))
    assert not CALENDAR.is_working(date(2025, 1, 28))


def test_a_make_up_sunday_is_worked_and_named_after_its_festival() -> None:
    day = date(2024, 2, 4)
    assert day.weekday() == 6
    assert CALENDAR.is_working(day)
    assert CALENDAR.is_make_up_day(day)
    assert not CALENDAR.is_notice_holiday(day)
    assert CALENDAR.day_name(day) == "春节"


def test_the_notice_of_2023_reaches_back_into_2022() -> None:
    assert CALENDAR.is_notice_holiday(date(2022, 12, 31))
    assert CALENDAR.day_name(date(2022, 12, 31)) == "元旦"


def test_a_plain_sunday_is_no_notice_holiday() -> None:
    sunday = date(2024, 6, 2)
    assert CALENDAR.roll(sunday, Roll.notice_holiday) == sunday
    assert CALENDAR.roll(sunday, Roll.none) == sunday
    assert CALENDAR.roll(sunday, Roll.any_non_working) == date(2024, 6, 3)


def test_a_holiday_rolls_to_the_first_day_after_it_even_a_saturday() -> None:
    dragon_boat = date(2021, 9, 19)
    assert CALENDAR.roll(dragon_boat, Roll.notice_holiday) == date(2021, 9, 22)
    assert CALENDAR.roll(date(2023, 6, 22), Roll.notice_holiday) == date(2023, 6, 25)


def test_subtracting_undoes_adding_between_working_days() -> None:
    for start in EVERY_PUBLISHED_DAY[: 5 * 365 : 7]:
        if CALENDAR.is_working(start):
            assert CALENDAR.subtract(CALENDAR.add(start, 17), 17) == start


def test_counting_backwards_is_negative() -> None:
    assert CALENDAR.count(date(2024, 2, 22), date(2024, 1, 29)) == -15
    assert CALENDAR.count(date(2024, 1, 29), date(2024, 2, 22)) == 15


def test_a_year_without_notice_has_the_statutory_days_and_is_provisional() -> None:
    assert not CALENDAR.is_published(date(2027, 1, 1))
    assert CALENDAR.is_published(date(2026, 12, 31))
    assert CALENDAR.day_name(date(2027, 2, 5)) == "春节"
    assert not CALENDAR.is_working(date(2027, 2, 5))
    assert CALENDAR.crosses_unpublished(date(2026, 12, 31), date(2027, 1, 1))
    assert not CALENDAR.crosses_unpublished(date(2021, 1, 1), date(2026, 12, 31))
    assert CALENDAR.crosses_unpublished(date(2020, 12, 31), date(2021, 1, 4))


def test_the_statutory_year_has_13_days_since_2025_and_11_before() -> None:
    assert len(statutory_plan(2027).days_off) == 13
    assert len(statutory_plan(2019).days_off) == 5  # outside the table of festivals: the fixed days alone
    assert len(statutory_plan(2021).days_off) == 11
    # 中秋 on 国庆: two festivals, one day.
    assert statutory_plan(2031).days_off[date(2031, 10, 1)] == "中秋节、国庆节"
    assert not statutory_plan(2027).published


@pytest.mark.parametrize("year", range(2021, 2027))
def test_every_statutory_day_is_off_in_the_published_notice(year: int) -> None:
    for day, name in statutory_plan(year).days_off.items():
        assert CALENDAR.is_notice_holiday(day), (day, name)
        assert name[:2] in CALENDAR.day_name(day)


@pytest.mark.parametrize("year", range(2020, 2041))
def test_the_table_of_festivals_agrees_with_the_holidays_package(year: int) -> None:
    days = holidays.country_holidays("CN", years=year, observed=False, categories=PUBLIC, language="zh_CN")
    known = {day for day, name in days.items() if "休息日" not in name and "补" not in name}
    assert set(statutory_plan(year).days_off) <= known


@pytest.mark.parametrize("day", [date(2014, 12, 31), date(2046, 1, 1)])
def test_a_day_outside_the_calendar_is_refused(day: date) -> None:
    asks: list[Callable[[], object]] = [
        lambda: CALENDAR.add(day, 1),
        lambda: CALENDAR.add(day, 0),
        lambda: CALENDAR.subtract(day, 1),
        lambda: CALENDAR.count(day, day),
        lambda: CALENDAR.is_working(day),
        lambda: CALENDAR.roll(day, Roll.any_non_working),
    ]
    for ask in asks:
        with pytest.raises(Invalid) as refused:
            ask()
        assert code_of(refused) == ("calendar_out_of_range", "start")


def test_counting_past_either_end_is_refused() -> None:
    asks: list[Callable[[], object]] = [
        lambda: CALENDAR.add(date(2045, 12, 1), 60),
        lambda: CALENDAR.add(date(2024, 1, 1), 10**9),
        lambda: CALENDAR.subtract(date(2015, 1, 10), 60),
        lambda: CALENDAR.roll(date(2045, 12, 31), Roll.any_non_working),
    ]
    for ask in asks:
        with pytest.raises(Invalid) as refused:
            ask()
        assert refused.value.code == "calendar_out_of_range"


def test_a_negative_count_is_refused() -> None:
    asks: list[Callable[[], object]] = [
        lambda: CALENDAR.add(date(2024, 1, 1), -1),
        lambda: CALENDAR.subtract(date(2024, 1, 1), -1),
    ]
    for ask in asks:
        with pytest.raises(Invalid) as refused:
            ask()
        assert code_of(refused) == ("negative_amount", "amount")


def test_adding_nothing_stays_where_it_is() -> None:
    sunday = date(2024, 6, 2)
    assert CALENDAR.add(sunday, 0) == CALENDAR.subtract(sunday, 0) == sunday


def test_an_interval_without_a_day_is_refused() -> None:
    for stop in (date(2024, 1, 1), date(2023, 12, 31)):
        with pytest.raises(Invalid) as refused:
            Interval(date(2024, 1, 1), stop)
        assert code_of(refused) == ("inverted_interval", "stop")


def test_two_plans_for_one_year_are_refused() -> None:
    with pytest.raises(Invalid) as refused:
        WorkCalendar([plan(2024), plan(2024)])
    assert code_of(refused) == ("duplicate_year", "year")


def test_plans_that_contradict_each_other_are_refused() -> None:
    new_years_eve = date(2022, 12, 31)
    with pytest.raises(Invalid) as refused:
        WorkCalendar([plan(2022, working={new_years_eve: "元旦"}), plan(2023, off={new_years_eve: "元旦"})])
    assert code_of(refused) == ("contradictory_day", "days")


def test_a_plan_outside_the_years_covered_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        WorkCalendar([plan(2050)])
    assert code_of(refused) == ("calendar_out_of_range", "year")


def test_the_unpublished_year_is_absent_from_the_data() -> None:
    assert not (DATA / "calendars" / "2027.json").exists()
