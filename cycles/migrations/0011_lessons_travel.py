"""Offers as rows, and each step of a lesson as a dated move (docs/adr/0018). The one offer kept so far becomes a row."""

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models

# By what the rows say alone: who offered and who answered was never kept, so nobody and no day is named.
SIZE = "array_position(ARRAY['person', 'team', 'organisation', 'place', 'country'], {}.scale::text)"
OFFERS = f"""
INSERT INTO cycles_offer (client_id, lesson_id, to_id, direction, text, why, state, reply, embedded_on, embedded_words)
SELECT gen_random_uuid(), lesson.id, target.id,
    CASE sign({SIZE.format("target")} - {SIZE.format("home")})
        WHEN 0 THEN 'horizontal' WHEN 1 THEN 'vertical' ELSE 'down' END,
    lesson.text, '', CASE lesson.state WHEN 'offered' THEN 'waiting' ELSE lesson.state END,
    CASE lesson.state WHEN 'offered' THEN '' ELSE lesson.reply END,
    CASE lesson.state WHEN 'embedded' THEN lesson.embedded_on END, ''
FROM cycles_lesson lesson
JOIN cycles_learningcycle home ON home.id = lesson.cycle_id
JOIN cycles_learningcycle target ON target.id = lesson.offered_to_id
WHERE lesson.state <> 'noticed'
"""
OWN = """
INSERT INTO cycles_offer (client_id, lesson_id, to_id, direction, text, why, state, reply, embedded_on, embedded_words)
SELECT gen_random_uuid(), id, cycle_id, 'own', text, '', 'embedded', '', embedded_on, ''
FROM cycles_lesson WHERE state = 'embedded' AND offered_to_id IS NULL
"""
NOTICED = """
INSERT INTO cycles_lessonmove (client_id, lesson_id, what, from_level, to_level, words, by_id, at)
SELECT gen_random_uuid(), id, 'noticed', '', '', '', by_id, noticed_on::timestamp AT TIME ZONE 'Europe/London'
FROM cycles_lesson
"""
# Words that no offer holds are kept here.
KEPT = """
INSERT INTO cycles_lessonmove (client_id, lesson_id, offer_id, what, from_level, to_level, words, by_id, at)
SELECT gen_random_uuid(), lesson.id, offer.id, 'kept_before', '', '',
    CASE WHEN coalesce(offer.reply, '') = '' THEN lesson.reply ELSE '' END, NULL, now()
FROM cycles_lesson lesson LEFT JOIN cycles_offer offer ON offer.lesson_id = lesson.id
WHERE lesson.state <> 'noticed' OR lesson.reply <> ''
"""
STANDS = """
UPDATE cycles_lesson lesson SET state = 'noticed'
WHERE state <> 'noticed' AND NOT EXISTS (SELECT 1 FROM cycles_offer offer WHERE offer.lesson_id = lesson.id)
"""
DAY = "UPDATE cycles_lesson SET embedded_on = NULL WHERE state <> 'embedded' AND embedded_on IS NOT NULL"
LEVELS = """
UPDATE cycles_lesson lesson SET level = CASE home.scale WHEN 'country' THEN 'beyond' ELSE home.scale END
FROM cycles_learningcycle home WHERE home.id = lesson.cycle_id
"""
# An index can't be made while a row waits for its foreign key to be looked at.
CHECKED = "SET CONSTRAINTS ALL IMMEDIATE"
BACK = """
UPDATE cycles_lesson lesson SET offered_to_id = newest.to_id, reply = newest.reply
FROM (
    SELECT DISTINCT ON (lesson_id) lesson_id, to_id, reply FROM cycles_offer
    WHERE direction <> 'own' AND state <> 'taken_back' ORDER BY lesson_id, id DESC
) newest
WHERE newest.lesson_id = lesson.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cycles", "0010_guide_demo"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="lesson",
            name="lesson_embedded_on_a_date",
        ),
        migrations.RemoveConstraint(
            model_name="lesson",
            name="lesson_declined_with_a_reason",
        ),
        migrations.CreateModel(
            name="LessonMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("noticed", "Noticed"),
                            ("kept_before", "Where it stood before moves were kept"),
                            ("offered", "Offered"),
                            ("taken_back", "Offer taken back"),
                            ("taken_up", "Taken up"),
                            ("declined", "Declined"),
                            ("reconsidered", "Looked at again"),
                            ("embedded", "Normal from then on"),
                            ("lapsed", "No longer normal"),
                            ("raised", "Raised a level"),
                            ("lowered", "Brought back a level"),
                            ("reworded", "Said anew"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "from_level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("person", "One person"),
                            ("team", "Worker team"),
                            ("organisation", "Organisation"),
                            ("across", "Across organisations"),
                            ("place", "Place"),
                            ("beyond", "Beyond the place"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "to_level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("person", "One person"),
                            ("team", "Worker team"),
                            ("organisation", "Organisation"),
                            ("across", "Across organisations"),
                            ("place", "Place"),
                            ("beyond", "Beyond the place"),
                        ],
                        max_length=12,
                    ),
                ),
                ("words", models.TextField(blank=True, max_length=4000)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "direction",
                    models.CharField(
                        choices=[
                            ("own", "Just us"),
                            ("horizontal", "Other teams"),
                            ("vertical", "Leaders"),
                            ("down", "Those below us"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text", models.TextField(max_length=4000, verbose_name="the words that go with it")),
                ("why", models.TextField(blank=True, max_length=2000, verbose_name="why them?")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for a reply"),
                            ("taken_up", "Taken up"),
                            ("declined", "Declined"),
                            ("embedded", "Embedded"),
                            ("taken_back", "Taken back"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("on", models.DateField(blank=True, default=django.utils.timezone.localdate, null=True)),
                ("reply", models.TextField(blank=True, max_length=4000)),
                ("replied_on", models.DateField(blank=True, null=True)),
                ("embedded_on", models.DateField(blank=True, null=True, verbose_name="normal there since")),
                ("embedded_words", models.TextField(blank=True, max_length=4000, verbose_name="what became normal")),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.AddField(
            model_name="lesson",
            name="change_wanted",
            field=models.TextField(blank=True, max_length=2000, verbose_name="what should change because of it?"),
        ),
        migrations.AddField(
            model_name="lesson",
            name="is_demo",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="lesson",
            name="level",
            field=models.CharField(
                choices=[
                    ("person", "One person"),
                    ("team", "Worker team"),
                    ("organisation", "Organisation"),
                    ("across", "Across organisations"),
                    ("place", "Place"),
                    ("beyond", "Beyond the place"),
                ],
                default="team",
                max_length=12,
                verbose_name="how far has it risen?",
            ),
        ),
        migrations.AddField(
            model_name="lesson",
            name="leverage_note",
            field=models.TextField(blank=True, max_length=1000, verbose_name="who could push here, and how?"),
        ),
        migrations.AddField(
            model_name="lesson",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="lesson",
            name="direction",
            field=models.CharField(
                choices=[
                    ("own", "Just us"),
                    ("horizontal", "Other teams"),
                    ("vertical", "Leaders"),
                    ("down", "Those below us"),
                ],
                default="own",
                max_length=10,
                verbose_name="who else should hear it?",
            ),
        ),
        migrations.AlterField(
            model_name="lesson",
            name="embedded_on",
            field=models.DateField(blank=True, help_text="The first day it was normal anywhere", null=True),
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("debrief_soon", "A debrief is about to start"),
                    ("hot_debrief", "A hot debrief was called"),
                    ("issue_step", "Something happened to an issue you saw"),
                    ("issue_offered", "An issue was raised to your group"),
                    ("summary_ready", "A summary is ready"),
                    ("case_read", "Someone outside opened a person's page"),
                    ("lesson_offered", "A lesson was offered to your cycle"),
                    ("lesson_answered", "A lesson that your debrief fed was answered"),
                    ("invitation", "An invitation"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="lessonmove",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="lessonmove",
            name="lesson",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="moves", to="cycles.lesson"
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="lesson",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="offers", to="cycles.lesson"
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="replied_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="to",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="lessons_in", to="cycles.learningcycle"
            ),
        ),
        migrations.AddField(
            model_name="lessonmove",
            name="offer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="moves",
                to="cycles.offer",
            ),
        ),
        migrations.AddField(
            model_name="lesson",
            name="came_by",
            field=models.ForeignKey(
                blank=True,
                help_text="The offer that this cycle took up and made its own",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="grew",
                to="cycles.offer",
            ),
        ),
        migrations.RunSQL(
            [OFFERS, OWN, NOTICED, KEPT, STANDS, DAY, LEVELS, CHECKED],
            [BACK, CHECKED],
        ),
        migrations.RemoveField(
            model_name="lesson",
            name="offered_to",
        ),
        migrations.RemoveField(
            model_name="lesson",
            name="reply",
        ),
        migrations.AddIndex(
            model_name="lesson",
            index=models.Index(fields=["cycle", "-noticed_on", "-id"], name="lesson_of_cycle"),
        ),
        migrations.AddConstraint(
            model_name="lesson",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("embedded_on__isnull", False), ("state", "embedded")),
                    models.Q(models.Q(("state", "embedded"), _negated=True), ("embedded_on", None)),
                    _connector="OR",
                ),
                name="lesson_embedded_on_a_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="lesson",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_leverage", True), ("leverage_note", ""), _connector="OR"),
                name="lesson_leverage_note_only_with_flag",
            ),
        ),
        migrations.AddConstraint(
            model_name="lesson",
            constraint=models.UniqueConstraint(models.F("came_by"), name="lesson_once_from_an_offer"),
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(fields=["to", "-id"], name="offer_to_cycle"),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(
                models.F("lesson"),
                models.F("to"),
                condition=models.Q(("state", "taken_back"), _negated=True),
                name="lesson_offered_once_to_each_cycle",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "declined"), _negated=True),
                    models.Q(("reply", ""), _negated=True),
                    _connector="OR",
                ),
                name="offer_declined_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("embedded_on__isnull", False), ("state", "embedded")),
                    models.Q(
                        models.Q(("state", "embedded"), _negated=True), ("embedded_on", None), ("embedded_words", "")
                    ),
                    _connector="OR",
                ),
                name="offer_embedded_on_a_date",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["waiting", "taken_back"]), _negated=True),
                    models.Q(("replied_by", None), ("replied_on", None), ("reply", "")),
                    _connector="OR",
                ),
                name="offer_waiting_has_no_reply",
            ),
        ),
        migrations.AddConstraint(
            model_name="lessonmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("what__in", ["raised", "lowered"]),
                        models.Q(("from_level", ""), _negated=True),
                        models.Q(("to_level", ""), _negated=True),
                        models.Q(("words", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("what__in", ["raised", "lowered"]), _negated=True),
                        ("from_level", ""),
                        ("to_level", ""),
                    ),
                    _connector="OR",
                ),
                name="lesson_level_moves_with_a_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="lessonmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("what__in", ["declined", "reconsidered", "lapsed"]), _negated=True),
                    models.Q(("words", ""), _negated=True),
                    _connector="OR",
                ),
                name="lesson_no_and_undoing_say_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="lessonmove",
            constraint=models.CheckConstraint(
                condition=models.Q(("by__isnull", False), ("what", "kept_before"), _connector="OR"),
                name="lesson_move_by_someone",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lessonmove",
            trigger=pgtrigger.compiler.Trigger(
                name="lesson_move_never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="62283c05238df93ceea0fea81d3aaeede75ec49d",
                    operation="UPDATE",
                    pgid="pgtrigger_lesson_move_never_changed_b5c7b",
                    table="cycles_lessonmove",
                    when="BEFORE",
                ),
            ),
        ),
    ]
