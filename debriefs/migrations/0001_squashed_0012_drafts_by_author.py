import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import hls.sealed
import hls.tables
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('debriefs', '0001_initial'), ('debriefs', '0002_rhythms'), ('debriefs', '0003_guide_tags'), ('debriefs', '0004_spoke_to'), ('debriefs', '0005_calendar_feeds'), ('debriefs', '0006_several_feed_a_lesson'), ('debriefs', '0007_one_to_one'), ('debriefs', '0008_belief_check'), ('debriefs', '0009_follow_ups_arranged'), ('debriefs', '0010_record_in_full'), ('debriefs', '0011_looks_are_debriefs'), ('debriefs', '0012_drafts_by_author')]

    initial = True

    dependencies = [
        ('cycles', '0001_squashed_0018_asked_notices'),
        ('issues', '0001_squashed_0011_notes_sealed_again'),
    ]

    operations = [
        hls.tables.Together(
            operations=[migrations.CreateModel(
                name='RotaTurn',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rota', to='debriefs.debriefplan')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('order', models.PositiveSmallIntegerField()),
                ],
                options={
                    'ordering': ['order'],
                    'constraints': [models.UniqueConstraint(models.F('plan'), models.F('user'), name='rota_turn_once')],
                },
            ), migrations.CreateModel(
                name='SpokeTo',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('debrief', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='spoke_to', to='debriefs.debrief')),
                    ('contribution', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='spoke_to', to='debriefs.contribution')),
                    ('question', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.question')),
                    ('answer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='spoke_to', to='debriefs.debriefanswer')),
                    ('evidence', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='spoke_to', to='cycles.evidence')),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ],
                options={
                    'ordering': ['at', 'pk'],
                },
            ), migrations.CreateModel(
                name='WelfareNote',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('talk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='debriefs.onetoone')),
                    ('author', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('words', hls.sealed.SealedText(default='')),
                    ('other_words', hls.sealed.SealedText(default='', help_text='Typed on another page or phone meanwhile, until the author chooses')),
                    ('revision', models.PositiveIntegerField(default=0)),
                    ('saved_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('shared_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(models.F('talk'), models.F('author'), name='welfare_note_one_of_author')],
                },
            ), migrations.CreateModel(
                name='WelfareTheme',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.place')),
                    ('theme', models.CharField(choices=[('workload', 'How much there is to do'), ('hard_to_hear', 'What I hear and see in the work'), ('safety', 'Feeling safe'), ('team', 'How we are with each other'), ('rules', 'Not being allowed to help'), ('home', 'Life outside work'), ('good', 'It is going well')], max_length=16)),
                    ('month', models.DateField(help_text='The first of the month')),
                    ('sent_id', models.UUIDField(help_text='Made at random with the form, so that two presses count once', unique=True)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('month__day', 1)), name='welfare_theme_of_a_month')],
                },
            ), migrations.CreateModel(
                name='CalendarFeed',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_feeds', to=settings.AUTH_USER_MODEL)),
                    ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.team')),
                    ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                    ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(models.F('user'), models.F('team'), condition=models.Q(('revoked_at', None)), name='calendar_feed_one_of_each', nulls_distinct=False)],
                },
            ), migrations.CreateModel(
                name='Debrief',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.place')),
                    ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='debriefs', to='cycles.team')),
                    ('cycle', models.ForeignKey(blank=True, help_text='A look at how a team lives its guides may be about none', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='debriefs', to='cycles.learningcycle')),
                    ('experiment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='debriefs', to='cycles.experiment')),
                    ('plan', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='debriefs', to='debriefs.debriefplan')),
                    ('kind', models.CharField(choices=[('regular', 'Regular'), ('hot', 'Hot'), ('confirmation', 'Living our guides')], default='regular', max_length=12)),
                    ('planned_for', models.DateTimeField()),
                    ('open_until', models.DateTimeField(blank=True, help_text='A hot debrief waits this long for someone to join, then it is planned', null=True)),
                    ('where', models.CharField(blank=True, max_length=120)),
                    ('called_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('recorder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='debriefs_to_record', to=settings.AUTH_USER_MODEL)),
                    ('rota_recorder', models.ForeignKey(blank=True, help_text='Whose turn it was before anyone swapped', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('confirmation', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='debrief', to='cycles.confirmation')),
                    ('state', models.CharField(choices=[('planned', 'Planned'), ('held', 'Held'), ('written_up', 'Written up'), ('missed', 'Did not happen')], default='planned', max_length=10)),
                    ('held_on', models.DateField(blank=True, null=True)),
                    ('written_up_at', models.DateTimeField(blank=True, null=True)),
                    ('written_up_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('missed_because', models.TextField(blank=True, max_length=2000, verbose_name='what got in the way')),
                    ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('is_demo', models.BooleanField(default=False)),
                    ('present', models.ManyToManyField(blank=True, related_name='debriefs_joined', to=settings.AUTH_USER_MODEL)),
                    ('needed', models.ManyToManyField(blank=True, help_text='Whom the caller of a hot debrief needs there', related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('cases', models.ManyToManyField(blank=True, related_name='debriefs', to='cycles.case')),
                ],
                options={
                    'ordering': ['-planned_for', '-pk'],
                    'indexes': [models.Index(fields=['team', '-planned_for', '-id'], name='debrief_of_team')],
                    'constraints': [models.UniqueConstraint(models.F('plan'), models.F('planned_for'), name='debrief_once_for_plan_and_time'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'written_up'), ('written_up_at__isnull', False), ('written_up_by__isnull', False)), models.Q(('state', 'written_up'), _negated=True), _connector='OR'), name='debrief_written_up_by_someone'), models.CheckConstraint(condition=models.Q(('state', 'planned'), ('state', 'missed'), ('held_on__isnull', False), _connector='OR'), name='debrief_held_on_a_day'), models.CheckConstraint(condition=models.Q(('kind', 'confirmation'), models.Q(('confirmation', None), ('cycle__isnull', False)), _connector='OR'), name='debrief_about_a_cycle_or_guides'), models.CheckConstraint(condition=models.Q(('kind', 'hot'), ('open_until', None), _connector='OR'), name='debrief_only_hot_waits_for_someone')],
                },
            ), migrations.CreateModel(
                name='Contribution',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('debrief', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contributions', to='debriefs.debrief')),
                    ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to=settings.AUTH_USER_MODEL)),
                    ('client_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                    ('draft', models.JSONField(blank=True, default=dict)),
                    ('revision', models.PositiveIntegerField(default=0)),
                    ('saved_at', models.DateTimeField(blank=True, null=True)),
                    ('shared_at', models.DateTimeField(blank=True, null=True)),
                    ('deleted_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'ordering': ['shared_at', 'pk'],
                    'indexes': [models.Index(condition=models.Q(('deleted_at', None), ('shared_at', None)), fields=['author', '-saved_at'], name='contribution_draft_of')],
                    'constraints': [models.UniqueConstraint(models.F('debrief'), models.F('author'), condition=models.Q(('deleted_at', None)), name='contribution_one_of_author')],
                },
            ), migrations.CreateModel(
                name='BeliefSpread',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('debrief', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='belief_spread', to='debriefs.debrief')),
                    ('about', models.CharField(choices=[('mission', 'the mission'), ('experiment', 'what we are trying'), ('part', 'my own part in it')], max_length=10)),
                    ('belief', models.PositiveSmallIntegerField(choices=[(1, 'Not now'), (2, 'A little'), (3, 'Half and half'), (4, 'Mostly'), (5, 'Fully')])),
                    ('count', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(models.F('debrief'), models.F('about'), models.F('belief'), name='belief_spread_once')],
                },
            ), migrations.CreateModel(
                name='BeliefNote',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('debrief', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='belief_notes', to='debriefs.debrief')),
                    ('text', models.TextField(max_length=4000)),
                ],
            ), migrations.CreateModel(
                name='BeliefGiven',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('debrief', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='debriefs.debrief')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('about', models.CharField(choices=[('mission', 'the mission'), ('experiment', 'what we are trying'), ('part', 'my own part in it')], max_length=10)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(models.F('debrief'), models.F('user'), models.F('about'), name='belief_given_once')],
                },
            ), migrations.CreateModel(
                name='Addition',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('debrief', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='additions', to='debriefs.debrief')),
                    ('text', models.TextField(max_length=8000)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('client_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                ],
                options={
                    'ordering': ['at', 'pk'],
                },
            ), migrations.CreateModel(
                name='DebriefAnswer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('debrief', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='debriefs.debrief')),
                    ('contribution', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='debriefs.contribution')),
                    ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.question')),
                    ('text', models.TextField(max_length=12000)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('search', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('text', config='english'), output_field=django.contrib.postgres.search.SearchVectorField())),
                ],
                options={
                    'ordering': ['question__order', 'pk'],
                    'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['search'], name='debrief_answer_search')],
                },
            ), migrations.CreateModel(
                name='AnswerVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='debriefs.debriefanswer')),
                    ('text', models.TextField(max_length=12000)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ],
                options={
                    'ordering': ['-at', '-pk'],
                },
            ), migrations.CreateModel(
                name='DebriefPlan',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='debrief_plans', to='cycles.team')),
                    ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='debrief_plans', to='cycles.learningcycle')),
                    ('kind', models.CharField(choices=[('regular', 'A debrief'), ('confirmation', 'A look at how we live our guides')], default='regular', max_length=12)),
                    ('cadence', models.CharField(choices=[('daily', 'Every day'), ('weekdays', 'Every weekday'), ('chosen', 'On chosen days'), ('weekly', 'Every week'), ('fortnightly', 'Every two weeks'), ('monthly', 'Every month')], default='weekdays', max_length=12)),
                    ('days', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, help_text='0 is Monday', size=None)),
                    ('starts_on', models.DateField(default=django.utils.timezone.localdate)),
                    ('time', models.TimeField()),
                    ('minutes', models.PositiveSmallIntegerField(default=20, verbose_name='how long, in minutes')),
                    ('remind_before', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(1440)], verbose_name='remind people this many minutes before')),
                    ('where', models.CharField(blank=True, max_length=120)),
                    ('recorder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('holidays', models.CharField(blank=True, choices=[('', 'None: we meet on bank holidays too'), ('ENG', 'England'), ('WLS', 'Wales'), ('SCT', 'Scotland'), ('NIR', 'Northern Ireland')], default='', max_length=3)),
                    ('days_off', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), blank=True, default=list, help_text='Other days without a debrief', size=None)),
                    ('is_active', models.BooleanField(default=True)),
                    ('paused_until', models.DateField(blank=True, help_text='The day a paused plan goes on by itself', null=True)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('updated_at', models.DateTimeField(auto_now=True)),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
                options={
                    'ordering': ['team', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('is_active', False), ('paused_until', None), _connector='OR'), name='plan_that_runs_is_not_paused')],
                },
            ), migrations.CreateModel(
                name='FollowUp',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('debrief', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follow_ups', to='debriefs.debrief')),
                    ('contribution', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='follow_ups', to='debriefs.contribution')),
                    ('audience', models.CharField(choices=[('staff', 'Staff'), ('op_lead', 'Op lead'), ('leaders', 'Leaders'), ('others', 'Others')], max_length=8)),
                    ('text', models.TextField(max_length=2000)),
                    ('state', models.CharField(choices=[('to_do', 'Not yet'), ('done', 'Done'), ('no_need', 'Not doing')], default='to_do', max_length=8)),
                    ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('answered_on', models.DateField(blank=True, null=True)),
                    ('because', models.TextField(blank=True, max_length=1000, verbose_name='why it is not being done')),
                    ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('due_on', models.DateField(blank=True, null=True, verbose_name='by when')),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
                options={
                    'ordering': ['audience', 'pk'],
                },
            ), migrations.CreateModel(
                name='GuideTag',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guide_tags', to='debriefs.debriefanswer')),
                    ('guide', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tags', to='cycles.guide')),
                    ('how', models.CharField(choices=[('helped', 'Helped'), ('blocked', 'Blocked')], max_length=8)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ],
                options={
                    'ordering': ['guide__kind', 'guide__order', 'guide', 'how'],
                    'constraints': [models.UniqueConstraint(models.F('answer'), models.F('guide'), models.F('how'), name='guide_tag_once')],
                },
            ), migrations.CreateModel(
                name='MeasureWords',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.team')),
                    ('measure', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.measure')),
                    ('words', models.TextField(max_length=2000)),
                    ('said_on', models.DateField(default=django.utils.timezone.localdate)),
                    ('sent_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                    ('reading', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.reading')),
                    ('left_because', models.TextField(blank=True, max_length=1000)),
                    ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('settled_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'ordering': ['said_on', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('left_because', ''), ('reading', None), ('settled_at', None)), models.Q(('settled_at__isnull', False), models.Q(('reading__isnull', False), models.Q(('left_because', ''), _negated=True), _connector='OR')), _connector='OR'), name='measure_words_settled_one_way')],
                },
            ), migrations.CreateModel(
                name='OneToOne',
                fields=[
                    ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.place')),
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.team')),
                    ('on', models.DateField(default=django.utils.timezone.localdate)),
                    ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ],
                options={
                    'ordering': ['-on', '-created_at'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('opened_by', models.F('other')), _negated=True), name='one_to_one_joins_two')],
                },
            ), migrations.CreateModel(
                name='PlanPhase',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='phases', to='debriefs.debriefplan')),
                    ('from_on', models.DateField()),
                    ('cadence', models.CharField(choices=[('daily', 'Every day'), ('weekdays', 'Every weekday'), ('chosen', 'On chosen days'), ('weekly', 'Every week'), ('fortnightly', 'Every two weeks'), ('monthly', 'Every month')], max_length=12)),
                ],
                options={
                    'ordering': ['from_on'],
                    'constraints': [models.UniqueConstraint(models.F('plan'), models.F('from_on'), name='plan_phase_once_a_day')],
                },
            ), migrations.CreateModel(
                name='Produced',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('debrief', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='produced', to='debriefs.debrief')),
                    ('contribution', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='produced', to='debriefs.contribution')),
                    ('question', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.question')),
                    ('answer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='produced', to='debriefs.debriefanswer')),
                    ('words', models.TextField(blank=True, max_length=4000)),
                    ('sighting', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='produced', to='issues.sighting')),
                    ('lesson', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='produced', to='cycles.lesson')),
                    ('reading', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='produced', to='cycles.reading')),
                    ('story', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='produced', to='cycles.story')),
                    ('follow_up', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='produced', to='debriefs.followup')),
                    ('client_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ],
                options={
                    'ordering': ['at', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('follow_up__isnull', True), ('lesson__isnull', True), ('reading__isnull', True), ('sighting__isnull', False), ('story__isnull', True)), models.Q(('follow_up__isnull', True), ('lesson__isnull', False), ('reading__isnull', True), ('sighting__isnull', True), ('story__isnull', True)), models.Q(('follow_up__isnull', True), ('lesson__isnull', True), ('reading__isnull', False), ('sighting__isnull', True), ('story__isnull', True)), models.Q(('follow_up__isnull', True), ('lesson__isnull', True), ('reading__isnull', True), ('sighting__isnull', True), ('story__isnull', False)), models.Q(('follow_up__isnull', False), ('lesson__isnull', True), ('reading__isnull', True), ('sighting__isnull', True), ('story__isnull', True)), _connector='OR'), name='produced_exactly_one'), models.UniqueConstraint(models.F('debrief'), models.F('contribution'), models.F('lesson'), condition=models.Q(('lesson__isnull', False)), name='produced_lesson_once_of_notes', nulls_distinct=False)],
                },
            ), pgtrigger.migrations.AddTrigger(
                model_name='welfaretheme',
                trigger=pgtrigger.compiler.Trigger(name='welfare_theme_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='dad4255664891aca72296f671329c580981e174b', operation='UPDATE', pgid='pgtrigger_welfare_theme_stays_ef172', table='debriefs_welfaretheme', when='BEFORE')),
            )],
        ),
    ]
