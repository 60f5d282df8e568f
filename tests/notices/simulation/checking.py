"""Holds what was taken to what was promised (row 44 of the assurance table), by rules written a second time."""

from collections import defaultdict
from datetime import timedelta
from functools import partial

from cycles.models import Notice
from debriefs.models import Debrief
from tests.notices.simulation.house import DAY, LONDON, MINUTE, Told, london
from tests.notices.test_two_years import meetings

ENOUGH = 25  # minutes awake with a server there: time for two refusals, two deaths and their waits


def faults(house, first, last):
    """Everything that is not as promised, in words; an empty list is what we want."""
    taken = house.office.taken
    return [
        *_in_quiet_hours(house, taken),
        *_letters_of_a_day(taken),
        *_strangers(taken),
        *_grown(taken),
        *_storms(house, taken),
        *_once(house, [*_reminders(house), *house.hot], partial(_must_at_once, house, first, last)),
        *_once(house, house.of_the_day, partial(_must_in_letter, house, last)),
        *(f"{row.key} was given up" for row in Notice.objects.parked()),
    ]


def _in_quiet_hours(house, taken):
    people = {person.email: person for person in house.people}
    return [f"{c.to} had a letter while resting, {c.at}" for c in taken if people[c.to].rests(c.at)]


def _letters_of_a_day(taken):
    """One a day; it may come again only where its sender could not know of it, and then as the same."""
    days = defaultdict(list)
    for copy in taken:
        if copy.is_of_the_day:
            days[copy.to, copy.at.astimezone(LONDON).date()].append(copy)
    for (to, day), copies in days.items():
        known, idents = sum(copy.is_known for copy in copies), {copy.ident for copy in copies}
        if known > 1 or len(idents) > 1:
            yield f"{to} had {len(copies)} letters of the day on {day}, {known} of them known of"


def _strangers(taken):
    """One Message-ID is one reader's."""
    readers = defaultdict(set)
    for copy in taken:
        readers[copy.ident].add(copy.to)
    return [f"{ident} went to {len(to)} people" for ident, to in readers.items() if len(to) > 1]


def _grown(taken):
    """A mailbox that has a letter folds what comes under its id: nothing new may be in that."""
    first = {}
    for copy in taken:
        known = first.setdefault(copy.ident, copy.things)
        if new := set(copy.things) - set(known):
            yield f"{copy.to} had {new} in a repeat of a letter, {copy.at}"


def _storms(house, taken):
    """When all runs again, what could not wait comes in one letter for each person, beside one that may have come."""
    for _, ends in [*house.dark, *house.office.away]:
        idents, before = defaultdict(set), {ident for ident, at in house.office.first_seen.items() if at < ends}
        for copy in taken:
            if ends <= copy.at < ends + 10 * MINUTE and not copy.is_of_the_day and copy.ident not in before:
                idents[copy.to].add(copy.ident)
        yield from (f"{to} had {len(n)} letters at once, {ends}" for to, n in idents.items() if len(n) > 1)


def _once(house, told, must):
    copies = defaultdict(list)
    for copy in house.office.taken:
        for thing in copy.things:
            copies[copy.to, thing].append(copy)
    for one in told:
        for person in one.people:
            some = copies[person.email, one.thing]
            yield from _repeats(person, one, some)
            if not some and must(person, one):
                yield f"{person.email} was not told of {one.thing}, {one.at}"
            yield from (f"{one.thing} was told at {c.at}, out of its time" for c in some if not _is_in_time(one, c))
    asked = {(person.email, one.thing) for one in told for person in one.people}
    kinds = {one.thing.split()[0] for one in told}
    yield from (
        f"{to} was told of {x}, which nobody asked"
        for to, x in copies
        if x.split()[0] in kinds and (to, x) not in asked
    )


def _is_in_time(one, copy):
    return one.at <= copy.at and (one.stale_at is None or copy.at < one.stale_at)


def _repeats(person, one, copies):
    """A second copy only where the sender could not know of the first; and it is the same letter, by its Message-ID."""
    known = [copy for copy in copies if copy.is_known]
    if len(known) > 1:
        yield f"{person.email} was told {len(known)} times of {one.thing}, {one.at}"
    idents = {copy.ident for copy in copies}
    if len(idents) > 1:
        yield f"{person.email} was told of {one.thing} under {len(idents)} ids"


# ------------------------------------------------------------------ what had to come


def _reminders(house):
    """Every meeting of the plans, by the rules; a debrief row only says under which number it is known."""
    known = {(d.plan_id, d.planned_for): d.pk for d in Debrief.objects.exclude(plan=None)}
    for plan, phases, people in house.plans:
        for at in meetings(plan, phases):
            due = at - timedelta(minutes=plan.remind_before)
            members = [p for p in people if p.is_member(at.astimezone(LONDON).date())]
            yield Told(f"debrief {known.get((plan.pk, at), 'that was never planned')}", due, members, at)


def _must_at_once(house, first, last, person, one):
    return first + 2 * MINUTE < one.at and one.stale_at < last and _enough(house, person, one.at, one.stale_at)


def _must_in_letter(house, last, person, one):
    """By the end of the first later day that leaves them time to have it."""
    day = one.at.astimezone(LONDON).date() + DAY
    while (ends := london(day + DAY, person.digest_at.min)) < last:
        if _enough(house, person, london(day, person.digest_at), ends):
            return True
        day += DAY
    return False


def _enough(house, person, begins, ends):
    """Whether there were minutes enough on end at which they could be told."""
    off, run, at = [*house.dark, *house.office.away], 0, begins
    while at < ends:
        is_off = any(b <= at < e for b, e in off) or person.rests(at)
        run = 0 if is_off else run + 1
        if run >= ENOUGH:
            return True
        at += MINUTE
    return False
