"""Which way of stating the purpose something serves: an experiment, a measure."""

from django.utils import timezone


def serving(row):
    """The purpose it serves, and whether its cycle has stated it anew since."""
    now = row.cycle.purposes.first()
    return {"serves": row.serves, "is_restated": bool(row.serves and now) and row.serves != now}


def offer_purposes(form, cycle, *, always=False):
    """Ask which way of stating the purpose a row serves; with one alone there is nothing to ask."""
    purposes = cycle.purposes.all()
    pks = [row.pk for row in purposes]
    if len(pks) < 2 and not always:
        del form.fields["serves"]
        return
    field = form.fields["serves"]
    field.queryset = purposes
    field.empty_label = None
    form.initial["serves"] = form.initial.get("serves") or (pks[0] if pks else None)
    field.label_from_instance = lambda said: f"From {timezone.localtime(said.at):%-d %B %Y}: {said.purpose[:120]}"
