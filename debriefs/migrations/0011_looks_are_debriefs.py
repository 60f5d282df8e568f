"""A team’s looks at its guides, kept before they were debriefs of their own kind, take their place among the debriefs."""

from django.db import migrations


def bring_in(apps, schema_editor):
    Confirmation = apps.get_model("cycles", "Confirmation")
    Debrief = apps.get_model("debriefs", "Debrief")
    for look in Confirmation.objects.filter(debrief=None).select_related("team"):
        debrief = Debrief.objects.create(
            place_id=look.team.place_id,
            team_id=look.team_id,
            confirmation=look,
            kind="confirmation",
            planned_for=look.at,
            called_by_id=look.by_id,
            state="written_up",
            held_on=look.on,
            written_up_at=look.at,
            written_up_by_id=look.by_id,
            is_demo=look.is_demo,
        )
        debrief.present.add(look.by_id)


def take_out(apps, schema_editor):
    """The looks themselves stay."""
    apps.get_model("debriefs", "Debrief").objects.filter(kind="confirmation").delete()


class Migration(migrations.Migration):
    dependencies = [("debriefs", "0010_record_in_full")]

    operations = [migrations.RunPython(bring_in, take_out)]
