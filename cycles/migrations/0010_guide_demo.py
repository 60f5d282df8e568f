from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cycles', '0009_serve_the_purpose_then'),
    ]

    operations = [
        migrations.AddField(
            model_name='guide',
            name='is_demo',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='confirmation',
            name='is_demo',
            field=models.BooleanField(default=False),
        ),
    ]
