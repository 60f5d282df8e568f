import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cycles', '0002_rooms'),
        ('debriefs', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PlanPhase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_on', models.DateField()),
                ('cadence', models.CharField(choices=[('daily', 'Every day'), ('weekdays', 'Every weekday'), ('chosen', 'On chosen days'), ('weekly', 'Every week'), ('fortnightly', 'Every two weeks'), ('monthly', 'Every month')], max_length=12)),
            ],
            options={
                'ordering': ['from_on'],
            },
        ),
        migrations.CreateModel(
            name='RotaTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField()),
            ],
            options={
                'ordering': ['order'],
            },
        ),
        migrations.AddField(
            model_name='debrief',
            name='rota_recorder',
            field=models.ForeignKey(blank=True, help_text='Whose turn it was before anyone swapped', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='debriefplan',
            name='days_off',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), blank=True, default=list, help_text='Other days without a debrief', size=None),
        ),
        migrations.AddField(
            model_name='debriefplan',
            name='holidays',
            field=models.CharField(blank=True, choices=[('', 'None: we meet on bank holidays too'), ('ENG', 'England'), ('WLS', 'Wales'), ('SCT', 'Scotland'), ('NIR', 'Northern Ireland')], default='', max_length=3),
        ),
        migrations.AddField(
            model_name='debriefplan',
            name='paused_until',
            field=models.DateField(blank=True, help_text='The day a paused plan goes on by itself', null=True),
        ),
        migrations.AddConstraint(
            model_name='debriefplan',
            constraint=models.CheckConstraint(condition=models.Q(('is_active', False), ('paused_until', None), _connector='OR'), name='plan_that_runs_is_not_paused'),
        ),
        migrations.AddField(
            model_name='planphase',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='phases', to='debriefs.debriefplan'),
        ),
        migrations.AddField(
            model_name='rotaturn',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rota', to='debriefs.debriefplan'),
        ),
        migrations.AddField(
            model_name='rotaturn',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='planphase',
            constraint=models.UniqueConstraint(models.F('plan'), models.F('from_on'), name='plan_phase_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='rotaturn',
            constraint=models.UniqueConstraint(models.F('plan'), models.F('user'), name='rota_turn_once'),
        ),
    ]
