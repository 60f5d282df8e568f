import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.utils.timezone
import issues.sheets.models
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cycles', '0002_rooms'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('file_name', models.CharField(max_length=120)),
                ('file_digest', models.CharField(max_length=64)),
                ('added', models.PositiveIntegerField()),
                ('known', models.PositiveIntegerField(default=0)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='import_batches', to='cycles.learningcycle')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.place')),
            ],
            options={
                'ordering': ['-at'],
                'constraints': [models.UniqueConstraint(models.F('cycle'), models.F('file_digest'), name='import_batch_file_once')],
            },
        ),
        migrations.CreateModel(
            name='Issue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(editable=False)),
                ('description', models.TextField(max_length=4000, verbose_name='what is getting in the way?')),
                ('who_affected', models.TextField(blank=True, max_length=2000, verbose_name='who falls between the gaps?')),
                ('what_they_face', models.TextField(blank=True, max_length=2000, verbose_name='what do they face?')),
                ('how_many', models.CharField(blank=True, max_length=120, verbose_name='how many are there?')),
                ('kind', models.CharField(blank=True, choices=[('', 'Not sure yet'), ('method', 'Method: a snag in how the team works'), ('system', 'System: only leaders or others can fix it')], default='', max_length=6)),
                ('level', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Ind'), (2, 'Sys'), (3, 'Macro')], null=True)),
                ('owner_tier', models.CharField(blank=True, choices=[('team', 'Team'), ('lship', 'L’ship'), ('govt', 'Govt')], max_length=6)),
                ('held_since', models.DateField(default=django.utils.timezone.localdate)),
                ('domain', models.CharField(blank=True, choices=[('', 'Not sure yet'), ('simple', 'Simple'), ('complicated', 'Complicated'), ('complex', 'Complex'), ('chaotic', 'Chaotic')], default='', max_length=12)),
                ('is_barrier', models.BooleanField(default=False, verbose_name='a barrier that leaders must remove')),
                ('is_leverage', models.BooleanField(default=False, verbose_name='a point of leverage')),
                ('status', models.CharField(choices=[('open', 'Open'), ('closed', 'Closed')], default='open', max_length=6)),
                ('countermeasure_state', models.CharField(blank=True, editable=False, max_length=12)),
                ('system_change_state', models.CharField(blank=True, editable=False, max_length=12)),
                ('raised_on', models.DateField(default=django.utils.timezone.localdate)),
                ('closed_on', models.DateField(blank=True, null=True)),
                ('closed_how', models.CharField(blank=True, choices=[('new_normal', 'There is a new normal'), ('in_place', 'What we did now is enough'), ('no_longer', 'It no longer happens'), ('as_is', 'Accepted as it is, because…'), ('imported', 'Closed before import')], max_length=10)),
                ('closed_words', models.TextField(blank=True, max_length=4000)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('version', models.PositiveIntegerField(default=1)),
                ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('is_demo', models.BooleanField(default=False)),
                ('search', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('description', config='english', weight='A'), '||', django.contrib.postgres.search.SearchVector('what_they_face', config='english', weight='B'), django.contrib.postgres.search.SearchConfig('english')), '||', django.contrib.postgres.search.SearchVector('who_affected', config='english', weight='B'), django.contrib.postgres.search.SearchConfig('english')), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issues', to='cycles.learningcycle')),
                ('held_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issues_held', to='cycles.team')),
                ('lessons', models.ManyToManyField(blank=True, related_name='issues', to='cycles.lesson')),
                ('owner_agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.agency')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.place')),
                ('raised_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issues_raised', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issues', to='cycles.team')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['search'], name='issue_search'), models.Index(fields=['place', '-updated_at', '-id'], name='issue_by_update'), models.Index(fields=['place', 'status', 'level', 'owner_tier', '-updated_at', '-id'], name='issue_filtered'), models.Index(fields=['place', 'status', 'raised_on', 'id'], name='issue_by_age'), models.Index(fields=['held_by', 'status', 'held_since'], name='issue_held'), models.Index(fields=['cycle', 'status', '-updated_at'], name='issue_of_cycle'), models.Index(fields=['team', '-updated_at', '-id'], name='issue_of_team'), models.Index(fields=['place', 'status', '-updated_at', '-id'], name='issue_by_status'), models.Index(condition=models.Q(('is_barrier', True)), fields=['place', '-updated_at', '-id'], name='issue_barriers'), models.Index(condition=models.Q(('is_leverage', True)), fields=['place', '-updated_at', '-id'], name='issue_leverage'), models.Index(condition=models.Q(('status', 'open')), fields=['place', 'held_since', 'id'], name='issue_triage'), models.Index(condition=models.Q(('system_change_state', 'in_place')), fields=['held_by', '-updated_at'], name='issue_new_normal')],
                'constraints': [models.UniqueConstraint(models.F('place'), models.F('number'), name='issue_number_unique_in_place'), models.CheckConstraint(condition=models.Q(models.Q(('closed_how', ''), ('closed_on', None), ('status', 'open')), models.Q(('closed_on__isnull', False), ('status', 'closed'), models.Q(('closed_how', ''), _negated=True)), _connector='OR'), name='issue_closed_says_when_and_how'), models.CheckConstraint(condition=models.Q(('owner_agency', None), ('owner_tier', 'govt'), _connector='OR'), name='issue_agency_only_with_govt')],
            },
        ),
        migrations.CreateModel(
            name='ImportedRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('their_ref', models.CharField(blank=True, max_length=40)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='issues.importbatch')),
                ('issue', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='imported_from', to='issues.issue')),
            ],
            options={
                'indexes': [models.Index(fields=['digest'], name='imported_row_by_digest')],
            },
        ),
        migrations.CreateModel(
            name='FitAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fits', models.CharField(choices=[('yes', 'Yes'), ('partly', 'Partly'), ('no', 'No')], max_length=6)),
                ('words', models.TextField(blank=True, max_length=2000)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fit_answers', to='issues.issue')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('issue'), models.F('by'), name='fit_answer_once')],
            },
        ),
        migrations.CreateModel(
            name='DescriptionVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('description', models.TextField(max_length=4000)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='descriptions', to='issues.issue')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='IssueAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('is_holder', models.BooleanField(default=False, editable=False)),
                ('status', models.CharField(default='', editable=False, max_length=6)),
                ('level', models.PositiveSmallIntegerField(editable=False, null=True)),
                ('owner_tier', models.CharField(default='', editable=False, max_length=6)),
                ('countermeasure_state', models.CharField(default='', editable=False, max_length=12)),
                ('system_change_state', models.CharField(default='', editable=False, max_length=12)),
                ('is_barrier', models.BooleanField(default=False, editable=False)),
                ('is_leverage', models.BooleanField(default=False, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('raised_on', models.DateField(default=django.utils.timezone.localdate, editable=False)),
                ('number', models.PositiveIntegerField(default=0, editable=False)),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='access', to='issues.issue')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.team')),
            ],
            options={
                'indexes': [models.Index(fields=['team', 'issue'], name='issue_access_of_team'), models.Index(fields=['team', '-updated_at', '-issue'], include=('is_holder', 'status', 'level', 'owner_tier', 'countermeasure_state', 'system_change_state', 'is_barrier', 'is_leverage', 'raised_on', 'number'), name='issue_access_in_order')],
                'constraints': [models.UniqueConstraint(models.F('issue'), models.F('team'), name='issue_access_once')],
            },
        ),
        migrations.CreateModel(
            name='IssueEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('level', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Ind'), (2, 'Sys'), (3, 'Macro')], null=True)),
                ('owner_tier', models.CharField(blank=True, choices=[('team', 'Team'), ('lship', 'L’ship'), ('govt', 'Govt')], max_length=6)),
                ('status', models.CharField(choices=[('open', 'Open'), ('closed', 'Closed')], default='open', max_length=6)),
                ('countermeasure_state', models.CharField(blank=True, editable=False, max_length=12)),
                ('system_change_state', models.CharField(blank=True, editable=False, max_length=12)),
                ('cycle', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cycles.learningcycle')),
                ('held_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cycles.team')),
                ('owner_agency', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cycles.agency')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='place_cycle_team_level_owner_tier_owner_agency_held_by_status_countermeasure_state_system_change_state_events', to='issues.issue')),
                ('place', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cycles.place')),
                ('team', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cycles.team')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='IssueMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('done', 'Done'), ('offered', 'Waiting for an answer'), ('accepted', 'Accepted'), ('handed_back', 'Handed back'), ('withdrawn', 'Taken back')], max_length=12)),
                ('from_level', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Ind'), (2, 'Sys'), (3, 'Macro')], null=True)),
                ('to_level', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Ind'), (2, 'Sys'), (3, 'Macro')], null=True)),
                ('from_owner', models.CharField(blank=True, choices=[('team', 'Team'), ('lship', 'L’ship'), ('govt', 'Govt')], max_length=6)),
                ('to_owner', models.CharField(blank=True, choices=[('team', 'Team'), ('lship', 'L’ship'), ('govt', 'Govt')], max_length=6)),
                ('why', models.TextField(max_length=4000, verbose_name='what stopped us changing it here?')),
                ('asks', models.TextField(blank=True, max_length=1000, verbose_name='what are you asking them to decide?')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.TextField(blank=True, max_length=4000)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('from_team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.team')),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moves', to='issues.issue')),
                ('to_team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves_in', to='cycles.team')),
            ],
            options={
                'ordering': ['at', 'pk'],
                'indexes': [models.Index(condition=models.Q(('state', 'offered')), fields=['to_team', 'at'], name='issue_offers_waiting'), models.Index(condition=models.Q(('state__in', ['offered', 'accepted'])), fields=['at', 'id'], name='issue_moves_to_answer')],
                'constraints': [models.UniqueConstraint(models.F('issue'), condition=models.Q(('state', 'offered')), name='issue_one_offer_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('answered_by', None), ('state__in', ['done', 'offered'])), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), ('state__in', ['accepted', 'handed_back', 'withdrawn'])), _connector='OR'), name='issue_move_answered_by_someone'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'handed_back'), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='issue_handed_back_with_why')],
            },
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('agreed', 'Yes, we will change it'), ('try', 'Yes, as an experiment first'), ('not_now', 'Not now, because…'), ('as_is', 'It stays as it is, because…')], max_length=8)),
                ('words', models.TextField(max_length=4000, verbose_name='what you decided, and why')),
                ('new_normal', models.TextField(blank=True, max_length=4000, verbose_name='system change (new normal)')),
                ('starts_on', models.DateField(blank=True, null=True)),
                ('review_on', models.DateField(blank=True, null=True, verbose_name='look at it again on')),
                ('decided_on', models.DateField(default=django.utils.timezone.localdate)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='cycles.team')),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='issues.issue')),
                ('move', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='issues.issuemove')),
            ],
            options={
                'ordering': ['-decided_on', '-pk'],
                'indexes': [models.Index(fields=['-decided_on', '-id'], name='decision_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'agreed'), _negated=True), models.Q(('new_normal', ''), _negated=True), _connector='OR'), name='decision_agreed_names_new_normal')],
            },
        ),
        migrations.CreateModel(
            name='IssueStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('raised', 'Raised'), ('seen', 'Seen again'), ('level', 'Level or owner set'), ('offered', 'Raised to a group'), ('accepted', 'Taken on'), ('handed_back', 'Handed back'), ('withdrawn', 'Offer taken back'), ('countermeasure', 'Countermeasure (now)'), ('system_change', 'System change'), ('decided', 'Decided'), ('closed', 'Closed'), ('reopened', 'Open again'), ('edited', 'Reworded')], max_length=14)),
                ('words', models.TextField(blank=True, max_length=4000)),
                ('state', models.CharField(blank=True, help_text="The response's state after this step", max_length=12)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='issues.issue')),
                ('move', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='issues.issuemove')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.team')),
            ],
            options={
                'ordering': ['at', 'pk'],
                'indexes': [models.Index(fields=['issue', 'at'], name='issue_step_of_issue')],
            },
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('countermeasure', 'Countermeasure (now)'), ('system_change', 'System change (new normal)')], max_length=14)),
                ('text', models.TextField(max_length=4000)),
                ('leaves_behind', models.TextField(blank=True, help_text='So that a way round is not taken for a fix', max_length=2000, verbose_name='what it leaves behind')),
                ('state', models.CharField(choices=[('trying', 'Being tried'), ('in_place', 'In place'), ('not_needed', 'No longer needed'), ('working_out', 'Being worked out'), ('agreed', 'Agreed')], max_length=12)),
                ('starts_on', models.DateField(blank=True, null=True)),
                ('in_place_on', models.DateField(blank=True, null=True)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('version', models.PositiveIntegerField(default=1)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='responses', to='issues.issue')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('kind', 'system_change'), ('state', 'in_place')), fields=['-in_place_on', '-id'], name='response_new_normal'), models.Index(condition=models.Q(('kind', 'system_change'), ('state', 'agreed')), fields=['starts_on', 'id'], name='response_agreed')],
                'constraints': [models.UniqueConstraint(models.F('issue'), models.F('kind'), name='response_one_of_each_kind'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'countermeasure'), ('state__in', ['trying', 'in_place', 'not_needed'])), models.Q(('kind', 'system_change'), ('state__in', ['working_out', 'agreed', 'in_place'])), _connector='OR'), name='response_state_fits_kind'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'in_place'), _negated=True), ('in_place_on__isnull', False), _connector='OR'), name='response_in_place_since_a_day')],
            },
        ),
        migrations.CreateModel(
            name='ResponseVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=4000)),
                ('leaves_behind', models.TextField(blank=True, max_length=2000)),
                ('state', models.CharField(choices=[('trying', 'Being tried'), ('in_place', 'In place'), ('not_needed', 'No longer needed'), ('working_out', 'Being worked out'), ('agreed', 'Agreed')], max_length=12)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('response', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='issues.response')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Sighting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(default=django.utils.timezone.localdate)),
                ('words', models.TextField(blank=True, max_length=4000)),
                ('quote', models.TextField(blank=True, max_length=1000, verbose_name='a quote to share, with names taken out')),
                ('quote_released_on', models.DateField(blank=True, null=True)),
                ('occasion_ref', models.BigIntegerField(blank=True, help_text='The debrief it was seen in, by number alone: the log knows no debriefs', null=True)),
                ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sightings', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cycles.case')),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sightings', to='issues.issue')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.team')),
            ],
            options={
                'ordering': ['on', 'pk'],
                'indexes': [models.Index(fields=['by', '-on'], name='sighting_of_person'), models.Index(condition=models.Q(('quote', ''), _negated=True), fields=['-quote_released_on', '-id'], name='sighting_quotes')],
                'constraints': [models.CheckConstraint(condition=models.Q(('quote', ''), ('quote_released_on__isnull', False), _connector='OR'), name='sighting_quote_released_on_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('file_name', models.CharField(max_length=120)),
                ('file_digest', models.CharField(max_length=64)),
                ('understood', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField(default=issues.sheets.models.kept_until)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.learningcycle')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.place')),
            ],
            options={
                'indexes': [models.Index(fields=['expires_at'], name='upload_by_expiry')],
            },
        ),
        migrations.CreateModel(
            name='UploadedRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('facts', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('is_wrong', models.BooleanField(default=False)),
                ('asks', models.PositiveSmallIntegerField(default=0)),
                ('answered', models.PositiveSmallIntegerField(default=0)),
                ('answers', models.JSONField(default=dict)),
                ('known_as', models.PositiveIntegerField(help_text='The number of the same issue, already in the log', null=True)),
                ('upload', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='issues.upload')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(models.F('upload'), models.F('number'), name='uploaded_row_once'), models.CheckConstraint(condition=models.Q(('answered__lte', models.F('asks'))), name='uploaded_row_answers_what_it_asks')],
            },
        ),
        migrations.CreateModel(
            name='WaitTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week', models.DateField()),
                ('n', models.IntegerField()),
                ('held_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.team')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.place')),
            ],
            options={
                'indexes': [models.Index(fields=['place', 'held_by'], name='wait_tally_of_place')],
            },
        ),
        migrations.CreateModel(
            name='FlowTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('level', models.PositiveSmallIntegerField(null=True)),
                ('owner_tier', models.CharField(blank=True, max_length=6)),
                ('status', models.CharField(max_length=6)),
                ('countermeasure_state', models.CharField(blank=True, max_length=12)),
                ('system_change_state', models.CharField(blank=True, max_length=12)),
                ('n', models.IntegerField()),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.place')),
            ],
            options={
                'indexes': [models.Index(fields=['place', 'month'], name='flow_tally_of_place')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='issue',
            trigger=pgtrigger.compiler.Trigger(name='tally_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO issues_flowtally\n  (place_id, month, level, owner_tier, status, countermeasure_state, system_change_state, n)\n  VALUES (NEW.place_id, date_trunc('month', NEW.raised_on)::date, NEW.level, NEW.owner_tier, NEW.status,\n          NEW.countermeasure_state, NEW.system_change_state, 1);IF NEW.status = 'open' THEN INSERT INTO issues_waittally (place_id, held_by_id, week, n)\n  VALUES (NEW.place_id, NEW.held_by_id, date_trunc('week', NEW.held_since)::date, 1); END IF;RETURN NULL;", hash='fd40e86ab0efb8ae44b45f85cd7cd852a4d416f6', operation='INSERT', pgid='pgtrigger_tally_insert_ae7ca', table='issues_issue', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='issue',
            trigger=pgtrigger.compiler.Trigger(name='tally_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."countermeasure_state" IS DISTINCT FROM (NEW."countermeasure_state") OR OLD."held_by_id" IS DISTINCT FROM (NEW."held_by_id") OR OLD."held_since" IS DISTINCT FROM (NEW."held_since") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."owner_tier" IS DISTINCT FROM (NEW."owner_tier") OR OLD."place_id" IS DISTINCT FROM (NEW."place_id") OR OLD."raised_on" IS DISTINCT FROM (NEW."raised_on") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."system_change_state" IS DISTINCT FROM (NEW."system_change_state"))', func="INSERT INTO issues_flowtally\n  (place_id, month, level, owner_tier, status, countermeasure_state, system_change_state, n)\n  VALUES (OLD.place_id, date_trunc('month', OLD.raised_on)::date, OLD.level, OLD.owner_tier, OLD.status,\n          OLD.countermeasure_state, OLD.system_change_state, -1);IF OLD.status = 'open' THEN INSERT INTO issues_waittally (place_id, held_by_id, week, n)\n  VALUES (OLD.place_id, OLD.held_by_id, date_trunc('week', OLD.held_since)::date, -1); END IF;INSERT INTO issues_flowtally\n  (place_id, month, level, owner_tier, status, countermeasure_state, system_change_state, n)\n  VALUES (NEW.place_id, date_trunc('month', NEW.raised_on)::date, NEW.level, NEW.owner_tier, NEW.status,\n          NEW.countermeasure_state, NEW.system_change_state, 1);IF NEW.status = 'open' THEN INSERT INTO issues_waittally (place_id, held_by_id, week, n)\n  VALUES (NEW.place_id, NEW.held_by_id, date_trunc('week', NEW.held_since)::date, 1); END IF;RETURN NULL;", hash='d020ff776c2fd03f29f5ebb4e1511ca66fb82e87', operation='UPDATE', pgid='pgtrigger_tally_update_a11fd', table='issues_issue', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='issue',
            trigger=pgtrigger.compiler.Trigger(name='tally_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO issues_flowtally\n  (place_id, month, level, owner_tier, status, countermeasure_state, system_change_state, n)\n  VALUES (OLD.place_id, date_trunc('month', OLD.raised_on)::date, OLD.level, OLD.owner_tier, OLD.status,\n          OLD.countermeasure_state, OLD.system_change_state, -1);IF OLD.status = 'open' THEN INSERT INTO issues_waittally (place_id, held_by_id, week, n)\n  VALUES (OLD.place_id, OLD.held_by_id, date_trunc('week', OLD.held_since)::date, -1); END IF;RETURN NULL;", hash='971e489c601d929df7e687a6f7ae7fc937f096c7', operation='DELETE', pgid='pgtrigger_tally_delete_40bd1', table='issues_issue', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='issue',
            trigger=pgtrigger.compiler.Trigger(name='access_follows', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."countermeasure_state" IS DISTINCT FROM (NEW."countermeasure_state") OR OLD."held_by_id" IS DISTINCT FROM (NEW."held_by_id") OR OLD."is_barrier" IS DISTINCT FROM (NEW."is_barrier") OR OLD."is_leverage" IS DISTINCT FROM (NEW."is_leverage") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."owner_tier" IS DISTINCT FROM (NEW."owner_tier") OR OLD."raised_on" IS DISTINCT FROM (NEW."raised_on") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."system_change_state" IS DISTINCT FROM (NEW."system_change_state") OR OLD."updated_at" IS DISTINCT FROM (NEW."updated_at"))', func='UPDATE issues_issueaccess SET status = NEW.status, level = NEW.level, owner_tier = NEW.owner_tier, countermeasure_state = NEW.countermeasure_state, system_change_state = NEW.system_change_state, is_barrier = NEW.is_barrier, is_leverage = NEW.is_leverage, updated_at = NEW.updated_at, raised_on = NEW.raised_on, number = NEW.number,\n  is_holder = (team_id = NEW.held_by_id) WHERE issue_id = NEW.id; RETURN NULL;', hash='2e8965c8772b5818236dd0aacf4bd61a44c4e1ae', operation='UPDATE', pgid='pgtrigger_access_follows_99f3c', table='issues_issue', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='issue',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "issues_issueevent" ("countermeasure_state", "cycle_id", "held_by_id", "level", "owner_agency_id", "owner_tier", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "status", "system_change_state", "team_id") VALUES (NEW."countermeasure_state", NEW."cycle_id", NEW."held_by_id", NEW."level", NEW."owner_agency_id", NEW."owner_tier", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place_id", NEW."status", NEW."system_change_state", NEW."team_id"); RETURN NULL;', hash='ea3ccf9bad216d913a8a9995ac1b6eb2c5eb470f', operation='INSERT', pgid='pgtrigger_insert_insert_8fbe2', table='issues_issue', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='issue',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."countermeasure_state" IS DISTINCT FROM (NEW."countermeasure_state") OR OLD."cycle_id" IS DISTINCT FROM (NEW."cycle_id") OR OLD."held_by_id" IS DISTINCT FROM (NEW."held_by_id") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."owner_agency_id" IS DISTINCT FROM (NEW."owner_agency_id") OR OLD."owner_tier" IS DISTINCT FROM (NEW."owner_tier") OR OLD."place_id" IS DISTINCT FROM (NEW."place_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."system_change_state" IS DISTINCT FROM (NEW."system_change_state") OR OLD."team_id" IS DISTINCT FROM (NEW."team_id"))', func='INSERT INTO "issues_issueevent" ("countermeasure_state", "cycle_id", "held_by_id", "level", "owner_agency_id", "owner_tier", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "status", "system_change_state", "team_id") VALUES (NEW."countermeasure_state", NEW."cycle_id", NEW."held_by_id", NEW."level", NEW."owner_agency_id", NEW."owner_tier", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place_id", NEW."status", NEW."system_change_state", NEW."team_id"); RETURN NULL;', hash='f04b433c58cc4c7e11de68707990d7423be049fe', operation='UPDATE', pgid='pgtrigger_update_update_c95b6', table='issues_issue', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='issueaccess',
            trigger=pgtrigger.compiler.Trigger(name='access_from_issue', sql=pgtrigger.compiler.UpsertTriggerSql(func='SELECT i.status, i.level, i.owner_tier, i.countermeasure_state, i.system_change_state, i.is_barrier, i.is_leverage, i.updated_at, i.raised_on, i.number, i.held_by_id = NEW.team_id\n  INTO NEW.status, NEW.level, NEW.owner_tier, NEW.countermeasure_state, NEW.system_change_state, NEW.is_barrier, NEW.is_leverage, NEW.updated_at, NEW.raised_on, NEW.number, NEW.is_holder FROM issues_issue i WHERE i.id = NEW.issue_id;\n  RETURN NEW;', hash='7dd630f25a9578e43c253340478e5736ee7b29a1', operation='INSERT', pgid='pgtrigger_access_from_issue_9b96f', table='issues_issueaccess', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='issueevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='956899a87abfc800b2eb7518766de39d32d2783b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_846e6', table='issues_issueevent', when='BEFORE')),
        ),
    ]
