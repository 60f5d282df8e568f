"""Whatever is tried with a lesson, in whatever order: it stands where its offers say, and every step is kept."""

import itertools

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cycles.lessons import actions
from cycles.lessons.standing import FURTHEST, MAY, stands
from cycles.models import CycleLink, Lesson, LessonMove, Offer
from cycles.refusals import Refused
from tests import factories as f

TODAY = timezone.localdate
ACTS = ("offer", "take_back", "take_up", "decline", "again", "embed", "lapse", "embed_here", "raise", "lower", "own")
TRIED = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 2), st.booleans()), max_size=24)


class World:
    """One lesson, three cycles beside it, and what the moves should add up to."""

    def __init__(self, here):
        self.by, self.helper = here.worker, here.helper
        self.cycles = [f.LearningCycleFactory(team=here.working, scale=s) for s in ("organisation", "place", "team")]
        for other in self.cycles:
            CycleLink.objects.create(source=here.cycle, target=other, direction="vertical", by=here.worker)
        self.lesson = actions.note_lesson(cycle=here.cycle, text="Ring first", by=here.worker)

    def offer_to(self, which):
        return Offer.objects.filter(lesson=self.lesson, to=self.cycles[which]).order_by("-pk").first()

    def act(self, name, which, with_words):
        words, offer = "Because" if with_words else " ", self.offer_to(which)
        levels = list(Lesson.level.field.choices)
        at = [value for value, _ in levels].index(Lesson.objects.get(pk=self.lesson.pk).level)
        if name == "offer":
            return actions.offer_lesson(lesson=self.lesson, to=self.cycles[which], text="x", why=words, by=self.by)
        if name == "embed_here":
            return actions.embed_here(lesson=self.lesson, on=TODAY(), words=words, by=self.by)
        if name in ("raise", "lower"):
            to = at + (1 if name == "raise" else -1)
            if not 0 <= to < len(levels):
                raise Refused("There is no such level.")
            return actions.change_level(lesson=self.lesson, to_level=levels[to][0], why=words, by=self.by)
        if offer is None:
            raise Refused("Nothing was offered.")
        about = {"offer": offer, "by": self.helper}
        return {
            "take_back": lambda: actions.take_back_offer(**about),
            "take_up": lambda: actions.reply_to_offer(takes_up=True, reply=words, **about),
            "decline": lambda: actions.reply_to_offer(takes_up=False, reply=words, **about),
            "again": lambda: actions.reconsider(why=words, **about),
            "embed": lambda: actions.embed_offer(on=TODAY(), words=words, **about),
            "lapse": lambda: actions.lapse(why=words, **about),
            "own": lambda: actions.make_own(**about),
        }[name]()


def check(world, moves_before, refused):
    lesson = Lesson.objects.get(pk=world.lesson.pk)
    offers = list(lesson.offers.all())
    assert (lesson.state, lesson.embedded_on) == stands(offers)
    moves = list(lesson.moves.all())
    assert moves[: len(moves_before)] == moves_before, "an earlier move is gone or changed"
    assert all(move.by_id and move.at for move in moves)
    assert not refused or len(moves) == len(moves_before), "a refused act left a move"
    for offer in offers:
        assert replayed(offer) == offer.state, "the moves do not add up to where the offer is"
    assert level_of(moves, lesson) == lesson.level
    for what in ("raised", "lowered"):
        assert all(move.words.strip() for move in moves if move.what == what)
    assert all(offer.reply.strip() for offer in offers if offer.state == "declined")
    return moves


def replayed(offer):
    """Where an offer is, by its moves alone."""
    at = Offer.State.TAKEN_UP if offer.direction == "own" else Offer.State.WAITING
    for move in offer.moves.exclude(what=LessonMove.What.OFFERED):
        at = MAY[at][move.what]
        if move.what == LessonMove.What.LAPSED and offer.direction == "own":
            at = Offer.State.TAKEN_BACK
    return at


def level_of(moves, lesson):
    risen = [move for move in moves if move.what in ("raised", "lowered")]
    for one, other in itertools.pairwise(risen):
        assert one.to_level == other.from_level
    return risen[-1].to_level if risen else "organisation"


@pytest.mark.system(12)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tried=TRIED)
def test_a_lesson_always_stands_where_its_moves_say(here, tried):
    with transaction.atomic():
        world = World(here)
        moves, refused = check(world, [], False), False
        for name, which, with_words in tried:
            try:
                world.act(name, which, with_words)
                refused = False
            except Refused:
                refused = True
            moves = check(world, moves, refused)
        transaction.set_rollback(True)


@given(states=st.lists(st.sampled_from(list(Offer.State))))
def test_the_furthest_offer_says_where_a_lesson_stands(states):
    offers = [Offer(state=state, embedded_on=TODAY() if state == "embedded" else None) for state in states]
    state, on = stands(offers)
    rank = [stand for _, stand in FURTHEST] + [Lesson.State.NOTICED]
    for offer in offers:
        if offer.state != Offer.State.TAKEN_BACK:
            assert rank.index(state) <= rank.index(dict(FURTHEST)[offer.state])
    assert bool(on) == (state == Lesson.State.EMBEDDED)
