"""An experiment with what other rooms and floors know of it (mock-up 08), and the crossing of one of its limits."""

from django.db import transaction
from django.db.models import Q
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cycles.asking import ask
from cycles.experiments import actions, bubble, forms, limits
from cycles.experiments.models import Experiment
from cycles.experiments.views import about_experiment, find_experiment, find_limit
from cycles.experiments.words import sentences
from cycles.guides.models import Guide
from cycles.lessons.models import Lesson
from cycles.measures.drawing import picture
from cycles.measures.models import Measure
from cycles.people.models import User
from cycles.questions.models import Question
from cycles.questions.reading import answers_for
from cycles.stack import permissions
from cycles.stack.models import Scale
from cycles.stack.serving import serving
from cycles.stack.views import about
from cycles.statements.models import Statement
from cycles.statements.weighing import weigh
from debriefs.models import Debrief, Produced
from debriefs.record.actions import call_hot_debrief
from debriefs.record.notes import PROMPTS, people_of
from issues.log.seen import seen_counts
from issues.models import Issue

SHOWN = 5
STATE = Experiment.State


@require_safe
def experiment(request, pk):
    """Learning above plan: what it teaches comes before what was meant."""
    user = request.user
    shown = find_experiment(request, pk, "parent", "serves", "tie__source", "tie__target")
    can_change = permissions.can_change(user, shown.cycle)
    page = {
        "experiment": shown,
        "cycle": shown.cycle,
        "can_change": can_change,
        "sentences": sentences(shown),
        "people": shown.people.splitlines(),
        "protection": shown.protection.splitlines(),
        "family": _family(shown),
        **_lessons(user, shown),
        "statements": weigh(Statement.objects.filter(experiment=shown).in_order().select_related("cycle"), user),
        "moves": list(shown.moves.select_related("by")),
        **_forms(shown),
        **serving(shown),
        **_limits(user, shown),
        **_space(user, shown, can_change),
        **_measures(shown),
        **_issues(user, shown),
        **_debriefs(user, shown),
        **about(shown.cycle),
    }
    page["ending"] = next((move for move in page["moves"] if move.to_state in Experiment.ENDINGS), None)
    return TemplateResponse(request, "cycles/pages/experiment.html", page)


def _forms(shown):
    may_become = actions.MAY_BECOME.get(shown.state, set())
    return {
        "start_form": forms.StartForm(auto_id="start_%s") if shown.state == STATE.IDEA else None,
        "next_form": forms.NextForm(may_become=may_become, auto_id="next_%s") if may_become else None,
        "resume_form": forms.ResumeForm(auto_id="resume_%s") if shown.state == STATE.PAUSED else None,
    }


def _lessons(user, shown):
    rows = list(Lesson.objects.visible_to(user).filter(experiment=shown)[: SHOWN + 1])
    return {"lessons": rows[:SHOWN], "more_lessons": len(rows) > SHOWN and shown.cycle.scale != Scale.PERSON}


def _family(shown):
    """Where it grew from and what it grew into, as lines with their depth; all of a cycle's in one query."""
    of_cycle = Experiment.objects.filter(cycle=shown.cycle_id).order_by("opened_on", "pk")
    rows = {row.pk: row for row in of_cycle.only("title", "state", "parent", "cycle", "opened_on")}
    root = rows[shown.pk]
    while root.parent_id in rows:
        root = rows[root.parent_id]
    found = []

    def walk(row, depth):
        found.append({"row": row, "depth": min(depth, 4), "is_this": row.pk == shown.pk})
        for child in rows.values():
            if child.parent_id == row.pk:
                walk(child, depth + 1)

    walk(root, 0)
    return found if len(found) > 1 else []


def _limits(user, shown):
    rows = list(shown.limits.select_related("lifted_by").prefetch_related("crossings__by"))
    latest = max(
        (crossing for row in rows for crossing in row.crossings.all()), key=lambda c: (c.at, c.pk), default=None
    )
    for row in rows:
        row.form = forms.CrossedForm(auto_id=f"crossed_{row.pk}_%s")
    return {
        "limits": [row for row in rows if not row.lifted_on],
        "lifted": [row for row in rows if row.lifted_on],
        "crossing": latest if shown.state == STATE.PAUSED else None,
    }


def _space(user, shown, can_change):
    """The bubble (DOMAIN.md 57): what is held to, what room was given, what guards it, whose lives are inside."""
    return {
        "guides": Guide.objects.visible_to(user).for_cycle(shown.cycle).in_force(timezone.localdate()).in_order(),
        "room": [row for row in answers_for(shown.cycle, "permission") if row.answer],
        "together": [row for row in answers_for(shown, "experiment") if not row.is_on_card],
        "inside": bubble.inside(user, shown),
        "can_take_in": can_change and bubble.can_take_in(user, shown) and shown.cycle.scale != Scale.PERSON,
    }


def _measures(shown):
    """What is asked; the first that has numbers enough is drawn."""
    rows = list(Measure.objects.filter(experiment=shown, retired_on=None).prefetch_related("readings__corrected_by"))
    drawn = None
    for row in rows:
        standing = [reading for reading in row.readings.all() if not hasattr(reading, "corrected_by")]
        if drawn is None and (found := picture(row, standing)):
            drawn = {"measure": row, "picture": found}
    return {"measures": rows, "drawn": drawn}


def _issues(user, shown):
    """What led to it, and what it brought up in its debriefs: each as far as the log's own rule shows it."""
    log = Issue.objects.visible_to(user).defer("search")
    brought = Produced.objects.visible_to(user).filter(debrief__experiment=shown, sighting__isnull=False)
    rows = list(log.filter(pk__in=brought.values("sighting__issue")).order_by("-updated_at", "-pk")[:SHOWN])
    counts = seen_counts(row.pk for row in rows)
    for row in rows:
        row.seen = counts.get(row.pk, "")
    return {"from_issues": log.filter(tries__experiment=shown), "brought_up": rows}


def _debriefs(user, shown):
    held = Debrief.objects.visible_to(user).filter(experiment=shown).filter(Q(state="held") | Q(state="written_up"))
    rows = list(held.order_by("-planned_for", "-pk")[:SHOWN])
    is_hot = shown.state == STATE.PAUSED
    hot = next((row for row in rows if row.kind == Debrief.Kind.HOT), None) if is_hot else None
    return {"debriefs": rows[:3], "hot": hot}


# ------------------------------------------------------------------ a limit is crossed


def limit_crossed(request, pk):
    """Whoever sees the experiment may say so; nobody has to agree first."""
    limit = find_limit(request, pk)
    shown = limit.experiment
    team = shown.cycle.team
    return ask(
        request,
        forms.CrossedForm(request.POST or None),
        lambda said: say_limit_crossed(limit=limit, by=request.user, **said) and shown,
        title="This limit was crossed",
        lede=limit.text,
        button="Pause it now",
        said="Paused. What happens next is said on this page."
        if shown.cycle.scale == Scale.PERSON
        else f"Paused. {team} is called to a hot debrief.",
        note="You do not have to be sure. It pauses at once, and the team talks about it.",
        **about_experiment(shown),
    )


@transaction.atomic
def say_limit_crossed(*, limit, by, words="", client_id=None):
    """Pause it and call its team to a hot debrief, in one go. A life has no team debrief: there it only pauses."""
    crossing, is_new = limits.say_crossed(limit=limit, by=by, words=words, client_id=client_id)
    if is_new and limit.experiment.cycle.scale != Scale.PERSON:
        _call_team(crossing, limit.experiment, by)
    return crossing


def _call_team(crossing, shown, by):
    team, now = shown.cycle.team, timezone.now().replace(second=0, microsecond=0)
    said = f"A limit of “{shown.title}” was crossed: {crossing.limit.text}"
    debrief = call_hot_debrief(
        team=team,
        cycle=shown.cycle,
        questions=list(Question.objects.filter(key__in=PROMPTS[Debrief.Kind.HOT])),
        words={"issue": f"{said}\n\n{crossing.words}".strip()},
        at=now,
        asked=User.objects.filter(pk__in=[pk for pk, _, _ in people_of(team, timezone.localdate())]),
        by=by,
    )
    Debrief.objects.filter(pk=debrief.pk).update(experiment=shown)
    if not by.rights.in_team(team.pk):
        debrief.present.remove(by)  # they called it, and only its team can be there
    return debrief
