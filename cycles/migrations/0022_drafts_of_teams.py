import django.db.models.deletion
from django.db import migrations, models

# Until now a draft of a team named it in its form only.
NAME_TEAMS = """
UPDATE cycles_formdraft SET team_id = cycles_team.id FROM cycles_team
WHERE form ~ '^(paper|confirm)-[0-9]+$' AND cycles_team.id = split_part(form, '-', 2)::bigint
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cycles", "0021_letters_made_up"),
    ]

    operations = [
        migrations.AddField(
            model_name="formdraft",
            name="team",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="cycles.team",
            ),
        ),
        migrations.RunSQL(NAME_TEAMS, migrations.RunSQL.noop),
    ]
