import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('duty_line', models.CharField(blank=True, help_text='The number to ring when someone is in danger', max_length=40)),
                ('is_demo', models.BooleanField(default=False)),
                ('issue_counter', models.PositiveIntegerField(default=0, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('email', models.EmailField(max_length=254)),
                ('name', models.CharField(max_length=120, verbose_name='full name')),
                ('short_name', models.CharField(max_length=40, verbose_name='what to call you')),
                ('is_active', models.BooleanField(default=True)),
                ('theme', models.CharField(blank=True, choices=[('', 'As my device'), ('light', 'Light'), ('dark', 'Dark')], default='', max_length=5)),
                ('sessions_epoch', models.PositiveIntegerField(default=0, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_unique')],
            },
        ),
    ]
