import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cycles', '0002_rooms'),
        ('issues', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='DebriefPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cadence', models.CharField(choices=[('daily', 'Every day'), ('weekdays', 'Every weekday'), ('chosen', 'On chosen days'), ('weekly', 'Every week'), ('fortnightly', 'Every two weeks'), ('monthly', 'Every month')], default='weekdays', max_length=12)),
                ('days', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, help_text='0 is Monday', size=None)),
                ('starts_on', models.DateField(default=django.utils.timezone.localdate)),
                ('time', models.TimeField()),
                ('minutes', models.PositiveSmallIntegerField(default=20, verbose_name='how long, in minutes')),
                ('remind_before', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(1440)], verbose_name='remind people this many minutes before')),
                ('where', models.CharField(blank=True, max_length=120)),
                ('is_active', models.BooleanField(default=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='debrief_plans', to='cycles.learningcycle')),
                ('recorder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='debrief_plans', to='cycles.team')),
            ],
            options={
                'ordering': ['team', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Debrief',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('regular', 'Regular'), ('hot', 'Hot')], default='regular', max_length=8)),
                ('planned_for', models.DateTimeField()),
                ('where', models.CharField(blank=True, max_length=120)),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('held', 'Held'), ('written_up', 'Written up'), ('missed', 'Did not happen')], default='planned', max_length=10)),
                ('held_on', models.DateField(blank=True, null=True)),
                ('written_up_at', models.DateTimeField(blank=True, null=True)),
                ('missed_because', models.TextField(blank=True, max_length=2000, verbose_name='what got in the way')),
                ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('is_demo', models.BooleanField(default=False)),
                ('called_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cases', models.ManyToManyField(blank=True, related_name='debriefs', to='cycles.case')),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='debriefs', to='cycles.learningcycle')),
                ('experiment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='debriefs', to='cycles.experiment')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.place')),
                ('present', models.ManyToManyField(blank=True, related_name='debriefs_joined', to=settings.AUTH_USER_MODEL)),
                ('recorder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='debriefs_to_record', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='debriefs', to='cycles.team')),
                ('written_up_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='debriefs', to='debriefs.debriefplan')),
            ],
            options={
                'ordering': ['-planned_for', '-pk'],
                'indexes': [models.Index(fields=['team', '-planned_for', '-id'], name='debrief_of_team')],
                'constraints': [models.UniqueConstraint(models.F('plan'), models.F('planned_for'), name='debrief_once_for_plan_and_time'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'written_up'), ('written_up_at__isnull', False), ('written_up_by__isnull', False)), models.Q(('state', 'written_up'), _negated=True), _connector='OR'), name='debrief_written_up_by_someone'), models.CheckConstraint(condition=models.Q(('state', 'planned'), ('state', 'missed'), ('held_on__isnull', False), _connector='OR'), name='debrief_held_on_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Contribution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('draft', models.JSONField(blank=True, default=dict)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('saved_at', models.DateTimeField(blank=True, null=True)),
                ('shared_at', models.DateTimeField(blank=True, null=True)),
                ('deleted_at', models.DateTimeField(blank=True, null=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to=settings.AUTH_USER_MODEL)),
                ('debrief', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contributions', to='debriefs.debrief')),
            ],
            options={
                'ordering': ['shared_at', 'pk'],
                'constraints': [models.UniqueConstraint(models.F('debrief'), models.F('author'), condition=models.Q(('deleted_at', None)), name='contribution_one_of_author')],
            },
        ),
        migrations.CreateModel(
            name='BeliefNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=4000)),
                ('debrief', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='belief_notes', to='debriefs.debrief')),
            ],
        ),
        migrations.CreateModel(
            name='Addition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=8000)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('client_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('debrief', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='additions', to='debriefs.debrief')),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='DebriefAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=12000)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('search', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('text', config='english'), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('contribution', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='debriefs.contribution')),
                ('debrief', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='debriefs.debrief')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.question')),
            ],
            options={
                'ordering': ['question__order', 'pk'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['search'], name='debrief_answer_search')],
            },
        ),
        migrations.CreateModel(
            name='AnswerVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=12000)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='debriefs.debriefanswer')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.CharField(choices=[('staff', 'Staff'), ('op_lead', 'Op lead'), ('leaders', 'Leaders'), ('others', 'Others')], max_length=8)),
                ('text', models.TextField(max_length=2000)),
                ('state', models.CharField(choices=[('to_do', 'Not yet'), ('done', 'Done'), ('no_need', 'No need')], default='to_do', max_length=8)),
                ('answered_on', models.DateField(blank=True, null=True)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contribution', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='follow_ups', to='debriefs.contribution')),
                ('debrief', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follow_ups', to='debriefs.debrief')),
            ],
            options={
                'ordering': ['audience', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Produced',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('contribution', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='produced', to='debriefs.contribution')),
                ('debrief', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='produced', to='debriefs.debrief')),
                ('lesson', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='produced', to='cycles.lesson')),
                ('question', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.question')),
                ('reading', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='produced', to='cycles.reading')),
                ('sighting', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='produced', to='issues.sighting')),
            ],
            options={
                'ordering': ['at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('lesson', None), ('reading', None), ('sighting__isnull', False)), models.Q(('lesson__isnull', False), ('reading', None), ('sighting', None)), models.Q(('lesson', None), ('reading__isnull', False), ('sighting', None)), _connector='OR'), name='produced_exactly_one')],
            },
        ),
    ]
