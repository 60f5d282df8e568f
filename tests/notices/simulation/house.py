"""Two small teams with people who all want to be told otherwise, and a clock that jumps from one event to the next."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from dateutil import tz
from django.db import transaction
from django.utils import timezone

from cycles.models import Membership, Notice, Telling
from cycles.notices import choices
from cycles.notices.actions import tell
from debriefs.plans.follow import follow_plans
from hls.notices.tasks import send_due
from tests import factories as f

LONDON = tz.gettz("Europe/London")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
A_WAKE = timedelta(milliseconds=300)  # a wake-up comes a moment after the minute, never on it
CHANGES = [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)]


def utc(day, clock=time()):
    return datetime.combine(day, clock, tzinfo=UTC)


def london(day, clock):
    return tz.resolve_imaginary(datetime.combine(day, clock, tzinfo=LONDON)).astimezone(UTC)


@dataclass
class Person:
    """What they chose, kept here a second time."""

    user: object
    digest_at: time = time(16)
    quiet: tuple = (time(20), time(7))
    away: list = field(default_factory=list)  # [(first day, last day)]
    snoozes: list = field(default_factory=list)  # [(from, to)]
    since: date = date(2025, 1, 1)
    until: date = date(2030, 1, 1)

    @property
    def email(self):
        return self.user.email

    def rests(self, now):
        """The rule of quiet hours, holidays and snoozes once more, in the plainest words."""
        here = now.astimezone(LONDON)
        if any(first <= here.date() <= last for first, last in self.away):
            return True
        if any(begins <= now < ends for begins, ends in self.snoozes):
            return True
        if self.quiet is None:
            return False
        begins, ends = self.quiet
        if begins < ends:
            return begins <= here.time() < ends
        return here.time() >= begins or here.time() < ends

    def is_member(self, day):
        return self.since <= day < self.until

    def wakes_after(self, now, clock=time()):
        """The first moment after `now` at which they may be written to and their clock says at least `clock`."""
        day = now.astimezone(LONDON).date()
        for n in range(60):
            for at in sorted(self._edges(day + n * DAY)):
                if at > now and not self.rests(at) and at.astimezone(LONDON).time() >= clock:
                    return at
        raise AssertionError("someone rests for two months")

    def _edges(self, day):
        yield from (london(day, time()), london(day, self.digest_at))
        if self.quiet:
            yield london(day, self.quiet[1])
        if day in CHANGES:
            yield from (utc(day) + n * timedelta(minutes=30) for n in range(8))
        yield from (ends for _, ends in self.snoozes if ends.astimezone(LONDON).date() == day)


@dataclass
class Told:
    """Something of which people must be told: when it happened, until when it is of use, and to whom."""

    thing: str
    at: datetime
    people: list
    stale_at: datetime | None = None


class House:
    def __init__(self, here, stage, office, clock):
        self.here, self.stage, self.office, self.clock = here, stage, office, clock
        self.chance = stage.chance
        self.plans, self.acts, self.of_the_day, self.hot, self.dark = [], [], [], [], []
        self.wakes = 0
        self._people()

    # ------------------------------------------------------------------ who lives here

    def _people(self):
        here = self.here
        Membership.objects.update(from_on=date(2025, 1, 1))
        night = f.LearningCycleFactory(team=f.TeamFactory(place=here.place))
        self.cycles = {"day": here.cycle, "night": night}
        owl, lark, new = f.UserFactory(), f.UserFactory(), f.UserFactory()
        self.teams = {
            "day": [
                Person(here.worker),  # no row of their own: the place's hours
                Person(here.colleague, digest_at=time(1, 30), quiet=None),
                Person(here.recorder, digest_at=time(11, 30), quiet=(time(12), time(14))),
                Person(new, digest_at=time(7), since=date(2026, 4, 10), until=date(2027, 10, 20)),
            ],
            "night": [
                Person(owl, digest_at=time(23, 30), quiet=(time(7), time(15))),
                Person(lark, digest_at=time(9), quiet=(time(23), time(1, 30))),
            ],
        }
        for team, people in self.teams.items():
            for person in people:
                self._settle(person, self.cycles[team].team)
        self.people = [person for team in self.teams.values() for person in team]
        Membership.objects.filter(team=here.core).exclude(user__in=[p.user for p in self.people]).delete()

    def _settle(self, person, team):
        words = {"from_on": person.since, "to_on": person.until}
        Membership.objects.update_or_create(
            user=person.user,
            team=team,
            defaults=words,
            create_defaults=words | {"place": team.place, "role": "caseworker"},
        )
        begins, ends = person.quiet or (None, None)
        if person.user != self.here.worker:
            Telling.objects.create(user=person.user, digest_at=person.digest_at, quiet_from=begins, quiet_to=ends)

    # ------------------------------------------------------------------ what happens

    def plan(self, team="day", phases=(), **words):
        base = {"cycle": self.cycles[team], "by": self.here.worker, "remind_before": 30, "starts_on": date(2026, 1, 5)}
        row = f.DebriefPlanFactory(**base | words)
        made = [row.phases.create(from_on=day, cadence=cadence) for day, cadence in phases]
        self.plans.append((row, made, self.teams[team]))

    def staying(self, team):
        return [person for person in self.teams[team] if person.until.year == 2030]

    def act(self, at, what, *words):
        self.acts.append((at, len(self.acts), what, words))

    def say(self, team, people):
        """Something for the letter of the day."""
        cycle = self.cycles[team]
        issue = f.IssueFactory(cycle=cycle, raised_by=self.teams[team][0].user)
        with transaction.atomic():
            step = issue.steps.create(what="seen", by=self.teams[team][1].user)
            self._tell(people, "issue_step", step.pk)
        self.of_the_day.append(Told(f"issue {issue.ref}", timezone.now(), people))

    def call_hot(self, team):
        now, people = timezone.now(), [p for p in self.teams[team] if p.is_member(timezone.localdate())]
        cycle, until = self.cycles[team], now + timedelta(hours=24)
        with transaction.atomic():
            debrief = f.DebriefFactory(cycle=cycle, kind="hot", held=True)
            self._tell(people, "hot_debrief", debrief.pk, channel="at_once", stale_at=until)
        self.hot.append(Told(f"debrief {debrief.pk}", now, people, until))

    def _tell(self, people, kind, subject, **words):
        users = [person.user for person in people]
        tell(users=users, place=self.here.place, kind=kind, subject_ref=subject, key=f"{kind}-{subject}", **words)

    def snooze(self, person, until):
        choices.snooze(user=person.user, until=until)
        person.snoozes.append((timezone.now(), until))

    def leave(self, person, first, last):
        """Written into one's settings the evening before, over the holiday that is past."""
        Telling.objects.filter(user=person.user).update(away_from=first, away_to=last)
        person.away.append((first, last))

    # ------------------------------------------------------------------ the clock

    def live(self, first, last):
        """From event to event: what people do, what falls due, who wakes up, whose lease ends."""
        self.acts.sort()
        now, self.scan_at, self.look_at, self.spin = first, first, first, 0
        self.clock.move_to(now)
        while now < last:
            while self.acts and self.acts[0][0] <= now:
                _, _, what, words = self.acts.pop(0)
                what(*words)
            if not self._is_dark(now):
                self._wake(now)
            now = min(self._next(now), last)
            self.clock.move_to(now)

    def _is_dark(self, now):
        return any(begins <= now < ends for begins, ends in self.dark)

    def _wake(self, now):
        self.wakes += 1
        if now >= self.scan_at or self.chance.random() < 0.05:
            self._plan_ahead(now)
        if now >= self.look_at:
            self.look_at = now + timedelta(minutes=self.chance.randrange(60, 60 * 24 * 7))
        self.stage.together(send_due, send_due)

    def _plan_ahead(self, now):
        """Once a day is enough for reminders of up to two hours; who is killed over it comes again next minute."""
        was = sum(self.stage.killed.values())
        jobs = 2 if self.chance.random() < 0.25 else 1
        for _ in range(jobs):
            self.stage.together(lambda: follow_plans(now=now))
        if sum(self.stage.killed.values()) == was:
            self.scan_at = now + DAY

    def _next(self, now):
        if self._is_dark(now):
            ends = max(ends for begins, ends in self.dark if begins <= now < ends)
            return tick(min(ends, *(at for at, *_ in self.acts[:1])) if self.acts else ends)
        soon = tick(now)
        times = [self.scan_at, self.look_at, *(begins for begins, _ in self.dark if begins > now)]
        times += [at for at, *_ in self.acts[:1]]
        times += self._of_rows(now, soon)
        at = tick(max(now, min(times)))
        self.spin = self.spin + 1 if at == soon else 0
        assert self.spin < 90, ("nothing moves on", list(Notice.objects.due(now).values("key", "channel")))
        if self.spin and self.office.is_away(now):
            return at + timedelta(minutes=self.chance.randrange(20))
        return at

    def _of_rows(self, now, soon):
        people = {person.user.pk: person for person in self.people}
        rows = Notice.objects.open().filter(tries__lt=Notice.MOST_TRIES)
        had = None
        for user, channel, due, until in rows.values_list("user", "channel", "due_at", "claimed_until"):
            person, at = people.get(user), max(due, until or due)
            if person is None:
                continue  # a recorder or lead of another part of the place: nobody here
            clock = person.digest_at if channel == "digest" else time()
            if at > now:
                yield at
            elif person.rests(now) or now.astimezone(LONDON).time() < clock:
                yield person.wakes_after(now, clock)
            else:
                had = had_letters(now) if channel == "digest" and had is None else had
                yield person.wakes_after(midnight_after(now), clock) if clock != time() and user in had else soon


def had_letters(now):
    day = timezone.make_aware(datetime.combine(timezone.localdate(now), time()))
    return set(Notice.objects.filter(channel="digest", sent_at__gte=day).values_list("user", flat=True))


def midnight_after(now):
    return london(now.astimezone(LONDON).date() + DAY, time()) - MINUTE


def tick(at):
    """The first wake-up of the beats after a moment."""
    minute = at.replace(second=0, microsecond=0)
    return minute + A_WAKE if at < minute + A_WAKE else minute + MINUTE + A_WAKE
