import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.utils.timezone
import hls.sealed
import hls.tables
import issues.sheets.models
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('issues', '0001_initial'), ('issues', '0002_waiting_moves'), ('issues', '0003_try'), ('issues', '0004_leverage_note'), ('issues', '0005_barriers'), ('issues', '0006_sightings_of_a_person'), ('issues', '0007_two_tracks'), ('issues', '0008_talk_and_dossiers'), ('issues', '0009_meetings'), ('issues', '0010_open_longest'), ('issues', '0011_notes_sealed_again')]

    initial = True

    dependencies = [
        ('cycles', '0001_squashed_0018_asked_notices'),
    ]

    operations = [
        hls.tables.Together(
            operations=[migrations.CreateModel(
                name='Comment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='issues.issue')),
                    ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.team')),
                    ('outside', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='issues.outsidelink')),
                    ('signed', models.CharField(blank=True, help_text='What the one outside called themselves', max_length=120)),
                    ('words', models.TextField(blank=True, max_length=4000)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('edited_at', models.DateTimeField(blank=True, null=True)),
                    ('taken_back_at', models.DateTimeField(blank=True, null=True)),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('is_demo', models.BooleanField(default=False)),
                ],
                options={
                    'ordering': ['pk'],
                    'indexes': [models.Index(fields=['issue', '-id'], name='comment_of_issue')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('by__isnull', False), ('outside', None)), models.Q(('by', None), ('outside__isnull', False)), _connector='OR'), name='comment_from_here_or_outside'), models.CheckConstraint(condition=models.Q(models.Q(('taken_back_at', None), models.Q(('words', ''), _negated=True)), models.Q(('taken_back_at__isnull', False), ('words', '')), _connector='OR'), name='comment_taken_back_holds_no_words')],
                },
            ), migrations.CreateModel(
                name='Attachment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='issues.comment')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('name', models.CharField(max_length=120)),
                    ('kind', models.CharField(choices=[('pdf', 'PDF'), ('png', 'Picture'), ('jpg', 'Photo'), ('webp', 'Picture'), ('txt', 'Text'), ('csv', 'Table (CSV)'), ('xlsx', 'Spreadsheet'), ('docx', 'Document')], max_length=4)),
                    ('size', models.PositiveIntegerField()),
                    ('path', models.CharField(editable=False, max_length=80, unique=True)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ],
                options={
                    'ordering': ['pk'],
                },
            ), migrations.CreateModel(
                name='CommentVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='issues.comment')),
                    ('words', models.TextField(max_length=4000)),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['-at', '-pk'],
                },
            ), migrations.CreateModel(
                name='FlowTally',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.place')),
                    ('month', models.DateField()),
                    ('level', models.PositiveSmallIntegerField(null=True)),
                    ('owner_tier', models.CharField(blank=True, max_length=6)),
                    ('status', models.CharField(max_length=6)),
                    ('countermeasure_state', models.CharField(blank=True, max_length=12)),
                    ('system_change_state', models.CharField(blank=True, max_length=12)),
                    ('n', models.IntegerField()),
                ],
                options={
                    'indexes': [models.Index(fields=['place', 'month'], name='flow_tally_of_place')],
                },
            ), migrations.CreateModel(
                name='ForumCase',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.place')),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='forum_cases', to='cycles.case')),
                    ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='forum_cases', to='cycles.team')),
                    ('brought_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.agency')),
                    ('brought_on', models.DateField(default=django.utils.timezone.localdate)),
                    ('reasons', models.JSONField(default=list)),
                    ('why', models.TextField(max_length=4000, verbose_name='why you bring it')),
                    ('blocked_by', models.TextField(max_length=4000, verbose_name='what blocks')),
                    ('hand_offs', models.TextField(blank=True, max_length=4000, verbose_name='hand-offs so far')),
                    ('invited', models.CharField(blank=True, max_length=300, verbose_name='who else comes to the talk')),
                    ('consent_on', models.DateField(verbose_name='agreed on')),
                    ('consent_words', models.TextField(max_length=2000, verbose_name='what they agreed to')),
                    ('consent_withdrawn_on', models.DateField(blank=True, null=True)),
                    ('state', models.CharField(choices=[('brought', 'Brought'), ('live', 'Plan is live'), ('eased', 'Eased'), ('lost', 'Lost touch')], default='brought', max_length=8)),
                    ('state_words', models.TextField(blank=True, max_length=2000)),
                    ('is_avoidable', models.BooleanField(blank=True, null=True, verbose_name='it could have been avoided if services had joined up')),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('is_demo', models.BooleanField(default=False)),
                ],
                options={
                    'ordering': ['-brought_on', '-pk'],
                    'constraints': [models.UniqueConstraint(models.F('case'), models.F('team'), condition=models.Q(('state__in', ['brought', 'live'])), name='forum_case_open_once'), models.CheckConstraint(condition=models.Q(('consent_words', ''), _negated=True), name='forum_case_with_consent')],
                },
            ), migrations.CreateModel(
                name='ImportBatch',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.place')),
                    ('token', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='import_batches', to='cycles.learningcycle')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('file_name', models.CharField(max_length=120)),
                    ('file_digest', models.CharField(max_length=64)),
                    ('added', models.PositiveIntegerField()),
                    ('known', models.PositiveIntegerField(default=0)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ],
                options={
                    'ordering': ['-at'],
                    'constraints': [models.UniqueConstraint(models.F('cycle'), models.F('file_digest'), name='import_batch_file_once')],
                },
            ), migrations.CreateModel(
                name='Issue',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.place')),
                    ('number', models.PositiveIntegerField(editable=False)),
                    ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issues', to='cycles.learningcycle')),
                    ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issues', to='cycles.team')),
                    ('description', models.TextField(max_length=4000, verbose_name='what is getting in the way?')),
                    ('who_affected', models.TextField(blank=True, max_length=2000, verbose_name='who falls between the gaps?')),
                    ('what_they_face', models.TextField(blank=True, max_length=2000, verbose_name='what do they face?')),
                    ('how_many', models.CharField(blank=True, max_length=120, verbose_name='how many are there?')),
                    ('kind', models.CharField(blank=True, choices=[('', 'Not sure yet'), ('method', 'Method: a snag in how the team works'), ('system', 'System: only leaders or others can fix it')], default='', max_length=6)),
                    ('level', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Ind'), (2, 'Sys'), (3, 'Macro')], null=True)),
                    ('owner_tier', models.CharField(blank=True, choices=[('team', 'Team'), ('lship', 'L’ship'), ('govt', 'Govt')], max_length=6)),
                    ('owner_agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.agency')),
                    ('held_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issues_held', to='cycles.team')),
                    ('held_since', models.DateField(default=django.utils.timezone.localdate)),
                    ('domain', models.CharField(blank=True, choices=[('', 'Not sure yet'), ('simple', 'Simple'), ('complicated', 'Complicated'), ('complex', 'Complex'), ('chaotic', 'Chaotic')], default='', max_length=12)),
                    ('is_barrier', models.BooleanField(default=False, verbose_name='a barrier that leaders must remove')),
                    ('is_leverage', models.BooleanField(default=False, verbose_name='a point of leverage')),
                    ('leverage_note', models.TextField(blank=True, max_length=1000, verbose_name='who could push here, and how?')),
                    ('status', models.CharField(choices=[('open', 'Open'), ('closed', 'Closed')], default='open', max_length=6)),
                    ('countermeasure_state', models.CharField(blank=True, editable=False, max_length=12)),
                    ('system_change_state', models.CharField(blank=True, editable=False, max_length=12)),
                    ('raised_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issues_raised', to=settings.AUTH_USER_MODEL)),
                    ('raised_on', models.DateField(default=django.utils.timezone.localdate)),
                    ('closed_on', models.DateField(blank=True, null=True)),
                    ('closed_how', models.CharField(blank=True, choices=[('new_normal', 'There is a new normal'), ('in_place', 'What we did now is enough'), ('no_longer', 'It no longer happens'), ('as_is', 'Accepted as it is, because…'), ('imported', 'Closed before import')], max_length=10)),
                    ('closed_words', models.TextField(blank=True, max_length=4000)),
                    ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('is_demo', models.BooleanField(default=False)),
                    ('is_pattern', models.BooleanField(db_default=False, default=False, editable=False)),
                    ('review_on', models.DateField(blank=True, editable=False, null=True)),
                    ('search', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector('description', config='english', weight='A'), '||', django.contrib.postgres.search.SearchVector('what_they_face', config='english', weight='B'), django.contrib.postgres.search.SearchConfig('english')), '||', django.contrib.postgres.search.SearchVector('who_affected', config='english', weight='B'), django.contrib.postgres.search.SearchConfig('english')), output_field=django.contrib.postgres.search.SearchVectorField())),
                    ('lessons', models.ManyToManyField(blank=True, related_name='issues', to='cycles.lesson')),
                ],
                options={
                    'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['search'], name='issue_search'), models.Index(fields=['place', '-updated_at', '-id'], name='issue_by_update'), models.Index(fields=['place', 'status', 'level', 'owner_tier', '-updated_at', '-id'], name='issue_filtered'), models.Index(fields=['place', 'status', 'raised_on', 'id'], name='issue_by_age'), models.Index(fields=['held_by', 'status', 'held_since'], name='issue_held'), models.Index(fields=['cycle', 'status', '-updated_at'], name='issue_of_cycle'), models.Index(fields=['team', '-updated_at', '-id'], name='issue_of_team'), models.Index(fields=['place', 'status', '-updated_at', '-id'], name='issue_by_status'), models.Index(condition=models.Q(('is_barrier', True)), fields=['place', '-updated_at', '-id'], name='issue_barriers'), models.Index(condition=models.Q(('is_leverage', True)), fields=['place', '-updated_at', '-id'], name='issue_leverage'), models.Index(condition=models.Q(('is_pattern', True)), fields=['place', '-updated_at', '-id'], name='issue_patterns'), models.Index(condition=models.Q(('review_on__isnull', False), ('status', 'open')), fields=['place', 'review_on', 'id'], name='issue_reviews'), models.Index(condition=models.Q(('status', 'open')), fields=['place', 'held_since', 'id'], name='issue_triage'), models.Index(condition=models.Q(('system_change_state', 'in_place')), fields=['held_by', '-updated_at'], name='issue_new_normal')],
                    'constraints': [models.UniqueConstraint(models.F('place'), models.F('number'), name='issue_number_unique_in_place'), models.CheckConstraint(condition=models.Q(models.Q(('closed_how', ''), ('closed_on', None), ('status', 'open')), models.Q(('closed_on__isnull', False), ('status', 'closed'), models.Q(('closed_how', ''), _negated=True)), _connector='OR'), name='issue_closed_says_when_and_how'), models.CheckConstraint(condition=models.Q(('owner_agency', None), ('owner_tier', 'govt'), _connector='OR'), name='issue_agency_only_with_govt')],
                },
            ), migrations.CreateModel(
                name='ImportedRow',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='issues.importbatch')),
                    ('issue', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='imported_from', to='issues.issue')),
                    ('number', models.PositiveIntegerField()),
                    ('digest', models.CharField(max_length=64)),
                    ('their_ref', models.CharField(blank=True, max_length=40)),
                ],
                options={
                    'indexes': [models.Index(fields=['digest'], name='imported_row_by_digest')],
                },
            ), migrations.CreateModel(
                name='Gathering',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('pattern', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='gathered', to='issues.issue')),
                    ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='gatherings', to='issues.issue')),
                    ('why', models.TextField(blank=True, max_length=4000)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('until_why', models.TextField(blank=True, max_length=4000)),
                    ('until_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('until_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'ordering': ['at', 'pk'],
                    'indexes': [models.Index(fields=['pattern', 'at'], name='gathering_of_pattern')],
                    'constraints': [models.UniqueConstraint(models.F('issue'), condition=models.Q(('until_at', None)), name='issue_under_one_pattern'), models.CheckConstraint(condition=models.Q(('pattern', models.F('issue')), _negated=True), name='gathering_of_others'), models.CheckConstraint(condition=models.Q(models.Q(('until_at', None), ('until_by', None)), models.Q(('until_at__isnull', False), ('until_by__isnull', False)), _connector='OR'), name='gathering_ended_by_someone')],
                },
            ), migrations.CreateModel(
                name='ForumStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('forum_case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='issues.forumcase')),
                    ('what', models.CharField(choices=[('brought', 'Brought, with consent'), ('planned', 'Plan made'), ('risks', 'Risks marked'), ('state', 'How it goes'), ('withdrawn', 'Consent taken back'), ('pattern', 'What is behind it was sent on')], max_length=9)),
                    ('words', models.TextField(blank=True, max_length=4000)),
                    ('issue', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='issues.issue')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ],
                options={
                    'ordering': ['at', 'pk'],
                },
            ), migrations.CreateModel(
                name='FitAnswer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fit_answers', to='issues.issue')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('fits', models.CharField(choices=[('yes', 'Yes'), ('partly', 'Partly'), ('no', 'No')], max_length=6)),
                    ('words', models.TextField(blank=True, max_length=2000)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(models.F('issue'), models.F('by'), name='fit_answer_once')],
                },
            ), migrations.CreateModel(
                name='Dossier',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.place')),
                    ('issue', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='dossier', to='issues.issue')),
                    ('asks', models.TextField(max_length=2000, verbose_name='what do you ask of them?')),
                    ('rule', models.TextField(blank=True, max_length=4000, verbose_name='what does the rule say?')),
                    ('rule_source', models.CharField(blank=True, max_length=300, verbose_name='where is it written?')),
                    ('cost', models.TextField(blank=True, max_length=2000, verbose_name='what does working round it cost?')),
                    ('shows_answers', models.BooleanField(default=False, verbose_name='show what each group answered, in their words')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('is_demo', models.BooleanField(default=False)),
                    ('pdf', models.BinaryField(blank=True, null=True)),
                    ('pages', models.PositiveSmallIntegerField(default=0)),
                    ('pdf_digest', models.CharField(blank=True, max_length=64)),
                    ('asked_at', models.DateTimeField(blank=True, null=True)),
                    ('claimed_until', models.DateTimeField(blank=True, null=True)),
                    ('tries', models.PositiveSmallIntegerField(default=0)),
                    ('stories', models.ManyToManyField(blank=True, related_name='+', to='cycles.story')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('asked_at__isnull', False)), fields=['asked_at'], name='dossier_pdf_asked')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('pages', 0), ('pdf', None)), models.Q(('pages__gt', 0), ('pdf__isnull', False)), _connector='OR'), name='dossier_pdf_is_whole'), models.CheckConstraint(condition=models.Q(('rule', ''), models.Q(('rule_source', ''), _negated=True), _connector='OR'), name='dossier_rule_has_a_source')],
                },
            ), migrations.CreateModel(
                name='DescriptionVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='descriptions', to='issues.issue')),
                    ('description', models.TextField(max_length=4000)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ],
                options={
                    'ordering': ['-at', '-pk'],
                },
            ), migrations.CreateModel(
                name='Better',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='better', to='issues.issue')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('since', models.DateField(help_text='The day since which it is in place')),
                    ('asked_on', models.DateField(default=django.utils.timezone.localdate)),
                    ('answer', models.CharField(blank=True, choices=[('yes', 'Yes'), ('partly', 'Partly'), ('no', 'No')], max_length=6)),
                    ('words', models.TextField(blank=True, max_length=2000, verbose_name='what is still in the way?')),
                    ('answered_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('answered_at', None)), fields=['user', '-asked_on'], name='better_waiting_for')],
                    'constraints': [models.UniqueConstraint(models.F('issue'), models.F('user'), models.F('since'), name='better_asked_once'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='better_answered_at_a_moment')],
                },
            ), migrations.CreateModel(
                name='Barrier',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('answer', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='barrier', to='cycles.answer')),
                    ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='barriers', to='issues.issue')),
                ],
            ), migrations.CreateModel(
                name='IssueAccess',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='access', to='issues.issue')),
                    ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.team')),
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
                    ('changes_on', models.DateField(editable=False, null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['team', 'issue'], name='issue_access_of_team'), models.Index(fields=['team', '-updated_at', '-issue'], include=('is_holder', 'status', 'level', 'owner_tier', 'countermeasure_state', 'system_change_state', 'is_barrier', 'is_leverage', 'raised_on', 'number'), name='issue_access_in_order'), models.Index(condition=models.Q(('status', 'open')), fields=['team', 'raised_on', 'issue'], name='issue_access_longest'), models.Index(condition=models.Q(('system_change_state__in', ['agreed', 'in_place'])), fields=['team', 'system_change_state', 'changes_on', 'issue'], name='issue_access_changes')],
                    'constraints': [models.UniqueConstraint(models.F('issue'), models.F('team'), name='issue_access_once')],
                },
            ), migrations.CreateModel(
                name='IssueEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='place_cycle_team_level_owner_tier_owner_agency_held_by_status_countermeasure_state_system_change_state_events', to='issues.issue')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('place', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cycles.place')),
                    ('cycle', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cycles.learningcycle')),
                    ('team', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cycles.team')),
                    ('level', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Ind'), (2, 'Sys'), (3, 'Macro')], null=True)),
                    ('owner_tier', models.CharField(blank=True, choices=[('team', 'Team'), ('lship', 'L’ship'), ('govt', 'Govt')], max_length=6)),
                    ('owner_agency', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cycles.agency')),
                    ('held_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cycles.team')),
                    ('status', models.CharField(choices=[('open', 'Open'), ('closed', 'Closed')], default='open', max_length=6)),
                    ('countermeasure_state', models.CharField(blank=True, editable=False, max_length=12)),
                    ('system_change_state', models.CharField(blank=True, editable=False, max_length=12)),
                ],
                options={
                    'abstract': False,
                },
            ), migrations.CreateModel(
                name='IssueMove',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moves', to='issues.issue')),
                    ('state', models.CharField(choices=[('done', 'Done'), ('offered', 'Waiting for an answer'), ('accepted', 'Accepted'), ('handed_back', 'Handed back'), ('withdrawn', 'Taken back')], max_length=12)),
                    ('from_level', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Ind'), (2, 'Sys'), (3, 'Macro')], null=True)),
                    ('to_level', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Ind'), (2, 'Sys'), (3, 'Macro')], null=True)),
                    ('from_owner', models.CharField(blank=True, choices=[('team', 'Team'), ('lship', 'L’ship'), ('govt', 'Govt')], max_length=6)),
                    ('to_owner', models.CharField(blank=True, choices=[('team', 'Team'), ('lship', 'L’ship'), ('govt', 'Govt')], max_length=6)),
                    ('from_team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.team')),
                    ('to_team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves_in', to='cycles.team')),
                    ('why', models.TextField(max_length=4000, verbose_name='what stopped us changing it here?')),
                    ('asks', models.TextField(blank=True, max_length=1000, verbose_name='what are you asking them to decide?')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('answered_at', models.DateTimeField(blank=True, null=True)),
                    ('answer', models.TextField(blank=True, max_length=4000)),
                    ('waits', models.BooleanField(default=False, editable=False)),
                ],
                options={
                    'ordering': ['at', 'pk'],
                    'indexes': [models.Index(condition=models.Q(('state', 'offered')), fields=['to_team', 'at'], name='issue_offers_waiting'), models.Index(condition=models.Q(('waits', True)), fields=['at', 'id'], include=('to_team',), name='issue_moves_waiting')],
                    'constraints': [models.UniqueConstraint(models.F('issue'), condition=models.Q(('state', 'offered')), name='issue_one_offer_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('answered_by', None), ('state__in', ['done', 'offered'])), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), ('state__in', ['accepted', 'handed_back', 'withdrawn'])), _connector='OR'), name='issue_move_answered_by_someone'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'handed_back'), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='issue_handed_back_with_why')],
                },
            ), migrations.CreateModel(
                name='Decision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='issues.issue')),
                    ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='cycles.team')),
                    ('move', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='issues.issuemove')),
                    ('outcome', models.CharField(choices=[('agreed', 'Yes, we will change it'), ('try', 'Yes, as an experiment first'), ('not_now', 'Not now, because…'), ('as_is', 'It stays as it is, because…')], max_length=8)),
                    ('words', models.TextField(max_length=4000, verbose_name='what you decided, and why')),
                    ('new_normal', models.TextField(blank=True, max_length=4000, verbose_name='system change (new normal)')),
                    ('starts_on', models.DateField(blank=True, null=True)),
                    ('review_on', models.DateField(blank=True, null=True, verbose_name='look at it again on')),
                    ('decided_on', models.DateField(default=django.utils.timezone.localdate)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ],
                options={
                    'ordering': ['-decided_on', '-pk'],
                    'indexes': [models.Index(fields=['-decided_on', '-id'], name='decision_newest')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'agreed'), _negated=True), models.Q(('new_normal', ''), _negated=True), _connector='OR'), name='decision_agreed_names_new_normal')],
                },
            ), migrations.CreateModel(
                name='IssueQuestion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='issues.issue')),
                    ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.team')),
                    ('text', models.TextField(max_length=2000, verbose_name='what do you need to know?')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('answer', models.TextField(blank=True, max_length=4000)),
                    ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('answered_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'ordering': ['at', 'pk'],
                    'constraints': [models.UniqueConstraint(models.F('issue'), models.F('team'), condition=models.Q(('answered_at', None)), name='issue_question_one_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None), ('answered_by', None)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='issue_question_answered_by_someone')],
                },
            ), migrations.CreateModel(
                name='IssueStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='issues.issue')),
                    ('what', models.CharField(choices=[('raised', 'Raised'), ('seen', 'Seen again'), ('level', 'Level or owner set'), ('offered', 'Raised to a group'), ('accepted', 'Taken on'), ('handed_back', 'Handed back'), ('withdrawn', 'Offer taken back'), ('countermeasure', 'Countermeasure (now)'), ('system_change', 'System change'), ('decided', 'Decided'), ('closed', 'Closed'), ('reopened', 'Open again'), ('edited', 'Reworded'), ('asked', 'A question came back'), ('replied', 'Question answered'), ('split', 'A part was split off'), ('pledged', 'A member fixes something now'), ('pledge_told', 'What became of a pledge'), ('recommended', 'Recommended to commissioners'), ('advised', 'Commissioners answered'), ('received', 'Seen by those who can act'), ('gathered', 'Gathered under a pattern'), ('ungathered', 'Taken out of a pattern'), ('looked_at', 'Countermeasure looked at'), ('not_better', 'No better in the work'), ('shown_outside', 'Shown to a body outside'), ('said_outside', 'A reply from outside')], max_length=14)),
                    ('words', models.TextField(blank=True, max_length=4000)),
                    ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.team')),
                    ('move', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='issues.issuemove')),
                    ('state', models.CharField(blank=True, help_text="The response's state after this step", max_length=12)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ],
                options={
                    'ordering': ['at', 'pk'],
                    'indexes': [models.Index(fields=['issue', 'at'], name='issue_step_of_issue')],
                },
            ), migrations.CreateModel(
                name='Meeting',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.place')),
                    ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='cycles.team')),
                    ('kind', models.CharField(choices=[('formal', 'A meeting: what waits, what we decide'), ('learning', 'A learning session: walk through stories together')], default='formal', max_length=8)),
                    ('on', models.DateField()),
                    ('begins_at', models.TimeField(blank=True, null=True)),
                    ('length', models.PositiveSmallIntegerField(default=60, verbose_name='how many minutes')),
                    ('where', models.CharField(blank=True, max_length=200)),
                    ('state', models.CharField(choices=[('planned', 'Coming'), ('live', 'Going on now'), ('held', 'Held'), ('off', 'Called off')], default='planned', max_length=8)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('started_at', models.DateTimeField(blank=True, null=True)),
                    ('ended_at', models.DateTimeField(blank=True, null=True)),
                    ('also_there', models.CharField(blank=True, max_length=300, verbose_name='who else was there')),
                    ('off_why', models.CharField(blank=True, max_length=500, verbose_name='why it was called off')),
                    ('minutes', models.JSONField(blank=True, default=dict, help_text='As they stood when the meeting ended')),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('is_demo', models.BooleanField(default=False)),
                ],
                options={
                    'ordering': ['-on', '-pk'],
                    'indexes': [models.Index(fields=['team', '-on', '-id'], name='meeting_of_team')],
                    'constraints': [models.UniqueConstraint(models.F('team'), models.F('on'), condition=models.Q(('state', 'off'), _negated=True), name='meeting_one_a_day'), models.UniqueConstraint(models.F('team'), condition=models.Q(('state', 'live')), name='meeting_one_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state', 'held')), models.Q(models.Q(('state', 'held'), _negated=True), ('ended_at', None)), _connector='OR'), name='meeting_held_has_ended')],
                },
            ), migrations.CreateModel(
                name='Correction',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='issues.meeting')),
                    ('text', models.TextField(max_length=2000)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ],
                options={
                    'ordering': ['at', 'pk'],
                },
            ), migrations.CreateModel(
                name='AgendaItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='issues.meeting')),
                    ('kind', models.CharField(choices=[('changed', 'What changed since last time'), ('story', 'A story'), ('issue', 'An issue'), ('case', 'A person’s case'), ('promise', 'A promise that is due'), ('pledge', 'What members said they would fix'), ('advice', 'A recommendation to commissioners'), ('summary', 'A summary'), ('topic', 'Something to talk about'), ('reflect', 'Time to reflect')], max_length=8)),
                    ('title', models.CharField(max_length=300)),
                    ('length', models.PositiveSmallIntegerField(default=10, verbose_name='how many minutes')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('issue', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='agenda_items', to='issues.issue')),
                    ('forum_case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='agenda_items', to='issues.forumcase')),
                    ('subject_ref', models.BigIntegerField(blank=True, help_text='A promise or a summary, by number alone: they live on a floor above', null=True)),
                    ('from_item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='carried_to', to='issues.agendaitem')),
                    ('outcome', models.CharField(blank=True, choices=[('', 'Not talked about yet'), ('talked', 'Talked about'), ('decided', 'Decided'), ('deferred', 'Put off, because…')], default='', max_length=8)),
                    ('words', models.TextField(blank=True, max_length=4000, verbose_name='what was said')),
                    ('sealed', hls.sealed.SealedText(blank=True, null=True)),
                    ('settled_at', models.DateTimeField(blank=True, null=True)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
                options={
                    'ordering': ['position', 'pk'],
                    'constraints': [models.UniqueConstraint(models.F('meeting'), models.F('issue'), name='agenda_issue_once'), models.UniqueConstraint(models.F('meeting'), models.F('forum_case'), name='agenda_case_once'), models.UniqueConstraint(models.F('meeting'), models.F('kind'), models.F('subject_ref'), name='agenda_subject_once'), models.CheckConstraint(condition=models.Q(models.Q(('issue__isnull', False), ('kind', 'issue')), models.Q(('forum_case__isnull', False), ('kind', 'case')), models.Q(('kind__in', ['promise', 'summary']), ('subject_ref__isnull', False)), models.Q(models.Q(('kind__in', ['issue', 'case', 'promise', 'summary']), _negated=True), ('forum_case', None), ('issue', None)), _connector='OR'), name='agenda_item_names_its_subject'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'deferred'), _negated=True), models.Q(('words', ''), _negated=True), _connector='OR'), name='agenda_put_off_with_why'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('settled_at', None)), models.Q(models.Q(('outcome', ''), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='agenda_settled_at_a_moment')],
                },
            ), migrations.CreateModel(
                name='Naming',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='namings', to='issues.comment')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(models.F('comment'), models.F('user'), name='naming_once')],
                },
            ), migrations.CreateModel(
                name='OutsideLink',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.place')),
                    ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='issues.dossier')),
                    ('to_whom', models.CharField(max_length=120, verbose_name='who is it for?')),
                    ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('expires_at', models.DateTimeField()),
                    ('revoked_at', models.DateTimeField(blank=True, null=True)),
                    ('first_read_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'ordering': ['-made_at', '-pk'],
                    'indexes': [models.Index(fields=['place', 'expires_at'], name='outside_link_live')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='outside_link_ends_after_it_begins')],
                },
            ), migrations.CreateModel(
                name='Paper',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('meeting', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='paper', to='issues.meeting')),
                    ('wanted', models.PositiveIntegerField(default=1, help_text='One more with each correction')),
                    ('drawn', models.PositiveIntegerField(default=0)),
                    ('pdf', models.BinaryField(blank=True, null=True)),
                    ('pages', models.PositiveSmallIntegerField(default=0)),
                    ('claimed_until', models.DateTimeField(blank=True, null=True)),
                    ('tries', models.PositiveSmallIntegerField(default=0)),
                ],
            ), migrations.CreateModel(
                name='Pattern',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('issue', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='pattern', to='issues.issue')),
                    ('underneath', models.TextField(blank=True, max_length=4000, verbose_name='what do you think is underneath?')),
                ],
            ), migrations.CreateModel(
                name='PlanVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('forum_case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='plans', to='issues.forumcase')),
                    ('number', models.PositiveSmallIntegerField()),
                    ('text', models.TextField(max_length=8000, verbose_name='the plan')),
                    ('changed', models.TextField(blank=True, max_length=2000, verbose_name='what changed, and why')),
                    ('look_again_on', models.DateField(blank=True, null=True)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('on', models.DateField(default=django.utils.timezone.localdate)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ],
                options={
                    'ordering': ['-number'],
                    'constraints': [models.UniqueConstraint(models.F('forum_case'), models.F('number'), name='plan_version_once')],
                },
            ), migrations.CreateModel(
                name='Pledge',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.place')),
                    ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pledges', to='cycles.team')),
                    ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pledges', to='cycles.agency')),
                    ('issue', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='pledges', to='issues.issue')),
                    ('forum_case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='pledges', to='issues.forumcase')),
                    ('text', models.TextField(max_length=2000, verbose_name='what will you fix?')),
                    ('made_on', models.DateField(default=django.utils.timezone.localdate)),
                    ('due_on', models.DateField()),
                    ('state', models.CharField(choices=[('pledged', 'Pledged'), ('done', 'Done'), ('not_done', 'Not done')], default='pledged', max_length=8)),
                    ('became', models.TextField(blank=True, max_length=2000, verbose_name='what became of it')),
                    ('answered_on', models.DateField(blank=True, null=True)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('is_demo', models.BooleanField(default=False)),
                ],
                options={
                    'ordering': ['due_on', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('forum_case__isnull', False), ('issue', None)), models.Q(('forum_case', None), ('issue__isnull', False)), _connector='OR'), name='pledge_about_one_thing'), models.CheckConstraint(condition=models.Q(models.Q(('answered_on', None), ('state', 'pledged')), models.Q(models.Q(('state', 'pledged'), _negated=True), ('answered_on__isnull', False)), _connector='OR'), name='pledge_answered_on_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'not_done'), _negated=True), models.Q(('became', ''), _negated=True), _connector='OR'), name='pledge_not_done_says_why')],
                },
            ), migrations.CreateModel(
                name='Recommendation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.place')),
                    ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recommendations', to='cycles.team')),
                    ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recommendations', to='issues.issue')),
                    ('to', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.agency', verbose_name='to whom')),
                    ('text', models.TextField(max_length=4000, verbose_name='what do you recommend?')),
                    ('why', models.TextField(max_length=4000, verbose_name='why can nobody here change it?')),
                    ('sent_on', models.DateField(default=django.utils.timezone.localdate)),
                    ('answer_by_on', models.DateField(blank=True, null=True, verbose_name='when do you hope for an answer?')),
                    ('says', models.CharField(blank=True, choices=[('yes', 'Yes'), ('partly', 'Yes, in part'), ('later', 'Not now, because…'), ('no', 'No, because…')], max_length=6)),
                    ('answer', models.TextField(blank=True, max_length=4000)),
                    ('answered_on', models.DateField(blank=True, null=True)),
                    ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('is_demo', models.BooleanField(default=False)),
                ],
                options={
                    'ordering': ['-sent_on', '-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_by', None), ('answered_on', None), ('says', '')), models.Q(models.Q(('answer', ''), _negated=True), models.Q(('says', ''), _negated=True), ('answered_by__isnull', False), ('answered_on__isnull', False)), _connector='OR'), name='recommendation_answered_by_someone')],
                },
            ), migrations.CreateModel(
                name='Response',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='responses', to='issues.issue')),
                    ('kind', models.CharField(choices=[('countermeasure', 'Countermeasure (now)'), ('system_change', 'System change (new normal)')], max_length=14)),
                    ('text', models.TextField(max_length=4000)),
                    ('leaves_behind', models.TextField(blank=True, help_text='So that a way round is not taken for a fix', max_length=2000, verbose_name='what it leaves behind')),
                    ('state', models.CharField(choices=[('trying', 'Being tried'), ('in_place', 'In place'), ('not_needed', 'No longer needed'), ('working_out', 'Being worked out'), ('with_group', 'With a group'), ('agreed', 'Agreed')], max_length=12)),
                    ('starts_on', models.DateField(blank=True, null=True)),
                    ('in_place_on', models.DateField(blank=True, null=True)),
                    ('owner', models.ForeignKey(blank=True, help_text='The team or group that keeps it going, or works it out: never one person', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.team')),
                    ('review_on', models.DateField(blank=True, null=True, verbose_name='look at it again on')),
                    ('working', models.CharField(blank=True, choices=[('yes', 'Yes'), ('partly', 'Partly'), ('no', 'No')], db_default='', editable=False, help_text='As the latest look at it says', max_length=6, verbose_name='is it working?')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('kind', 'system_change'), ('state', 'in_place')), fields=['in_place_on', 'issue'], name='response_new_normals')],
                    'constraints': [models.UniqueConstraint(models.F('issue'), models.F('kind'), name='response_one_of_each_kind'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'countermeasure'), ('state__in', ['trying', 'in_place', 'not_needed'])), models.Q(('kind', 'system_change'), ('state__in', ['working_out', 'with_group', 'agreed', 'in_place'])), _connector='OR'), name='response_state_fits_kind'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'in_place'), _negated=True), ('in_place_on__isnull', False), _connector='OR'), name='response_in_place_since_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'with_group'), _negated=True), ('owner__isnull', False), _connector='OR'), name='response_with_a_named_group')],
                },
            ), migrations.CreateModel(
                name='ResponseVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('response', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='issues.response')),
                    ('text', models.TextField(max_length=4000)),
                    ('leaves_behind', models.TextField(blank=True, max_length=2000)),
                    ('state', models.CharField(choices=[('trying', 'Being tried'), ('in_place', 'In place'), ('not_needed', 'No longer needed'), ('working_out', 'Being worked out'), ('with_group', 'With a group'), ('agreed', 'Agreed')], max_length=12)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['-at', '-pk'],
                },
            ), migrations.CreateModel(
                name='Rhythm',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('team', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='rhythm', to='cycles.team')),
                    ('every', models.CharField(choices=[('week', 'Every week'), ('fortnight', 'Every two weeks'), ('four_weeks', 'Every four weeks'), ('quarter', 'Every twelve weeks'), ('asked', 'When someone asks')], default='asked', max_length=10)),
                    ('begins_at', models.TimeField(blank=True, null=True)),
                    ('length', models.PositiveSmallIntegerField(default=60, verbose_name='how many minutes')),
                    ('where', models.CharField(blank=True, max_length=200)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
            ), migrations.CreateModel(
                name='RiskMark',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('forum_case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='risks', to='issues.forumcase')),
                    ('name', models.CharField(max_length=60)),
                    ('before', models.CharField(blank=True, choices=[('++', '++ high'), ('+', '+ some'), ('-', '− none'), ('', 'Not said')], max_length=2)),
                    ('now', models.CharField(blank=True, choices=[('++', '++ high'), ('+', '+ some'), ('-', '− none'), ('', 'Not said')], max_length=2)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('on', models.DateField(default=django.utils.timezone.localdate)),
                ],
                options={
                    'ordering': ['pk'],
                },
            ), migrations.CreateModel(
                name='SavedView',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.place')),
                    ('name', models.CharField(max_length=60, verbose_name='what do you call it?')),
                    ('asked', models.JSONField(default=dict, help_text='The filters and the words searched for, cleaned')),
                    ('reach', models.CharField(choices=[('me', 'Just me'), ('team', 'My team'), ('place', 'Everyone in this place')], default='me', max_length=5, verbose_name='who may open it?')),
                    ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.team')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
                options={
                    'ordering': ['name', 'pk'],
                    'indexes': [models.Index(fields=['by', 'name'], name='saved_view_of_person'), models.Index(fields=['place', 'reach', 'name'], name='saved_view_shared')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('reach', 'team'), ('team__isnull', False)), models.Q(models.Q(('reach', 'team'), _negated=True), ('team', None)), _connector='OR'), name='saved_view_team_where_it_is_the_teams')],
                },
            ), migrations.CreateModel(
                name='Seat',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='issues.meeting')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('was_there', models.BooleanField(null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['user', 'meeting'], name='seats_of_person')],
                    'constraints': [models.UniqueConstraint(models.F('meeting'), models.F('user'), name='seat_once')],
                },
            ), migrations.CreateModel(
                name='Sighting',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sightings', to='issues.issue')),
                    ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.team')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sightings', to=settings.AUTH_USER_MODEL)),
                    ('on', models.DateField(default=django.utils.timezone.localdate)),
                    ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cycles.case')),
                    ('words', models.TextField(blank=True, max_length=4000)),
                    ('quote', models.TextField(blank=True, max_length=1000, verbose_name='a quote to share, with names taken out')),
                    ('quote_released_on', models.DateField(blank=True, null=True)),
                    ('occasion_ref', models.BigIntegerField(blank=True, help_text='The debrief it was seen in, by number alone: the log knows no debriefs', null=True)),
                    ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ],
                options={
                    'ordering': ['on', 'pk'],
                    'indexes': [models.Index(fields=['by', '-on'], name='sighting_of_person'), models.Index(fields=['by', 'issue'], name='sighting_of_person_in'), models.Index(condition=models.Q(('quote', ''), _negated=True), fields=['-quote_released_on', '-id'], name='sighting_quotes')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('quote', ''), ('quote_released_on__isnull', False), _connector='OR'), name='sighting_quote_released_on_a_day')],
                },
            ), migrations.CreateModel(
                name='Split',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='splits', to='issues.issue')),
                    ('part', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='split_from', to='issues.issue')),
                    ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.team')),
                    ('why', models.TextField(blank=True, max_length=4000)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ],
                options={
                    'ordering': ['at', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('issue', models.F('part')), _negated=True), name='split_is_not_itself')],
                },
            ), migrations.CreateModel(
                name='StandingItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='standing_items', to='cycles.team')),
                    ('kind', models.CharField(choices=[('changed', 'What changed since last time'), ('story', 'A story'), ('topic', 'Something to talk about'), ('reflect', 'Time to reflect')], default='topic', max_length=8)),
                    ('text', models.CharField(max_length=200)),
                    ('length', models.PositiveSmallIntegerField(default=10, verbose_name='how many minutes')),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['position', 'pk'],
                },
            ), migrations.CreateModel(
                name='Try',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tries', to='issues.issue')),
                    ('experiment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tries', to='cycles.experiment')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ],
                options={
                    'verbose_name_plural': 'tries',
                    'ordering': ['-at', '-pk'],
                    'constraints': [models.UniqueConstraint(models.F('issue'), models.F('experiment'), name='try_once')],
                },
            ), migrations.CreateModel(
                name='Upkeep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('response', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='upkeep', to='issues.response')),
                    ('on', models.DateField(default=django.utils.timezone.localdate)),
                    ('working', models.CharField(blank=True, choices=[('yes', 'Yes'), ('partly', 'Partly'), ('no', 'No')], max_length=6, verbose_name='is it working?')),
                    ('hours', models.DecimalField(blank=True, decimal_places=1, max_digits=8, null=True)),
                    ('pounds', models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True)),
                    ('words', models.TextField(blank=True, max_length=2000)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ],
                options={
                    'ordering': ['on', 'pk'],
                    'indexes': [models.Index(fields=['response', 'on', 'id'], name='upkeep_of_response')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('hours', None), ('hours__gte', 0), _connector='OR'), models.Q(('pounds', None), ('pounds__gte', 0), _connector='OR')), name='upkeep_not_below_nothing'), models.CheckConstraint(condition=models.Q(('hours', None), ('pounds', None), ('words', ''), ('working', ''), _negated=True), name='upkeep_says_something')],
                },
            ), migrations.CreateModel(
                name='Upload',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.place')),
                    ('token', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                    ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.learningcycle')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('file_name', models.CharField(max_length=120)),
                    ('file_digest', models.CharField(max_length=64)),
                    ('understood', models.JSONField(default=dict)),
                    ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ('expires_at', models.DateTimeField(default=issues.sheets.models.kept_until)),
                ],
                options={
                    'indexes': [models.Index(fields=['expires_at'], name='upload_by_expiry')],
                },
            ), migrations.CreateModel(
                name='UploadedRow',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('upload', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='issues.upload')),
                    ('number', models.PositiveIntegerField()),
                    ('facts', models.JSONField()),
                    ('digest', models.CharField(max_length=64)),
                    ('is_wrong', models.BooleanField(default=False)),
                    ('asks', models.PositiveSmallIntegerField(default=0)),
                    ('answered', models.PositiveSmallIntegerField(default=0)),
                    ('answers', models.JSONField(default=dict)),
                    ('known_as', models.PositiveIntegerField(help_text='The number of the same issue, already in the log', null=True)),
                ],
                options={
                    'ordering': ['number'],
                    'constraints': [models.UniqueConstraint(models.F('upload'), models.F('number'), name='uploaded_row_once'), models.CheckConstraint(condition=models.Q(('answered__lte', models.F('asks'))), name='uploaded_row_answers_what_it_asks')],
                },
            ), migrations.CreateModel(
                name='WaitTally',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.place')),
                    ('held_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.team')),
                    ('week', models.DateField()),
                    ('n', models.IntegerField()),
                ],
                options={
                    'indexes': [models.Index(fields=['place', 'held_by'], name='wait_tally_of_place')],
                },
            ), migrations.CreateModel(
                name='Watch',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='watches', to='issues.issue')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('is_on', models.BooleanField(default=True)),
                ],
                options={
                    'verbose_name_plural': 'watches',
                    'constraints': [models.UniqueConstraint(models.F('issue'), models.F('user'), name='watch_once')],
                },
            ), migrations.CreateModel(
                name='Word',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.place')),
                    ('word', models.CharField(max_length=24)),
                    ('near', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), size=None)),
                    ('checked_on', models.DateField(default=django.utils.timezone.localdate)),
                ],
                options={
                    'indexes': [models.Index(fields=['place', 'word'], name='word_of_place'), models.Index(fields=['checked_on', 'id'], name='word_checked'), django.contrib.postgres.indexes.GinIndex(fields=['near'], name='word_near')],
                },
            ), pgtrigger.migrations.AddTrigger(
                model_name='commentversion',
                trigger=pgtrigger.compiler.Trigger(name='comment_version_never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='63066efe33f41eb5a30a2f1cae0343a5c0a65f81', operation='UPDATE', pgid='pgtrigger_comment_version_never_changed_6cb9e', table='issues_commentversion', when='BEFORE')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='forumcase',
                trigger=pgtrigger.compiler.Trigger(name='bringer_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agency_id" IS DISTINCT FROM (NEW."agency_id") OR OLD."brought_by_id" IS DISTINCT FROM (NEW."brought_by_id") OR OLD."case_id" IS DISTINCT FROM (NEW."case_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='7ed7dc9f07044ca54e9fc240ba94a5f3b1b6e35c', operation='UPDATE', pgid='pgtrigger_bringer_stays_f4892', table='issues_forumcase', when='BEFORE')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='issue',
                trigger=pgtrigger.compiler.Trigger(name='tally_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF NOT NEW.is_pattern THEN INSERT INTO issues_flowtally\n  (place_id, month, level, owner_tier, status, countermeasure_state, system_change_state, n)\n  VALUES (NEW.place_id, date_trunc('month', NEW.raised_on)::date, NEW.level, NEW.owner_tier, NEW.status,\n          NEW.countermeasure_state, NEW.system_change_state, 1); END IF;IF NEW.status = 'open' THEN INSERT INTO issues_waittally (place_id, held_by_id, week, n)\n  VALUES (NEW.place_id, NEW.held_by_id, date_trunc('week', NEW.held_since)::date, 1); END IF;RETURN NULL;", hash='bfea45300a5a2cbc4ed7842981edca09775bddcc', operation='INSERT', pgid='pgtrigger_tally_insert_ae7ca', table='issues_issue', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='issue',
                trigger=pgtrigger.compiler.Trigger(name='tally_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."countermeasure_state" IS DISTINCT FROM (NEW."countermeasure_state") OR OLD."held_by_id" IS DISTINCT FROM (NEW."held_by_id") OR OLD."held_since" IS DISTINCT FROM (NEW."held_since") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."owner_tier" IS DISTINCT FROM (NEW."owner_tier") OR OLD."place_id" IS DISTINCT FROM (NEW."place_id") OR OLD."raised_on" IS DISTINCT FROM (NEW."raised_on") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."system_change_state" IS DISTINCT FROM (NEW."system_change_state"))', func="IF NOT OLD.is_pattern THEN INSERT INTO issues_flowtally\n  (place_id, month, level, owner_tier, status, countermeasure_state, system_change_state, n)\n  VALUES (OLD.place_id, date_trunc('month', OLD.raised_on)::date, OLD.level, OLD.owner_tier, OLD.status,\n          OLD.countermeasure_state, OLD.system_change_state, -1); END IF;IF OLD.status = 'open' THEN INSERT INTO issues_waittally (place_id, held_by_id, week, n)\n  VALUES (OLD.place_id, OLD.held_by_id, date_trunc('week', OLD.held_since)::date, -1); END IF;IF NOT NEW.is_pattern THEN INSERT INTO issues_flowtally\n  (place_id, month, level, owner_tier, status, countermeasure_state, system_change_state, n)\n  VALUES (NEW.place_id, date_trunc('month', NEW.raised_on)::date, NEW.level, NEW.owner_tier, NEW.status,\n          NEW.countermeasure_state, NEW.system_change_state, 1); END IF;IF NEW.status = 'open' THEN INSERT INTO issues_waittally (place_id, held_by_id, week, n)\n  VALUES (NEW.place_id, NEW.held_by_id, date_trunc('week', NEW.held_since)::date, 1); END IF;RETURN NULL;", hash='51d58cbea503d99042b57fc6b7fcdf53e534c173', operation='UPDATE', pgid='pgtrigger_tally_update_a11fd', table='issues_issue', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='issue',
                trigger=pgtrigger.compiler.Trigger(name='tally_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF NOT OLD.is_pattern THEN INSERT INTO issues_flowtally\n  (place_id, month, level, owner_tier, status, countermeasure_state, system_change_state, n)\n  VALUES (OLD.place_id, date_trunc('month', OLD.raised_on)::date, OLD.level, OLD.owner_tier, OLD.status,\n          OLD.countermeasure_state, OLD.system_change_state, -1); END IF;IF OLD.status = 'open' THEN INSERT INTO issues_waittally (place_id, held_by_id, week, n)\n  VALUES (OLD.place_id, OLD.held_by_id, date_trunc('week', OLD.held_since)::date, -1); END IF;RETURN NULL;", hash='ec8a149c6499653d73f2f852fef8073559be4d21', operation='DELETE', pgid='pgtrigger_tally_delete_40bd1', table='issues_issue', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='issue',
                trigger=pgtrigger.compiler.Trigger(name='access_follows', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."countermeasure_state" IS DISTINCT FROM (NEW."countermeasure_state") OR OLD."held_by_id" IS DISTINCT FROM (NEW."held_by_id") OR OLD."is_barrier" IS DISTINCT FROM (NEW."is_barrier") OR OLD."is_leverage" IS DISTINCT FROM (NEW."is_leverage") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."owner_tier" IS DISTINCT FROM (NEW."owner_tier") OR OLD."raised_on" IS DISTINCT FROM (NEW."raised_on") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."system_change_state" IS DISTINCT FROM (NEW."system_change_state") OR OLD."updated_at" IS DISTINCT FROM (NEW."updated_at"))', func='UPDATE issues_issueaccess SET status = NEW.status, level = NEW.level, owner_tier = NEW.owner_tier, countermeasure_state = NEW.countermeasure_state, system_change_state = NEW.system_change_state, is_barrier = NEW.is_barrier, is_leverage = NEW.is_leverage, updated_at = NEW.updated_at, raised_on = NEW.raised_on, number = NEW.number,\n  is_holder = (team_id = NEW.held_by_id) WHERE issue_id = NEW.id; RETURN NULL;', hash='2e8965c8772b5818236dd0aacf4bd61a44c4e1ae', operation='UPDATE', pgid='pgtrigger_access_follows_99f3c', table='issues_issue', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='issue',
                trigger=pgtrigger.compiler.Trigger(name='moves_wait', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."held_by_id" IS DISTINCT FROM (NEW."held_by_id") OR OLD."status" IS DISTINCT FROM (NEW."status"))', func="UPDATE issues_issuemove SET waits = waits\n  WHERE issue_id = NEW.id AND state IN ('offered', 'accepted'); RETURN NULL;", hash='30716ef42b2ac3c535434b584e910889c37c70b1', operation='UPDATE', pgid='pgtrigger_moves_wait_d741e', table='issues_issue', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='issue',
                trigger=pgtrigger.compiler.Trigger(name='words_learned', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO issues_word (place_id, word, near, checked_on)\n  SELECT NEW.place_id, w, ARRAY(SELECT w\n  UNION SELECT left(w, i - 1) || substr(w, i + 1) FROM generate_series(1, length(w)) i\n  UNION SELECT left(w, i - 1) || substr(w, i + 1, j - i - 1) || substr(w, j + 1)\n    FROM generate_series(1, length(w)) i, generate_series(i + 1, length(w)) j WHERE length(w) >= 7), current_date\n  FROM (SELECT DISTINCT regexp_split_to_table(lower(NEW.description || ' ' || NEW.what_they_face || ' ' || NEW.who_affected), '[^a-zà-öø-ɏ]+') AS w) said\n  WHERE length(w) BETWEEN 4 AND 24 AND to_tsvector('english', w) <> '' AND NOT EXISTS (SELECT FROM issues_word v WHERE v.place_id = NEW.place_id AND v.word = w);\nRETURN NULL;", hash='9085f49bcb767f34a84f27276a82014dcdacdb42', operation='INSERT', pgid='pgtrigger_words_learned_9d36a', table='issues_issue', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='issue',
                trigger=pgtrigger.compiler.Trigger(name='words_learned_anew', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."what_they_face" IS DISTINCT FROM (NEW."what_they_face") OR OLD."who_affected" IS DISTINCT FROM (NEW."who_affected"))', func="INSERT INTO issues_word (place_id, word, near, checked_on)\n  SELECT NEW.place_id, w, ARRAY(SELECT w\n  UNION SELECT left(w, i - 1) || substr(w, i + 1) FROM generate_series(1, length(w)) i\n  UNION SELECT left(w, i - 1) || substr(w, i + 1, j - i - 1) || substr(w, j + 1)\n    FROM generate_series(1, length(w)) i, generate_series(i + 1, length(w)) j WHERE length(w) >= 7), current_date\n  FROM (SELECT DISTINCT regexp_split_to_table(lower(NEW.description || ' ' || NEW.what_they_face || ' ' || NEW.who_affected), '[^a-zà-öø-ɏ]+') AS w) said\n  WHERE length(w) BETWEEN 4 AND 24 AND to_tsvector('english', w) <> '' AND NOT EXISTS (SELECT FROM issues_word v WHERE v.place_id = NEW.place_id AND v.word = w);\nRETURN NULL;", hash='fe4d63ec0e5dce7ec72337ab1a81a81e6b10d611', operation='UPDATE', pgid='pgtrigger_words_learned_anew_56a2e', table='issues_issue', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='issue',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "issues_issueevent" ("countermeasure_state", "cycle_id", "held_by_id", "level", "owner_agency_id", "owner_tier", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "status", "system_change_state", "team_id") VALUES (NEW."countermeasure_state", NEW."cycle_id", NEW."held_by_id", NEW."level", NEW."owner_agency_id", NEW."owner_tier", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place_id", NEW."status", NEW."system_change_state", NEW."team_id"); RETURN NULL;', hash='ea3ccf9bad216d913a8a9995ac1b6eb2c5eb470f', operation='INSERT', pgid='pgtrigger_insert_insert_8fbe2', table='issues_issue', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='issue',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."countermeasure_state" IS DISTINCT FROM (NEW."countermeasure_state") OR OLD."cycle_id" IS DISTINCT FROM (NEW."cycle_id") OR OLD."held_by_id" IS DISTINCT FROM (NEW."held_by_id") OR OLD."level" IS DISTINCT FROM (NEW."level") OR OLD."owner_agency_id" IS DISTINCT FROM (NEW."owner_agency_id") OR OLD."owner_tier" IS DISTINCT FROM (NEW."owner_tier") OR OLD."place_id" IS DISTINCT FROM (NEW."place_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."system_change_state" IS DISTINCT FROM (NEW."system_change_state") OR OLD."team_id" IS DISTINCT FROM (NEW."team_id"))', func='INSERT INTO "issues_issueevent" ("countermeasure_state", "cycle_id", "held_by_id", "level", "owner_agency_id", "owner_tier", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "status", "system_change_state", "team_id") VALUES (NEW."countermeasure_state", NEW."cycle_id", NEW."held_by_id", NEW."level", NEW."owner_agency_id", NEW."owner_tier", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place_id", NEW."status", NEW."system_change_state", NEW."team_id"); RETURN NULL;', hash='f04b433c58cc4c7e11de68707990d7423be049fe', operation='UPDATE', pgid='pgtrigger_update_update_c95b6', table='issues_issue', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='gathering',
                trigger=pgtrigger.compiler.Trigger(name='gathering_fits', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF NOT EXISTS (SELECT FROM issues_issue p JOIN issues_issue i ON i.place_id = p.place_id\n    WHERE p.id = NEW.pattern_id AND i.id = NEW.issue_id AND p.is_pattern AND NOT i.is_pattern) THEN\n  RAISE EXCEPTION 'A pattern gathers issues of its own place.' USING ERRCODE = 'check_violation';\nEND IF; RETURN NEW;", hash='f709f6d5069302ca6d09bebd0cc1c951f01e0165', operation='INSERT', pgid='pgtrigger_gathering_fits_9b042', table='issues_gathering', when='BEFORE')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='issueaccess',
                trigger=pgtrigger.compiler.Trigger(name='access_from_issue', sql=pgtrigger.compiler.UpsertTriggerSql(func="SELECT i.status, i.level, i.owner_tier, i.countermeasure_state, i.system_change_state, i.is_barrier, i.is_leverage, i.updated_at, i.raised_on, i.number, i.held_by_id = NEW.team_id\n  INTO NEW.status, NEW.level, NEW.owner_tier, NEW.countermeasure_state, NEW.system_change_state, NEW.is_barrier, NEW.is_leverage, NEW.updated_at, NEW.raised_on, NEW.number, NEW.is_holder FROM issues_issue i WHERE i.id = NEW.issue_id;\n  SELECT CASE r.state WHEN 'in_place' THEN r.in_place_on WHEN 'agreed' THEN r.starts_on END INTO NEW.changes_on FROM issues_response r\n    WHERE r.issue_id = NEW.issue_id AND r.kind = 'system_change';\n  RETURN NEW;", hash='cb96024d6421d4c28dbaad613163c9031222024e', operation='INSERT', pgid='pgtrigger_access_from_issue_9b96f', table='issues_issueaccess', when='BEFORE')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='issueevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='956899a87abfc800b2eb7518766de39d32d2783b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_846e6', table='issues_issueevent', when='BEFORE')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='issuemove',
                trigger=pgtrigger.compiler.Trigger(name='waits_for_its_group', sql=pgtrigger.compiler.UpsertTriggerSql(func="SELECT i.status = 'open' AND (NEW.state = 'offered'\n    OR NEW.state = 'accepted' AND i.held_by_id = NEW.to_team_id\n      AND NOT EXISTS (SELECT FROM issues_decision d WHERE d.move_id = NEW.id))\n  INTO NEW.waits FROM issues_issue i WHERE i.id = NEW.issue_id; RETURN NEW;", hash='c133f86b0bff2ec813d2055d2dfc7291cc63bbe8', operation='INSERT OR UPDATE', pgid='pgtrigger_waits_for_its_group_f17c7', table='issues_issuemove', when='BEFORE')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='decision',
                trigger=pgtrigger.compiler.Trigger(name='moves_wait_no_more', sql=pgtrigger.compiler.UpsertTriggerSql(func='UPDATE issues_issuemove SET waits = waits WHERE id IN (NEW.move_id, OLD.move_id); RETURN NULL;', hash='52ed3e0d8970cbc6471744b10d59f4d74b459837', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_moves_wait_no_more_17cd2', table='issues_decision', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='meeting',
                trigger=pgtrigger.compiler.Trigger(name='minutes_stand', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.state = 'held')", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='a7a97d82bd11f73b0770acfb2fab45958882fada', operation='UPDATE', pgid='pgtrigger_minutes_stand_4436c', table='issues_meeting', when='BEFORE')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='correction',
                trigger=pgtrigger.compiler.Trigger(name='correction_never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='dc4c536a35e23bf43f020992b43161e747308a52', operation='UPDATE', pgid='pgtrigger_correction_never_changed_e5a08', table='issues_correction', when='BEFORE')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='agendaitem',
                trigger=pgtrigger.compiler.Trigger(name='stands_with_its_meeting', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF (TG_OP = 'INSERT' OR (to_jsonb(NEW) - 'sealed') IS DISTINCT FROM (to_jsonb(OLD) - 'sealed'))\nAND (SELECT state FROM issues_meeting WHERE id = NEW.meeting_id) = 'held'\nTHEN RAISE EXCEPTION 'the minutes of a meeting that was held are never rewritten'; END IF;\nRETURN NEW;", hash='838ab902a73e1852e5da929542b2bfb38fd6c85d', operation='INSERT OR UPDATE', pgid='pgtrigger_stands_with_its_meeting_dd85f', table='issues_agendaitem', when='BEFORE')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='planversion',
                trigger=pgtrigger.compiler.Trigger(name='plan_version_never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='b9439544a14bbb4c36faf5ca147ccc427ceb0968', operation='UPDATE', pgid='pgtrigger_plan_version_never_changed_507fc', table='issues_planversion', when='BEFORE')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='response',
                trigger=pgtrigger.compiler.Trigger(name='access_follows', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF NEW.kind = 'system_change' THEN\n    UPDATE issues_issueaccess SET changes_on = CASE NEW.state WHEN 'in_place' THEN NEW.in_place_on WHEN 'agreed' THEN NEW.starts_on END WHERE issue_id = NEW.issue_id;\n  END IF; RETURN NULL;", hash='b217b52a4a3a960e96f2adef47f6473816491651', operation='INSERT OR UPDATE', pgid='pgtrigger_access_follows_d16b0', table='issues_response', when='AFTER')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='riskmark',
                trigger=pgtrigger.compiler.Trigger(name='risk_mark_never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='8f04427bb22c67fdd363691aa064a43240d16688', operation='UPDATE', pgid='pgtrigger_risk_mark_never_changed_74f56', table='issues_riskmark', when='BEFORE')),
            ), pgtrigger.migrations.AddTrigger(
                model_name='upkeep',
                trigger=pgtrigger.compiler.Trigger(name='upkeep_never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='f246a6bf8c55e577221948f07005e23a67d7c0f9', operation='UPDATE', pgid='pgtrigger_upkeep_never_changed_5e6bd', table='issues_upkeep', when='BEFORE')),
            )],
        ),
    ]
