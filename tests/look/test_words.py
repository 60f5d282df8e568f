from datetime import UTC, date, datetime, time

import pytest

from hls.look import words

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "no one yet"),
        (1, "fewer than 5 people"),
        (4, "fewer than 5 people"),
        (5, "5 people"),
        (1200, "1,200 people"),
    ],
)
def test_lives_hides_counts_that_could_point_to_someone(count, said):
    assert words.lives(count) == said


def test_lives_of_nothing_is_nothing():
    assert words.lives(None) == "" == words.few("")


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (date(2026, 11, 26), "today"),
        (date(2026, 11, 27), "today"),
        (date(2026, 11, 25), "1 day"),
        (date(2026, 9, 20), "67 days"),
        (None, ""),
    ],
)
def test_ago_days_counts_days(on, said):
    assert words.ago_days(on, TODAY) == said


def test_day_names_the_year_only_when_it_is_another():
    assert words.day(date(2026, 11, 6), TODAY) == "6 November"
    assert words.day(date(2025, 11, 6), TODAY) == "6 November 2025"


def test_moments_are_told_in_local_time():
    summer = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)  # half past midnight in London
    assert words.moment(summer, TODAY) == "2 June, 12:30am"


@pytest.mark.parametrize(
    ("at", "said"), [(time(16, 30), "4:30pm"), (time(0, 5), "12:05am"), (time(12), "12:00pm"), ("", "")]
)
def test_clock_has_twelve_hours(at, said):
    assert words.clock(at) == said
