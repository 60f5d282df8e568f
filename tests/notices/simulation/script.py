"""What the people of the two teams plan and do over two years: the same for each seed but for the days and hours."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from tests.notices.simulation.house import CHANGES, DAY, utc

FIRST, LAST = utc(date(2026, 1, 1)), utc(date(2028, 1, 1))
AROUND = 5 * DAY


def moment(*parts):
    return datetime(*parts, tzinfo=UTC)


def weeks_around_changes():
    """The days before and after each change of the clock."""
    return [(utc(day) - AROUND, utc(day) + AROUND) for day in CHANGES]


def fill(house, stretches):
    """Everything that is planned and done; between the stretches nothing runs, as in an outage."""
    house.dark += [(ends, begins) for (_, ends), (begins, _) in pairwise(stretches)]
    house.dark += [
        (moment(2026, 10, 26, 17, 5), moment(2026, 10, 29, 10)),  # three days with nothing running
        (moment(2027, 3, 31, 6, 50), moment(2027, 3, 31, 13)),  # and six hours
    ]
    house.office.away.append((moment(2027, 4, 1, 8), moment(2027, 4, 1, 14)))
    _plans(house)
    for begins, ends in stretches:
        _lives(house, begins, ends)
    for day in CHANGES:
        for hour, minute in ((0, 40), (0, 50), (1, 20), (22, 50)):
            team = house.chance.choice(["day", "night"])
            house.act(utc(day, time(hour, minute)), house.say, team, house.staying(team))


def _plans(house):
    house.plan(cadence="weekly", time=time(9), holidays="ENG", phases=[
        (date(2026, 3, 23), "weekdays"), (date(2026, 4, 13), "weekly"),  # over Easter
        (date(2026, 12, 14), "weekdays"), (date(2027, 1, 11), "weekly"),  # over Christmas
        (date(2027, 10, 18), "weekdays"), (date(2027, 11, 8), "weekly"),
    ])  # fmt: skip
    taper = [(date(2026, 11, 16), "weekly")]
    house.plan(cadence="daily", starts_on=date(2026, 10, 5), time=time(16, 30), phases=taper)
    house.plan(cadence="monthly", starts_on=date(2026, 1, 29), time=time(2), remind_before=120)
    house.plan(cadence="chosen", days=[2], time=time(13), remind_before=90, days_off=[date(2026, 4, 1)],
               is_active=False, paused_until=date(2026, 3, 25))  # fmt: skip
    house.plan("night", cadence="chosen", days=[6], time=time(1, 30), remind_before=60)
    house.plan("night", cadence="fortnightly", time=time(6), remind_before=45, holidays="SCT")


def _lives(house, begins, ends):
    """Things to read every other day or so; a hot debrief, a snooze and a holiday now and then, at any hour."""
    chance, day = house.chance, begins + DAY
    while day < ends - DAY:
        at = day + timedelta(minutes=chance.randrange(1440))
        team = chance.choice(["day", "day", "night"])
        staying = house.staying(team)
        if chance.random() < 0.3:
            house.act(at, house.say, team, chance.sample(staying, chance.randint(1, 2)))
        if chance.random() < 0.1:
            house.act(at, house.call_hot, team)
        if chance.random() < 0.1:
            length = chance.choice([timedelta(hours=2), DAY, 7 * DAY])
            house.act(at, house.snooze, chance.choice(staying), at + length)
        day += DAY
    for person in house.people[1:]:
        gone = (begins + timedelta(days=chance.randrange(1, 12), hours=18)).replace(hour=18)
        if gone < ends - 4 * DAY:
            house.act(gone, house.leave, person, gone.date() + DAY, gone.date() + 5 * DAY)
