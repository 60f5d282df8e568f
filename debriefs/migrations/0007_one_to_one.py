import django.db.models.deletion
import django.utils.timezone
import hls.sealed
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cycles', '0012_telling'),
        ('debriefs', '0006_several_feed_a_lesson'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OneToOne',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('on', models.DateField(default=django.utils.timezone.localdate)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.place')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.team')),
            ],
            options={
                'ordering': ['-on', '-created_at'],
            },
        ),
        migrations.CreateModel(
            name='WelfareNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', hls.sealed.SealedText(default='')),
                ('other_words', hls.sealed.SealedText(default='', help_text='Typed on another page or phone meanwhile, until the author chooses')),
                ('revision', models.PositiveIntegerField(default=0)),
                ('saved_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('shared_at', models.DateTimeField(blank=True, null=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('talk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='debriefs.onetoone')),
            ],
        ),
        migrations.CreateModel(
            name='WelfareTheme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('theme', models.CharField(choices=[('workload', 'How much there is to do'), ('hard_to_hear', 'What I hear and see in the work'), ('safety', 'Feeling safe'), ('team', 'How we are with each other'), ('rules', 'Not being allowed to help'), ('home', 'Life outside work'), ('good', 'It is going well')], max_length=16)),
                ('month', models.DateField(help_text='The first of the month')),
                ('sent_id', models.UUIDField(help_text='Made at random with the form, so that two presses count once', unique=True)),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cycles.place')),
            ],
        ),
        migrations.CreateModel(
            name='MeasureWords',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(max_length=2000)),
                ('said_on', models.DateField(default=django.utils.timezone.localdate)),
                ('sent_id', models.UUIDField(default=uuid.uuid4, unique=True)),
                ('left_because', models.TextField(blank=True, max_length=1000)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('measure', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.measure')),
                ('reading', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.reading')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cycles.team')),
            ],
            options={
                'ordering': ['said_on', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('left_because', ''), ('reading', None), ('settled_at', None)), models.Q(('settled_at__isnull', False), models.Q(('reading__isnull', False), models.Q(('left_because', ''), _negated=True), _connector='OR')), _connector='OR'), name='measure_words_settled_one_way')],
            },
        ),
        migrations.AddConstraint(
            model_name='onetoone',
            constraint=models.CheckConstraint(condition=models.Q(('opened_by', models.F('other')), _negated=True), name='one_to_one_joins_two'),
        ),
        migrations.AddConstraint(
            model_name='welfarenote',
            constraint=models.UniqueConstraint(models.F('talk'), models.F('author'), name='welfare_note_one_of_author'),
        ),
        migrations.AddConstraint(
            model_name='welfaretheme',
            constraint=models.CheckConstraint(condition=models.Q(('month__day', 1)), name='welfare_theme_of_a_month'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='welfaretheme',
            trigger=pgtrigger.compiler.Trigger(name='welfare_theme_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='dad4255664891aca72296f671329c580981e174b', operation='UPDATE', pgid='pgtrigger_welfare_theme_stays_ef172', table='debriefs_welfaretheme', when='BEFORE')),
        ),
    ]
