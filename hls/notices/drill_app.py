"""The Celery app as the drill runs it: the same tasks, woken each second by each beat."""

from hls.celery import app

app.conf.beat_schedule = {"send what is due": {"task": "hls.notices.tasks.send_due", "schedule": 1.0}}
app.conf.beat_max_loop_interval = 1
