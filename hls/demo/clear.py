"""Takes the demo place away, and nothing else."""

from django.db import transaction
from django.db.models import Q

from cycles import models as c
from debriefs import models as d
from hls.api.models import ApiToken
from hls.hooks.models import WebHook
from hls.leadership.models import Summary, SummarySchedule
from issues import models as i


@transaction.atomic
def clear():
    """Remove the demo place and the people who were only in it. Returns how many places went (0 or 1).

    The append-only audit and history keep their ids and states; they hold no words.
    """
    places = list(c.Place.objects.filter(is_demo=True))
    for place in places:
        _clear(place)
    return len(places)


def _clear(place):
    people = set(c.User.objects.filter(memberships__place=place).values_list("pk", flat=True))
    of_place = {"place": place}
    c.Experiment.objects.filter(cycle__place=place).update(parent=None)  # however often one grew out of another
    for queryset in (
        ApiToken.objects.filter(**of_place),
        WebHook.objects.filter(**of_place),
        Summary.objects.filter(**of_place),
        SummarySchedule.objects.filter(**of_place),
        d.OneToOne.objects.filter(**of_place),
        d.WelfareTheme.objects.filter(**of_place),
        d.Produced.objects.filter(debrief__place=place),
        d.Debrief.objects.filter(**of_place),
        d.DebriefPlan.objects.filter(team__place=place),
        i.Comment.objects.filter(issue__place=place),
        i.Pledge.objects.filter(**of_place),
        i.Recommendation.objects.filter(**of_place),
        i.Meeting.objects.filter(**of_place),
        i.ForumCase.objects.filter(**of_place),
        i.Decision.objects.filter(issue__place=place),
        i.IssueStep.objects.filter(issue__place=place),
        i.IssueMove.objects.filter(issue__place=place),
        i.Sighting.objects.filter(issue__place=place),
        i.Issue.objects.filter(**of_place),
        i.SavedView.objects.filter(**of_place),
        i.FlowTally.objects.filter(**of_place),
        i.WaitTally.objects.filter(**of_place),
        c.Notice.objects.filter(**of_place),
        c.Story.objects.filter(**of_place),
        c.Reading.objects.filter(measure__cycle__place=place),
        c.Evidence.objects.filter(statement__cycle__place=place),
        c.Statement.objects.filter(cycle__place=place),
        c.Lesson.objects.filter(cycle__place=place),
        c.Experiment.objects.filter(cycle__place=place),
        c.Case.objects.filter(cycle__place=place),
        c.LearningCycle.objects.filter(**of_place),
        c.Answer.objects.filter(team__place=place),
        c.QuestionWording.objects.filter(**of_place),
        c.Question.objects.filter(**of_place),
        c.Law.objects.filter(**of_place),
        c.Invitation.objects.filter(**of_place),
        c.Membership.objects.filter(**of_place),
        c.Team.objects.filter(**of_place),
        c.Agency.objects.filter(**of_place),
    ):
        queryset.delete()
    c.User.objects.filter(Q(pk__in=people) & Q(memberships=None)).delete()
    place.delete()
