"""What lies on the table beside the prompts: the life that is talked about, and what leaders answered since last time.

The same few reads, however much there is.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import F, Q, Sum, Window
from django.db.models.functions import RowNumber

from cycles.lives.actions import note_reads
from cycles.lives.models import Case, Contact, Spend
from debriefs.record.models import Debrief, FollowUp
from issues.groups.models import Decision
from issues.log.models import Issue, Sighting

LIVES = 4
OF_EACH = 5  # contacts and issues of one life
ANSWERS = 6


@dataclass
class Life:
    case: Case
    contacts: list = field(default_factory=list)
    issues: list = field(default_factory=list)
    costs: Decimal = Decimal(0)
    spent: Decimal = Decimal(0)


def room_of(debrief, user):
    return {"lives": lives_of(debrief, user), "answers": answers_since(debrief, user)}


def lives_of(debrief, user):
    """The lives this debrief is about that the reader is alongside. Each reading is logged, as on the life's page."""
    about = Q(debriefs=debrief) | Q(cycle=debrief.cycle_id)
    cases = list(Case.objects.of(user).filter(about).select_related("cycle__place").distinct().order_by("pk")[:LIVES])
    if not cases:
        return []
    note_reads(cases=cases, by=user)
    lives = {case.pk: Life(case) for case in cases}
    for contact in _newest_contacts(lives):
        lives[contact.case_id].contacts.append(contact)
    for case, total in _totals(Contact, "cost", lives):
        lives[case].costs = total
    for case, total in _totals(Spend, "amount", lives):
        lives[case].spent = total
    for case, issue in _open_issues(lives, user):
        if len(lives[case].issues) < OF_EACH:
            lives[case].issues.append(issue)
    return list(lives.values())


def _newest_contacts(lives):
    place = Window(RowNumber(), partition_by=F("case"), order_by=[F("on").desc(), F("pk").desc()])
    found = Contact.objects.filter(case__in=lives).annotate(at=place).filter(at__lte=OF_EACH)
    return found.select_related("agency").order_by("-on", "-pk")


def _totals(model, name, lives):
    rows = model.objects.filter(case__in=lives, **{f"{name}__isnull": False}).order_by()
    return rows.values_list("case").annotate(total=Sum(name))


def _open_issues(lives, user):
    """[(life, issue)], each once, the newest sighting first."""
    log = Issue.objects.visible_to(user).open()
    seen = Sighting.objects.filter(case__in=lives, issue__in=log).select_related("issue__place")
    pairs = {(one.case_id, one.issue_id): (one.case_id, one.issue) for one in seen.order_by("-on", "-pk")[:60]}
    return pairs.values()


def answers_since(debrief, user):
    """What groups that can act decided on the team's issues, and what leaders answered, since the last debrief."""
    before = Debrief.objects.filter(team=debrief.team_id, cycle=debrief.cycle_id, held_on__isnull=False)
    before = before.exclude(pk=debrief.pk).filter(planned_for__lt=debrief.planned_for).exclude(kind=Debrief.Kind.HOT)
    last = before.order_by("-planned_for").values_list("held_on", flat=True).first()
    if last is None:
        return {"since": None, "decisions": [], "asked": []}
    # The day itself counts: an answer may have come in the hours after the talk.
    decisions = Decision.objects.filter(issue__in=Issue.objects.visible_to(user).filter(team=debrief.team_id))
    asked = FollowUp.objects.visible_to(user).filter(
        debrief__team=debrief.team_id, audience=FollowUp.Audience.LEADERS, answered_on__gte=last
    )
    return {
        "since": last,
        "decisions": list(
            decisions.filter(decided_on__gte=last).select_related("issue__place", "team").order_by("-at")[:ANSWERS]
        ),
        "asked": list(asked.exclude(state=FollowUp.State.TO_DO).order_by("-answered_on", "-pk")[:ANSWERS]),
    }
