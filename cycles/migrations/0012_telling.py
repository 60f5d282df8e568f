import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import cycles.notices.telling


class Migration(migrations.Migration):

    dependencies = [
        ('cycles', '0011_lessons_travel'),
    ]

    operations = [
        migrations.CreateModel(
            name='Telling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest_at', models.TimeField(default=datetime.time(16, 0), verbose_name="the day's letter comes at")),
                ('quiet_from', models.TimeField(blank=True, default=cycles.notices.telling.quiet_from, null=True, verbose_name='no mail from')),
                ('quiet_to', models.TimeField(blank=True, default=cycles.notices.telling.quiet_to, null=True, verbose_name='until')),
                ('away_from', models.DateField(blank=True, null=True, verbose_name='away from')),
                ('away_to', models.DateField(blank=True, null=True, verbose_name='up to and including')),
                ('snoozed_until', models.DateTimeField(blank=True, null=True)),
                ('not_by_mail', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), blank=True, default=list, size=None)),
                ('version', models.PositiveIntegerField(default=1)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='telling', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('quiet_from', None), ('quiet_to', None)), models.Q(('quiet_from__isnull', False), ('quiet_to__isnull', False)), _connector='OR'), name='telling_quiet_from_and_to'),
                    models.CheckConstraint(condition=models.Q(models.Q(('away_from', None), ('away_to', None)), ('away_from__lte', models.F('away_to')), _connector='OR'), name='telling_away_in_order'),
                ],
            },
        ),
    ]
