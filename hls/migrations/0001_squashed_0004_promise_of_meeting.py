import django.contrib.postgres.fields
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

    replaces = [('hls', '0001_initial'), ('hls', '0002_governing'), ('hls', '0003_api_and_hooks'), ('hls', '0004_promise_of_meeting')]

    initial = True

    dependencies = [
        ('cycles', '0001_squashed_0018_asked_notices'),
        ('issues', '0001_squashed_0011_notes_sealed_again'),
    ]

    operations = [
        hls.tables.Together(
            operations=[migrations.CreateModel(
                name='Account',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='cycles.learningcycle')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('is_demo', models.BooleanField(default=False)),
                    ('review', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='accounts', to='hls.review')),
                    ('given_on', models.DateField(default=django.utils.timezone.localdate)),
                    ('to_whom', models.CharField(max_length=200)),
                    ('told', models.TextField(blank=True, max_length=4000, verbose_name='what you told them, and how')),
                    ('said_back', models.TextField(blank=True, max_length=4000, verbose_name='what they said back')),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
                options={
                    'ordering': ['-given_on', '-pk'],
                },
            ), migrations.CreateModel(
                name='ApiToken',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.place')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to=settings.AUTH_USER_MODEL)),
                    ('name', models.CharField(max_length=60, verbose_name='what is it for?')),
                    ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('issues:read', 'Read issues'), ('issues:write', 'Raise, answer, move and close issues'), ('cycles:read', 'Read cycles and experiments'), ('debriefs:read', 'Read what your teams shared in debriefs'), ('groups:read', 'Read groups and what they decided')], max_length=16), size=None)),
                    ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                    ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('expires_at', models.DateTimeField()),
                    ('last_used_at', models.DateTimeField(blank=True, null=True)),
                    ('ended_at', models.DateTimeField(blank=True, null=True)),
                    ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-made_at', '-pk'],
                    'indexes': [models.Index(fields=['place', '-made_at'], name='api_token_of_place')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='api_token_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('scopes__len__gt', 0)), name='api_token_may_do_something'), models.CheckConstraint(condition=models.Q(('ended_by', None), ('ended_at__isnull', False), _connector='OR'), name='api_token_ended_on_a_day')],
                },
            ), migrations.CreateModel(
                name='HookMessage',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('hook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='hls.webhook')),
                    ('step', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='issues.issuestep')),
                    ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('claimed_until', models.DateTimeField(blank=True, null=True)),
                    ('tries', models.PositiveSmallIntegerField(default=0)),
                    ('sent_at', models.DateTimeField(blank=True, null=True)),
                    ('answer', models.CharField(blank=True, help_text='What came back last: a status, or what went wrong', max_length=40)),
                ],
                options={
                    'ordering': ['-made_at', '-pk'],
                    'indexes': [models.Index(condition=models.Q(('sent_at', None)), fields=['due_at', 'id'], name='hook_message_due'), models.Index(fields=['hook', '-made_at', '-id'], name='hook_message_of_hook'), models.Index(fields=['made_at'], name='hook_message_by_age')],
                    'constraints': [models.UniqueConstraint(models.F('hook'), models.F('step'), name='hook_message_once_for_a_step')],
                },
            ), migrations.CreateModel(
                name='Promise',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='cycles.learningcycle')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('is_demo', models.BooleanField(default=False)),
                    ('review', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='promises', to='hls.review')),
                    ('agenda_item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='promises', to='issues.agendaitem')),
                    ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='promises', to='cycles.team')),
                    ('text', models.TextField(max_length=2000)),
                    ('made_on', models.DateField(default=django.utils.timezone.localdate)),
                    ('due_on', models.DateField()),
                    ('state', models.CharField(choices=[('promised', 'Promised'), ('changed', 'Changed'), ('kept', 'Kept'), ('not_kept', 'Not kept')], default='promised', max_length=8)),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
                options={
                    'ordering': ['due_on', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('due_on__gte', models.F('made_on'))), name='promise_due_after_it_is_made'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='promise_says_something')],
                },
            ), migrations.CreateModel(
                name='PromiseStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('promise', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='hls.promise')),
                    ('state', models.CharField(choices=[('promised', 'Promised'), ('changed', 'Changed'), ('kept', 'Kept'), ('not_kept', 'Not kept')], max_length=8)),
                    ('text', models.TextField(max_length=2000)),
                    ('due_on', models.DateField()),
                    ('words', models.TextField(blank=True, max_length=2000)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ],
                options={
                    'ordering': ['at', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['promised', 'kept']), models.Q(('words', ''), _negated=True), _connector='OR'), name='promise_changed_or_not_kept_says_why')],
                },
            ), migrations.CreateModel(
                name='Review',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='cycles.learningcycle')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('is_demo', models.BooleanField(default=False)),
                    ('held_on', models.DateField(default=django.utils.timezone.localdate)),
                    ('answered_by', models.CharField(blank=True, max_length=300, verbose_name='who answers together')),
                    ('who_is_in', models.TextField(blank=True, max_length=4000, verbose_name='who is in this cycle')),
                    ('who_is_out', models.TextField(blank=True, max_length=4000, verbose_name='who is left out')),
                    ('changes', models.JSONField(blank=True, default=list, verbose_name='what needs to change about how it works')),
                    ('who_does', models.TextField(blank=True, max_length=4000, verbose_name='who will do what')),
                    ('draft', models.JSONField(blank=True, default=dict, help_text='Answers as typed, by the key of their question')),
                    ('state', models.CharField(choices=[('draft', 'Being written'), ('finished', 'Finished')], default='draft', max_length=8)),
                    ('finished_at', models.DateTimeField(blank=True, null=True)),
                    ('finished_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('answers', models.ManyToManyField(blank=True, related_name='reviews', to='cycles.answer')),
                ],
                options={
                    'ordering': ['-held_on', '-pk'],
                    'constraints': [models.UniqueConstraint(models.F('cycle'), models.F('held_on'), name='review_one_a_day'), models.UniqueConstraint(models.F('cycle'), condition=models.Q(('state', 'draft')), name='review_one_being_written'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', False), ('finished_by__isnull', False), ('state', 'finished')), models.Q(('finished_at', None), ('finished_by', None), ('state', 'draft')), _connector='OR'), name='review_finished_by_someone')],
                },
            ), migrations.CreateModel(
                name='ReviewEvidence',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='hls.review')),
                    ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.question')),
                    ('lesson', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.lesson')),
                    ('statement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.statement')),
                    ('reading', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.reading')),
                    ('story', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.story')),
                    ('issue', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='issues.issue')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ],
                options={
                    'verbose_name_plural': 'review evidence',
                    'ordering': ['pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('issue', None), ('lesson__isnull', False), ('reading', None), ('statement', None), ('story', None)), models.Q(('issue', None), ('lesson', None), ('reading', None), ('statement__isnull', False), ('story', None)), models.Q(('issue', None), ('lesson', None), ('reading__isnull', False), ('statement', None), ('story', None)), models.Q(('issue', None), ('lesson', None), ('reading', None), ('statement', None), ('story__isnull', False)), models.Q(('issue__isnull', False), ('lesson', None), ('reading', None), ('statement', None), ('story', None)), _connector='OR'), name='review_evidence_is_one_thing'), models.UniqueConstraint(models.F('review'), models.F('question'), models.F('lesson'), models.F('statement'), models.F('reading'), models.F('story'), models.F('issue'), name='review_evidence_once', nulls_distinct=False)],
                },
            ), migrations.CreateModel(
                name='Summary',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.place')),
                    ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='summaries', to='cycles.team')),
                    ('period_start', models.DateField()),
                    ('period_end', models.DateField()),
                    ('key', models.CharField(help_text='One pack for one group, period and asking', max_length=80, unique=True)),
                    ('state', models.CharField(choices=[('asked', 'Being built'), ('ready', 'Ready'), ('failed', 'Could not be built')], default='asked', max_length=8)),
                    ('progress', models.CharField(blank=True, max_length=80)),
                    ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('claimed_until', models.DateTimeField(blank=True, null=True)),
                    ('tries', models.PositiveSmallIntegerField(default=0)),
                    ('built_at', models.DateTimeField(blank=True, null=True)),
                    ('agenda', models.JSONField(blank=True, default=dict, help_text='The figures and words as they stood')),
                    ('pdf', models.BinaryField(blank=True, null=True)),
                    ('pages', models.PositiveSmallIntegerField(blank=True, null=True)),
                    ('discussed_on', models.DateField(blank=True, null=True)),
                    ('discussed_words', models.TextField(blank=True, max_length=4000, verbose_name='what was said')),
                    ('stories', models.ManyToManyField(blank=True, related_name='+', to='cycles.story')),
                ],
                options={
                    'verbose_name_plural': 'summaries',
                    'ordering': ['-period_end', '-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('built_at__isnull', False), ('pdf__isnull', False), ('state', 'ready')), models.Q(('state', 'ready'), _negated=True), _connector='OR'), name='summary_ready_is_whole'), models.CheckConstraint(condition=models.Q(('period_end__gte', models.F('period_start'))), name='summary_period_runs_forward')],
                },
            ), migrations.CreateModel(
                name='SummarySchedule',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.place')),
                    ('team', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='summary_schedule', to='cycles.team')),
                    ('day_of_month', models.PositiveSmallIntegerField(default=1)),
                    ('is_active', models.BooleanField(default=True)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('day_of_month__gte', 1), ('day_of_month__lte', 28)), name='schedule_day_exists')],
                },
            ), migrations.CreateModel(
                name='Voice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(class)ss', to='cycles.learningcycle')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('is_demo', models.BooleanField(default=False)),
                    ('kind', models.CharField(choices=[('left_out', 'Why are we left out?'), ('checking', 'A way of checking')], max_length=8)),
                    ('text', models.TextField(max_length=4000)),
                    ('said_by', models.CharField(blank=True, max_length=120, verbose_name='whose words, as they want to be called')),
                    ('said_on', models.DateField(default=django.utils.timezone.localdate)),
                    ('answer', models.TextField(blank=True, max_length=4000)),
                    ('answered_on', models.DateField(blank=True, null=True)),
                    ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-said_on', '-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_by', None), ('answered_on', None)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_by__isnull', False), ('answered_on__isnull', False)), _connector='OR'), name='voice_answered_by_someone')],
                },
            ), migrations.CreateModel(
                name='WebHook',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.place')),
                    ('name', models.CharField(max_length=60, verbose_name='what listens there?')),
                    ('address', models.CharField(max_length=500, verbose_name='its address')),
                    ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=14), size=None)),
                    ('secret', hls.sealed.SealedText()),
                    ('old_secret', hls.sealed.SealedText(null=True)),
                    ('old_until', models.DateTimeField(blank=True, null=True)),
                    ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('last_ok_at', models.DateTimeField(blank=True, null=True)),
                    ('stopped_at', models.DateTimeField(blank=True, null=True)),
                    ('ended_at', models.DateTimeField(blank=True, null=True)),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
                options={
                    'ordering': ['name', 'pk'],
                    'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['place'], name='web_hook_of_place')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('address__startswith', 'https://')), name='web_hook_is_https'), models.CheckConstraint(condition=models.Q(('kinds__len__gt', 0)), name='web_hook_is_told_something'), models.CheckConstraint(condition=models.Q(models.Q(('old_secret__isnull', True), ('old_until', None)), models.Q(('old_secret__isnull', False), ('old_until__isnull', False)), _connector='OR'), name='web_hook_old_secret_ends')],
                },
            ), migrations.CreateModel(
                name='HookedStep',
                fields=[
                ],
                options={
                    'proxy': True,
                },
                bases=('issues.issuestep',),
            ), pgtrigger.migrations.AddTrigger(
                model_name='hookedstep',
                trigger=pgtrigger.compiler.Trigger(name='tell_hooks', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                INSERT INTO hls_hookmessage (hook_id, step_id, uid, made_at, due_at, tries, answer)\n                SELECT hook.id, NEW.id, gen_random_uuid(), NEW.at, now(), 0, ''\n                  FROM issues_issue issue\n                  JOIN hls_webhook hook ON hook.place_id = issue.place_id AND hook.ended_at IS NULL\n                 WHERE issue.id = NEW.issue_id AND NEW.what = ANY (hook.kinds);\n                RETURN NULL;\n                ", hash='261a59806b5d6d7c320f6a8abd41f7e74668f72d', operation='INSERT', pgid='pgtrigger_tell_hooks_3ee37', table='issues_issuestep', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='promisestep',
                trigger=pgtrigger.compiler.Trigger(name='promise_step_never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='54a439727971ab9a080ab45041b45e2aa0df1ceb', operation='UPDATE', pgid='pgtrigger_promise_step_never_changed_2240e', table='hls_promisestep', when='BEFORE')),
            )],
        ),
    ]
