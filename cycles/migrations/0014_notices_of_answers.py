from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cycles', '0013_demo_experiments'),
    ]

    operations = [
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('debrief_soon', 'A debrief is about to start'), ('hot_debrief', 'A hot debrief was called'), ('issue_step', 'Something happened to an issue you saw'), ('issue_offered', 'An issue was raised to your group'), ('summary_ready', 'A summary is ready'), ('case_read', "Someone outside opened a person's page"), ('lesson_offered', 'A lesson was offered to your cycle'), ('lesson_answered', 'A lesson that your debrief fed was answered'), ('guide_answered', 'What you proposed was answered'), ('voice_answered', 'Words that you brought were answered'), ('invitation', 'An invitation')], max_length=16),
        ),
    ]
