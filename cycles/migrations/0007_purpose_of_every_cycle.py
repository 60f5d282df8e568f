"""Number the purposes, give one to each cycle that has none, and let a life that was closed end its cycle.

By what the rows say alone: who stated the first purpose of such a cycle was never kept, so nobody is named.
"""

from django.db import migrations, models

NUMBER = """
UPDATE cycles_purposeversion said SET number = counted.n
FROM (
    SELECT id, row_number() OVER (PARTITION BY cycle_id ORDER BY at, id) AS n FROM cycles_purposeversion
) counted
WHERE counted.id = said.id AND said.number <> counted.n
"""
FIRST = """
INSERT INTO cycles_purposeversion (cycle_id, number, purpose, old_purpose, why, by_id, at)
SELECT id, 1, purpose, old_purpose, '', NULL, opened_on::timestamp AT TIME ZONE 'Europe/London'
FROM cycles_learningcycle cycle
WHERE NOT EXISTS (SELECT 1 FROM cycles_purposeversion said WHERE said.cycle_id = cycle.id)
"""
ENDED = """
UPDATE cycles_learningcycle cycle
SET status = 'ended', ended_on = life.closed_on, stopped_reason = life.agreed_close_words
FROM cycles_case life
WHERE life.cycle_id = cycle.id AND life.state = 'closed' AND cycle.status <> 'ended'
"""
PAUSED = """
UPDATE cycles_learningcycle cycle SET status = 'paused'
FROM cycles_case life
WHERE life.cycle_id = cycle.id AND life.state = 'paused' AND cycle.status = 'live'
"""
# An index can't be made while a row waits for its foreign key to be looked at.
CHECKED = "SET CONSTRAINTS ALL IMMEDIATE"


class Migration(migrations.Migration):
    dependencies = [("cycles", "0006_guides_in_full")]

    operations = [
        migrations.RunSQL([NUMBER, FIRST, ENDED, PAUSED, CHECKED], migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="purposeversion",
            constraint=models.UniqueConstraint(models.F("cycle"), models.F("number"), name="purpose_numbered_once"),
        ),
    ]
