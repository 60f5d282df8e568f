"""Keeping a way of looking at the log. Only who keeps it may change it."""

from django.db import transaction
from django.db.models import F

from cycles.refusals import ChangedMeanwhile
from cycles.sent import make_once
from issues.saved.models import SavedView


@transaction.atomic
def save_view(*, place, by, name, reach, asked, team=None, client_id=None):
    """Sent twice, it is one. Someone else's id makes a new one."""
    view, _ = make_once(SavedView, client_id, place=place, by=by, asked=asked, **_reach(name, reach, team))
    if view.by_id != by.pk:
        view, _ = make_once(SavedView, None, place=place, by=by, asked=asked, **_reach(name, reach, team))
    return view


@transaction.atomic
def change_view(*, view, version, name, reach, team=None):
    row = SavedView.objects.select_for_update(of=("self",)).get(pk=view.pk)
    wanted = _reach(name, reach, team)
    if row.version != version:
        raise ChangedMeanwhile(current=row)
    SavedView.objects.filter(pk=row.pk).update(**wanted, version=F("version") + 1)
    return view


def _reach(name, reach, team):
    return {"name": name, "reach": reach, "team": team if reach == SavedView.Reach.TEAM else None}
