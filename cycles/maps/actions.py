"""What may happen to a map. Nothing is lost: each change writes the version that stands from that day on."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cycles.maps.models import ElementTie, ElementVersion, MapFeedback, SystemElement
from cycles.maps.prompts import prompt_of, same_name
from cycles.refusals import ChangedMeanwhile, Refused
from cycles.sent import make_once
from cycles.stack.models import LearningCycle

MOST = 150  # on one map: beyond that it is a list of everything


def lock_map(cycle):
    """One writer on a map at a time, so that nothing is added twice."""
    return LearningCycle.objects.select_for_update(of=("self",)).get(pk=cycle.pk)


def _lock(row, version=None):
    current = type(row).objects.select_for_update(of=("self",)).select_related("cycle").get(pk=row.pk)
    if version is not None and current.version != version:
        raise ChangedMeanwhile(current=current)
    return current


def keep_version(row, *, by, why="", is_here=True, on=None):
    """Write down how it stands from this day on."""
    words = {name: getattr(row, name) for name in row.WORDS}
    return row.versions.create(is_here=is_here, why=why, by=by, from_on=on or timezone.localdate(), **words)


def change(*, row, version, by, why="", **words):
    """Change the words of an element, a tie or a step; what they were stays, with the day."""
    current = _lock(row, version)
    if current.removed_on:
        raise Refused("It was taken off the map. Put it back first.")
    if all(getattr(current, name) == value for name, value in words.items()):
        return current
    for name, value in words.items():
        setattr(current, name, value)
    keep_version(current, by=by, why=why)
    return _save(current, *words)


def _save(row, *fields):
    row.version = F("version") + 1
    row.save(update_fields=[*fields, "version"])
    row.refresh_from_db(fields=["version"])
    return row


def take_off(*, row, by, why=""):
    """It is no longer so. It stays on every earlier day. Pressing twice does it once."""
    current = _lock(row)
    if current.removed_on:
        return current
    keep_version(current, by=by, why=why, is_here=False)
    current.removed_on = timezone.localdate()
    return _save(current, "removed_on")


def put_on(*, row, by, why=""):
    """It is so again, from today."""
    current = _lock(row)
    if not current.removed_on:
        return current
    keep_version(current, by=by, why=why)
    current.removed_on = None
    return _save(current, "removed_on")


# ------------------------------------------------------------------ actors and factors


@transaction.atomic
def add_elements(*, cycle, named, by):
    """Put several on the map at once. `named`: (kind, name, prompt or ""). What is there already is passed over.

    A name that was taken off before comes back, so that its history goes on. Returns those that are new on the map.
    """
    row = lock_map(cycle)
    # What stands comes last in this order, so it is what a name means.
    known = {(each.kind, same_name(each.name)): each for each in row.systemelements.order_by("removed_on", "pk")}
    standing = sum(each.removed_on is None for each in known.values())
    found = []
    for kind, name, prompt in named:
        name = " ".join(name.split())
        before = known.get((kind, same_name(name)))
        if not same_name(name) or (before and not before.removed_on):
            continue
        if standing + len(found) >= MOST:
            raise Refused(f"A map holds {MOST} at most. Take something off first.")
        made = put_on(row=before, by=by) if before else _new_element(row, kind, name, prompt, by)
        known[kind, same_name(name)] = made
        found.append(made)
    return found


def _new_element(cycle, kind, name, prompt, by):
    element = SystemElement.objects.create(
        cycle=cycle, kind=kind, name=name, prompt=prompt or prompt_of(kind, name), by=by
    )
    keep_version(element, by=by)
    return element


@transaction.atomic
def change_element(*, element, version, by, why="", **words):
    """Change its name, what it does, its body or its note. `words` may hold the prompt, which has no history."""
    cycle = lock_map(element.cycle)
    if "name" in words:
        words["name"] = " ".join(words["name"].split())
        _check_name(cycle, element, words["name"])
    prompt = words.pop("prompt", None)
    current = change(row=element, version=version, by=by, why=why, **words)
    if prompt is not None and current.prompt != prompt:
        current.prompt = prompt
        _save(current, "prompt")
    return current


def _check_name(cycle, element, name):
    others = cycle.systemelements.standing().filter(kind=element.kind).exclude(pk=element.pk)
    if any(same_name(other.name) == same_name(name) for other in others):
        raise Refused("Something of that name is on the map already.", "name")


@transaction.atomic
def remove_element(*, element, by, why=""):
    """Take it off the map, and its ties with it."""
    lock_map(element.cycle)
    for tie in _ties_of(element).filter(removed_on=None):
        take_off(row=tie, by=by, why=why)
    return take_off(row=element, by=by, why=why)


@transaction.atomic
def put_element_back(*, element, by):
    """Back on the map, with the ties that went with it where their other end still stands."""
    cycle = lock_map(element.cycle)
    gone_on = SystemElement.objects.get(pk=element.pk).removed_on
    _check_name(cycle, element, element.name)
    current = put_on(row=element, by=by)
    ties = _ties_of(element).filter(removed_on=gone_on, source__removed_on=None, target__removed_on=None)
    for tie in ties if gone_on else ():
        if not _tie_between(tie.source_id, tie.target_id):
            put_on(row=tie, by=by)
    return current


def _ties_of(element):
    return ElementTie.objects.filter(source=element) | ElementTie.objects.filter(target=element)


# ---------------------------------------------------------------------------------- ties


def _tie_between(source, target):
    return ElementTie.objects.standing().filter(source=source, target=target).first()


@transaction.atomic
def tie_elements(*, cycle, source, target, effect, by, basis="", said_by="", note=""):
    """Tie two parts of a map: what the first does to the second, and how we know.

    A tie that was taken off comes back with the new words, so that an experiment that names it still does.
    """
    row = lock_map(cycle)
    if source.pk == target.pk:
        raise Refused("Choose two that differ.", "target")
    if row.systemelements.standing().filter(pk__in=[source.pk, target.pk]).count() != 2:
        raise Refused("One of those two is no longer on the map. Choose again.", "source")
    words = {"effect": effect, "basis": basis, "said_by": said_by, "note": note}
    if standing := _tie_between(source, target):
        if all(getattr(standing, name) == value for name, value in words.items()):
            return standing
        raise Refused("These two are tied this way already. Change that tie.", "target")
    if before := ElementTie.objects.filter(source=source, target=target).order_by("-pk").first():
        return _tie_again(before, words, by)
    made = ElementTie.objects.create(cycle=row, source=source, target=target, by=by, **words)
    keep_version(made, by=by)
    return made


def _tie_again(before, words, by):
    for name, value in words.items():
        setattr(before, name, value)
    before.removed_on = None
    keep_version(before, by=by)
    return _save(before, "removed_on", *words)


@transaction.atomic
def change_tie(*, tie, version, by, why="", **words):
    return change(row=tie, version=version, by=by, why=why, **words)


@transaction.atomic
def remove_tie(*, tie, by, why=""):
    return take_off(row=tie, by=by, why=why)


@transaction.atomic
def put_tie_back(*, tie, by):
    row = lock_map(tie.cycle)
    ends = row.systemelements.standing().filter(pk__in=[tie.source_id, tie.target_id]).count()
    if ends != 2:
        raise Refused("One of the two it ties is off the map. Put that back first.")
    standing = _tie_between(tie.source_id, tie.target_id)
    return standing or put_on(row=tie, by=by)


# ------------------------------------------------------------------------------ feedback


def leave_feedback(*, cycle, text, by, said_by="", element=None, client_id=None):
    """What someone who saw the picture says of it; the picture changes only when its people change it."""
    said, _ = make_once(MapFeedback, client_id, cycle=cycle, element=element, text=text, said_by=said_by, by=by)
    return said


@transaction.atomic
def answer_feedback(*, feedback, reply, by):
    """Say what was done with it, once."""
    row = MapFeedback.objects.select_for_update(of=("self",)).get(pk=feedback.pk)
    if row.reply and row.reply != reply:
        raise Refused(f"Someone answered already: “{row.reply}”", "reply")
    if not row.reply:
        row.reply, row.replied_by, row.replied_at = reply, by, timezone.now()
        row.save(update_fields=["reply", "replied_by", "replied_at"])
    return row


def words_before(element):
    """How it was said before, newest first, without what stands now."""
    return list(ElementVersion.objects.filter(of=element).select_related("by").order_by("-pk"))[1:]
