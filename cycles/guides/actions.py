"""What may happen to a guide. Each step is kept with its day, with who and why; a retired one stays readable."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cycles.guides.models import Confirmation, ConfirmationAnswer, Guide, GuideStep, Law
from cycles.notices.actions import tell
from cycles.notices.models import Notice
from cycles.refusals import ChangedMeanwhile, Refused
from cycles.sent import make_once

MANY_RULES = 5  # more than this and people stop reading them (DOMAIN.md 19)
State = Guide.State
MAY_BECOME: dict[str, set] = {
    State.PROPOSED: {State.ADOPTED, State.NOT_ADOPTED},
    State.NOT_ADOPTED: {State.ADOPTED},  # minds may change
    State.ADOPTED: {State.RETIRED},
    State.RETIRED: set(),  # say it anew instead, so that its days stay true
}
SAY_WHY = {
    State.NOT_ADOPTED: "Say why not. It goes back to whoever proposed it.",
    State.RETIRED: "Say why it goes. People worked by it.",
}


@transaction.atomic
def propose_guide(*, kind, text, by, cycle=None, team=None, client_id=None, is_agreed=False, **about):
    """Put a guide forward, for a cycle or a team. `is_agreed` by those who may: it is in force from today."""
    fields = {"cycle": cycle, "team": team, "kind": kind, "text": text, "by": by, **about}
    guide, is_new = make_once(Guide, client_id, state=State.PROPOSED, active_from=None, **fields)
    if is_new:
        guide.steps.create(what=GuideStep.What.PROPOSED, by=by)
        if is_agreed:
            return _become(guide, State.ADOPTED, "", by)
    return guide


@transaction.atomic
def decide_guide(*, guide, state, words, by):
    """Take it on, say no, or retire it. No and retiring need a why. Sent twice, it is once."""
    row = Guide.objects.select_for_update(of=("self",)).get(pk=guide.pk)
    if row.state == state:
        last = row.steps.filter(what=state).select_related("by").last()
        if last is None or last.by_id == by.pk:
            return row
        raise Refused(f"{last.by} did this already: “{last.words}”" if last.words else f"{last.by} did this already.")
    if state not in MAY_BECOME[row.state]:
        raise Refused(f"It is {row.get_state_display().lower()}, so that can’t be done now.")
    if state in SAY_WHY and not words.strip():
        raise Refused(SAY_WHY[state], "words")
    row = _become(row, state, words, by)
    if state != State.RETIRED and row.by_id != by.pk:
        tell(
            users=[row.by],
            place=row.home.place,
            kind=Notice.Kind.GUIDE_ANSWERED,
            subject_ref=row.pk,
            key=f"guide-{row.pk}-{state}",
        )
    return row


def _become(guide, state, words, by):
    today = timezone.localdate()
    guide.state = state
    if state == State.ADOPTED:
        guide.active_from = today
    if state == State.RETIRED:
        guide.retired_on = today
    guide.save(update_fields=["state", "active_from", "retired_on"])
    guide.steps.create(what=state, words=words, by=by)
    return guide


def too_many_rules(guides, more=0):
    """Whether rules in force, and `more` to come, are past five."""
    return sum(guide.kind == Guide.Kind.RULE for guide in guides) + more > MANY_RULES


# ------------------------------------------------------------------ are we living them?


@transaction.atomic
def confirm_guides(*, team, said, by, client_id=None):
    """Keep what a team said about its guides: {(guide, question): text}. By example; nothing is scored."""
    said = {pair: text for pair, text in said.items() if text.strip()}
    if not said:
        raise Refused("Say one thing about one of them. A few words is fine.")
    look, is_new = make_once(Confirmation, client_id, team=team, by=by)
    if is_new:
        ConfirmationAnswer.objects.bulk_create(
            ConfirmationAnswer(confirmation=look, guide=guide, question=question, text=text)
            for (guide, question), text in said.items()
        )
    return look


# ------------------------------------------------------------------ laws with no room

LAW_WORDS = ("name", "demands", "met", "source", "link")


def note_law(*, place, by, cycle=None, client_id=None, **words):
    law, _ = make_once(Law, client_id, place=place, cycle=cycle, by=by, **words)
    return law


@transaction.atomic
def edit_law(*, law, version, by, **words):
    """Tell it anew; how it was told before stays."""
    row = Law.objects.select_for_update(of=("self",)).get(pk=law.pk)
    if row.version != version:
        raise ChangedMeanwhile(current=row)
    if all(getattr(row, name) == value for name, value in words.items()):
        return row
    row.versions.create(by=by, **{name: getattr(row, name) for name in LAW_WORDS})
    for name, value in words.items():
        setattr(row, name, value)
    row.version = F("version") + 1
    row.save(update_fields=[*words, "version"])
    row.refresh_from_db()
    return row
