import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


def fill(apps, schema_editor):
    Answer = apps.get_model('cycles', 'Answer')
    question = apps.get_model('cycles', 'Question').objects.filter(pk=models.OuterRef('question'))
    rows = Answer.objects.using(schema_editor.connection.alias)
    rows.update(asked=models.Subquery(question.values('text')[:1]))
    rows.filter(text='', example='').update(is_unknown=True)
    for pk in rows.values_list('pk', flat=True):
        rows.filter(pk=pk).update(client_id=uuid.uuid4())
    # Else the checks that these rows still owe would stand in the way of the changes to the table below.
    schema_editor.execute('SET CONSTRAINTS ALL IMMEDIATE')


class Migration(migrations.Migration):

    dependencies = [
        ('cycles', '0003_system_maps'),
    ]

    operations = [
        migrations.CreateModel(
            name='QuestionWording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(blank=True, max_length=300)),
                ('is_asked', models.BooleanField(default=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Remark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('text', models.TextField(max_length=4000)),
                ('said_by', models.CharField(blank=True, max_length=120, verbose_name='whose words')),
                ('on', models.DateField(default=django.utils.timezone.localdate)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('is_demo', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Rhythm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('set', models.CharField(max_length=40)),
                ('every', models.CharField(choices=[('fortnight', 'Every two weeks'), ('month', 'Each month'), ('quarter', 'Each quarter'), ('half_year', 'Twice a year'), ('never', 'Only when we choose to')], max_length=10)),
            ],
        ),
        migrations.AddField(
            model_name='answer',
            name='asked',
            field=models.CharField(default='', max_length=300, verbose_name='the question as it was worded then'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='answer',
            name='at',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.AddField(
            model_name='answer',
            name='client_id',
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='answer',
            name='experiment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='cycles.experiment'),
        ),
        migrations.AddField(
            model_name='answer',
            name='is_demo',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='answer',
            name='is_unknown',
            field=models.BooleanField(default=False, verbose_name='we don’t know'),
        ),
        migrations.AddField(
            model_name='answer',
            name='team',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='cycles.team'),
        ),
        migrations.AddField(
            model_name='question',
            name='place',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.place'),
        ),
        migrations.AlterField(
            model_name='answer',
            name='cycle',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='cycles.learningcycle'),
        ),
        migrations.AlterField(
            model_name='answer',
            name='text',
            field=models.TextField(blank=True, max_length=8000),
        ),
        # Each answer from before keeps the words its question had, and gets an id of its own.
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='answer',
            name='client_id',
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AddIndex(
            model_name='answer',
            index=models.Index(models.F('cycle'), models.F('question'), models.OrderBy(models.F('on'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('cycle__isnull', False)), name='answer_cycle'),
        ),
        migrations.AddIndex(
            model_name='answer',
            index=models.Index(models.F('experiment'), models.F('question'), models.OrderBy(models.F('on'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('experiment__isnull', False)), name='answer_experiment'),
        ),
        migrations.AddIndex(
            model_name='answer',
            index=models.Index(models.F('team'), models.F('question'), models.OrderBy(models.F('on'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('team__isnull', False)), name='answer_team'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='answer',
            trigger=pgtrigger.compiler.Trigger(name='answer_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='4ec11afd5c31c7c7068f077a88b8d1cdb142feaf', operation='UPDATE', pgid='pgtrigger_answer_append_only_c1e59', table='cycles_answer', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cycle__isnull', False), ('experiment', None), ('team', None)), models.Q(('cycle', None), ('experiment__isnull', False), ('team', None)), models.Q(('cycle', None), ('experiment', None), ('team__isnull', False)), _connector='OR'), name='answer_hangs_on_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), models.Q(('example', ''), _negated=True), ('is_unknown', True), _connector='OR'), name='answer_says_something'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('place', None), models.Q(('key__startswith', 'own.'), _negated=True)), models.Q(('key__startswith', 'own.'), ('place__isnull', False)), _connector='OR'), name='question_of_a_place_has_its_own_key'),
        ),
        migrations.AddField(
            model_name='questionwording',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='questionwording',
            name='place',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.place'),
        ),
        migrations.AddField(
            model_name='questionwording',
            name='question',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wordings', to='cycles.question'),
        ),
        migrations.AddField(
            model_name='remark',
            name='answer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='remarks', to='cycles.answer'),
        ),
        migrations.AddField(
            model_name='remark',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rhythm',
            name='cycle',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rhythms', to='cycles.learningcycle'),
        ),
        migrations.AddIndex(
            model_name='questionwording',
            index=models.Index(models.F('place'), models.F('question'), models.OrderBy(models.F('id'), descending=True), name='wording_newest'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='questionwording',
            trigger=pgtrigger.compiler.Trigger(name='wording_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='e6517e683bb96f0a9357cc14340547bf3a4b2ca1', operation='UPDATE', pgid='pgtrigger_wording_append_only_e90af', table='cycles_questionwording', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='remark',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='remark_says_something'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='remark',
            trigger=pgtrigger.compiler.Trigger(name='remark_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='98467462506d69fce43be68ebfffe24bd8d04ec4', operation='UPDATE', pgid='pgtrigger_remark_append_only_cab27', table='cycles_remark', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='rhythm',
            constraint=models.UniqueConstraint(models.F('cycle'), models.F('set'), name='rhythm_once_for_a_set'),
        ),
    ]
