from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("issues", "0012_earlier_wordings")]

    operations = [
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(
                condition=models.Q(("status", "open"), ("system_change_state", "agreed")),
                fields=["held_by", "held_since", "id"],
                name="issue_agreed",
            ),
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(
                condition=models.Q(("closed_how", "in_place"), ("status", "closed")),
                fields=["closed_on"],
                name="issue_closed_enough",
            ),
        ),
    ]
