import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cycles', '0002_rooms'),
    ]

    operations = [
        migrations.CreateModel(
            name='Summary',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period_start', models.DateField()),
                ('period_end', models.DateField()),
                ('key', models.CharField(help_text='One pack for one group, period and asking', max_length=80, unique=True)),
                ('state', models.CharField(choices=[('asked', 'Being built'), ('ready', 'Ready'), ('failed', 'Could not be built')], default='asked', max_length=8)),
                ('progress', models.CharField(blank=True, max_length=80)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('claimed_until', models.DateTimeField(blank=True, null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('built_at', models.DateTimeField(blank=True, null=True)),
                ('agenda', models.JSONField(blank=True, default=dict, help_text='The figures and words as they stood')),
                ('pdf', models.BinaryField(blank=True, null=True)),
                ('pages', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('discussed_on', models.DateField(blank=True, null=True)),
                ('discussed_words', models.TextField(blank=True, max_length=4000, verbose_name='what was said')),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.place')),
                ('stories', models.ManyToManyField(blank=True, related_name='+', to='cycles.story')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='summaries', to='cycles.team')),
            ],
            options={
                'verbose_name_plural': 'summaries',
                'ordering': ['-period_end', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('built_at__isnull', False), ('pdf__isnull', False), ('state', 'ready')), models.Q(('state', 'ready'), _negated=True), _connector='OR'), name='summary_ready_is_whole'), models.CheckConstraint(condition=models.Q(('period_end__gte', models.F('period_start'))), name='summary_period_runs_forward')],
            },
        ),
        migrations.CreateModel(
            name='SummarySchedule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day_of_month', models.PositiveSmallIntegerField(default=1)),
                ('is_active', models.BooleanField(default=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.place')),
                ('team', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='summary_schedule', to='cycles.team')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('day_of_month__gte', 1), ('day_of_month__lte', 28)), name='schedule_day_exists')],
            },
        ),
    ]
