"""Situations for tests. Each factory makes one believable row; a trait makes a situation."""

from functools import cache

import factory
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from factory.django import DjangoModelFactory

from cycles import models as c
from cycles.lessons.actions import way
from cycles.lessons.standing import settle
from debriefs import models as d
from issues import models as i

PASSWORD = "pebble river lantern 9"


class PlaceFactory(DjangoModelFactory):
    class Meta:
        model = c.Place

    name = factory.Sequence(lambda n: f"Place {n}")
    slug = factory.Sequence(lambda n: f"place-{n}")
    duty_line = "01632 960123"


@cache
def hashed(words):
    return make_password(words)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = c.User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person Number {n}")
    short_name = factory.Sequence(lambda n: f"Person{n}")
    password = PASSWORD

    @classmethod
    def _adjust_kwargs(cls, password, **kwargs):
        return {**kwargs, "password": hashed(password)}


class AgencyFactory(DjangoModelFactory):
    class Meta:
        model = c.Agency

    place = factory.SubFactory(PlaceFactory)
    name = factory.Sequence(lambda n: f"Agency {n}")


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = c.Team

    place = factory.SubFactory(PlaceFactory)
    name = factory.Sequence(lambda n: f"Team {n}")
    slug = factory.Sequence(lambda n: f"team-{n}")

    class Params:
        leadership = factory.Trait(kind="leadership", name=factory.Sequence(lambda n: f"Leadership group {n}"))
        working = factory.Trait(kind="working", name=factory.Sequence(lambda n: f"Working group {n}"))
        evidence = factory.Trait(kind="evidence", name=factory.Sequence(lambda n: f"Evidence team {n}"))


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = c.Membership

    user = factory.SubFactory(UserFactory)
    team = factory.SubFactory(TeamFactory)
    place = factory.LazyAttribute(lambda o: o.team.place)
    role = "caseworker"
    from_on = factory.LazyFunction(lambda: timezone.localdate() - timezone.timedelta(days=30))


class LearningCycleFactory(DjangoModelFactory):
    class Meta:
        model = c.LearningCycle

    team = factory.SubFactory(TeamFactory)
    place = factory.LazyAttribute(lambda o: o.team.place)
    title = factory.Sequence(lambda n: f"Cycle {n}")
    purpose = "People here live thriving lives"


class ExperimentFactory(DjangoModelFactory):
    class Meta:
        model = c.Experiment

    cycle = factory.SubFactory(LearningCycleFactory)
    title = factory.Sequence(lambda n: f"Experiment {n}")
    question = "What if debt is a sign to start a conversation?"

    class Params:
        running = factory.Trait(
            state="running", legal_ok=True, safe_ok=True, started_on=factory.LazyFunction(timezone.localdate)
        )


class LessonFactory(DjangoModelFactory):
    class Meta:
        model = c.Lesson

    cycle = factory.SubFactory(LearningCycleFactory)
    text = "Sitting with someone while they open the post does more than a letter."
    by = factory.SubFactory(UserFactory)


class OfferFactory(DjangoModelFactory):
    """A lesson on its way to a cycle, as its state says; the lesson stands where its offers say."""

    class Meta:
        model = c.Offer
        skip_postgeneration_save = True

    lesson = factory.SubFactory(LessonFactory)
    to = factory.SubFactory(LearningCycleFactory)
    text = factory.LazyAttribute(lambda o: o.lesson.text)
    direction = factory.LazyAttribute(lambda o: way(o.lesson.cycle, o.to))
    by = factory.LazyAttribute(lambda o: o.lesson.by)

    class Params:
        declined = factory.Trait(state="declined", reply="Not while we have no money to spend on the day.")
        taken_up = factory.Trait(state="taken_up", reply="From January.")
        embedded = factory.Trait(
            state="embedded", embedded_on=factory.LazyFunction(timezone.localdate), embedded_words="We ring first."
        )

    @factory.post_generation
    def stands(self, create, extracted, **kwargs):
        settle(self.lesson)


class CaseFactory(DjangoModelFactory):
    """A life in the team of `worker`; the worker is a member of that team."""

    class Meta:
        model = c.Case

    class Params:
        team = factory.SubFactory(TeamFactory)

    cycle = factory.LazyAttribute(lambda o: LearningCycleFactory(team=o.team, scale="person", title="A life"))
    alias = factory.Sequence(lambda n: f"Alias{n}")
    worker = factory.LazyAttribute(lambda o: MembershipFactory(team=o.team).user)


class StoryFactory(DjangoModelFactory):
    class Meta:
        model = c.Story

    cycle = factory.SubFactory(LearningCycleFactory)
    place = factory.LazyAttribute(lambda o: o.cycle.place)
    title = "The post"
    body = "I used to put it behind the bread bin."
    written_by = factory.SubFactory(UserFactory)

    class Params:
        shared = factory.Trait(reach="place", checked_by_teller_on=factory.LazyFunction(timezone.localdate))


class MeasureFactory(DjangoModelFactory):
    class Meta:
        model = c.Measure

    cycle = factory.SubFactory(LearningCycleFactory)
    question = "How easy was it to do right by the person?"
    lens = "efficient"


class ReadingFactory(DjangoModelFactory):
    class Meta:
        model = c.Reading

    measure = factory.SubFactory(MeasureFactory)
    period_start = factory.LazyFunction(timezone.localdate)
    period_end = factory.SelfAttribute("period_start")
    value = 3
    n = 6
    by = None


class IssueFactory(DjangoModelFactory):
    """An open issue raised by someone of its cycle's team, made by the same action as in the product."""

    class Meta:
        model = i.Issue

    cycle = factory.SubFactory(LearningCycleFactory)
    description = factory.Sequence(lambda n: f"Letters go out before anyone rings, number {n}")

    @classmethod
    def _create(cls, model, *, cycle, description, raised_by=None, **more):
        from issues.log.actions import raise_issue

        by = raised_by or MembershipFactory(team=cycle.team).user
        issue = raise_issue(
            cycle=cycle,
            description=description,
            by=by,
            **{
                k: more.pop(k)
                for k in list(more)
                if k
                in {
                    "level",
                    "owner_tier",
                    "owner_agency",
                    "countermeasure",
                    "system_change",
                    "case",
                    "words",
                    "occasion_ref",
                }
            },
        )
        if more:
            model.objects.filter(pk=issue.pk).update(**more)
            issue.refresh_from_db()
        return issue


class DebriefPlanFactory(DjangoModelFactory):
    class Meta:
        model = d.DebriefPlan

    cycle = factory.SubFactory(LearningCycleFactory)
    team = factory.LazyAttribute(lambda o: o.cycle.team)
    time = "09:00"
    by = factory.SubFactory(UserFactory)


class DebriefFactory(DjangoModelFactory):
    class Meta:
        model = d.Debrief

    cycle = factory.SubFactory(LearningCycleFactory)
    team = factory.LazyAttribute(lambda o: o.cycle.team)
    place = factory.LazyAttribute(lambda o: o.cycle.place)
    planned_for = factory.LazyFunction(timezone.now)

    class Params:
        held = factory.Trait(state="held", held_on=factory.LazyFunction(timezone.localdate))


class LimitFactory(DjangoModelFactory):
    """A limit of an experiment that is running."""

    class Meta:
        model = c.Limit

    experiment = factory.SubFactory(ExperimentFactory, running=True)
    text = factory.Sequence(lambda n: f"Nobody waits longer than before, number {n}")
    by = factory.SubFactory(UserFactory)


class StatementFactory(DjangoModelFactory):
    """What a cycle thinks it learned, said by the same action as in the product."""

    class Meta:
        model = c.Statement

    cycle = factory.SubFactory(LearningCycleFactory)
    text = factory.Sequence(lambda n: f"People open the door when nothing is asked of them, number {n}")
    by = factory.SubFactory(UserFactory)

    @classmethod
    def _create(cls, model, **said):
        from cycles.statements.actions import say

        return say(**said)


class EvidenceFactory(DjangoModelFactory):
    class Meta:
        model = c.Evidence

    statement = factory.SubFactory(StatementFactory)
    side = "for"
    text = "Three of four doors opened."
    by = factory.SubFactory(UserFactory)


class ForumFactory(TeamFactory):
    """A forum such as the Creative Solutions Forum, which several organisations sit in."""

    name = factory.Sequence(lambda n: f"Creative Solutions Forum {n}")
    kind = "forum"


class MeetingFactory(DjangoModelFactory):
    """A meeting that a group planned, with its members' seats; its agenda is built from what waits."""

    class Meta:
        model = i.Meeting

    team = factory.SubFactory(TeamFactory, leadership=True)
    on = factory.LazyFunction(timezone.localdate)
    by = factory.LazyAttribute(lambda o: MembershipFactory(team=o.team).user)

    @classmethod
    def _create(cls, model, *, is_live=False, **words):
        from hls.meetings.waiting import waiting_for
        from issues.meetings import actions

        meeting = actions.plan(**words)
        actions.put(meeting=meeting, things=waiting_for(meeting), by=words["by"])
        return actions.begin(meeting=meeting, by=words["by"]) if is_live else meeting


class ForumCaseFactory(DjangoModelFactory):
    """A life that its worker brought to a forum, with consent."""

    class Meta:
        model = i.ForumCase

    case = factory.SubFactory(CaseFactory)
    team = factory.LazyAttribute(lambda o: ForumFactory(place=o.case.cycle.place))
    by = factory.LazyAttribute(lambda o: o.case.worker)
    why = "Four services have said no this month"
    blocked_by = "A threshold that nobody meets"
    reasons = factory.LazyFunction(lambda: ["hand_offs", "home"])
    consent_words = "Tell them, if it gets me a door that locks"
    consent_on = factory.LazyFunction(timezone.localdate)

    @classmethod
    def _create(cls, model, **words):
        from issues.forum_cases.actions import bring

        return bring(consent_given=True, **words)
