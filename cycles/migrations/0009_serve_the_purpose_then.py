from django.db import migrations

# What was there before serves the purpose that was in force on the day it was opened, or the first where it is older.
SERVE = """
    UPDATE {table} AS row SET serves_id = (
        SELECT said.id FROM cycles_purposeversion AS said WHERE said.cycle_id = row.cycle_id
        ORDER BY said.at::date <= row.opened_on DESC,
                 CASE WHEN said.at::date <= row.opened_on THEN said.number END DESC,
                 said.number
        LIMIT 1
    ) WHERE serves_id IS NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cycles', '0008_experiments_in_full'),
    ]

    operations = [
        migrations.RunSQL(SERVE.format(table=table), migrations.RunSQL.noop)
        for table in ('cycles_experiment', 'cycles_measure')
    ]
