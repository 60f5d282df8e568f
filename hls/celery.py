"""The Celery app. Beat only wakes scans; what is due lies in the database."""

import gc
import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging, worker_before_create_process, worker_process_init

from hls.boot.processes import die_with
from hls.broker import HARD_TIME_LIMIT, SOFT_TIME_LIMIT

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hls.settings")

LOADED_BY = os.getpid()  # the worker itself: its children are forked and do not load this again
app = Celery("hls")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_time_limit=HARD_TIME_LIMIT,
    task_soft_time_limit=SOFT_TIME_LIMIT,
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_max": 0.2},
    worker_prefetch_multiplier=1,
    worker_send_task_events=False,
    worker_max_tasks_per_child=500,
    broker_connection_retry_on_startup=True,
    timezone="Europe/London",
    beat_schedule={
        "plan debriefs": {"task": "debriefs.plans.tasks.plan_debriefs", "schedule": crontab(minute="*")},
        "send what is due": {"task": "hls.notices.tasks.send_due", "schedule": crontab(minute="*")},
        "tell what waits": {"task": "hls.notices.tasks.tell_what_waits", "schedule": crontab(minute="7")},
        "look for undelivered": {"task": "hls.notices.tasks.look_for_undelivered", "schedule": crontab(minute="*/10")},
        "send hooks": {"task": "hls.hooks.tasks.send_hooks", "schedule": crontab(minute="*")},
        "forget hook messages": {
            "task": "hls.hooks.tasks.forget_hook_messages",
            "schedule": crontab(hour="3", minute="17"),
        },
        "build summaries": {"task": "hls.leadership.tasks.build_due", "schedule": crontab(minute="*")},
        "ask if it is better": {
            "task": "issues.receipts.tasks.ask_better",
            "schedule": crontab(minute="7", hour="6"),
        },
        "forget words": {"task": "issues.log.tasks.forget_words", "schedule": crontab(minute="41", hour="2")},
        "fold tallies": {"task": "issues.log.tasks.fold_tallies", "schedule": crontab(minute="*/10")},
        "sweep files": {"task": "issues.talk.tasks.sweep_files", "schedule": crontab(minute="41")},
        "make dossiers": {"task": "issues.dossiers.tasks.make_due", "schedule": crontab(minute="*")},
        "draw minutes": {"task": "hls.meetings.tasks.draw_due", "schedule": crontab(minute="*")},
        "forget uploads": {"task": "issues.sheets.tasks.forget_uploads", "schedule": crontab(minute="23")},
    },
)
app.autodiscover_tasks(
    [
        "hls.notices",
        "hls.hooks",
        "hls.leadership",
        "hls.meetings",
        "debriefs.plans",
        "issues.log",
        "issues.receipts",
        "issues.sheets",
        "issues.talk",
        "issues.dossiers",
    ]
)


@setup_logging.connect
def keep_our_logging(**kwargs):
    """Celery would replace the loggers that keep personal words out."""
    from django.conf import settings
    from django.utils.log import configure_logging

    configure_logging("logging.config.dictConfig", settings.LOGGING)


@worker_before_create_process.connect
def share_what_is_loaded(**kwargs):
    """The collector of a child would make it a copy of all that was loaded before it was forked (as in hls/wsgi.py)."""
    gc.collect()
    gc.freeze()


@worker_process_init.connect
def leave_nobody_behind(**kwargs):
    """A child in the middle of a task would not notice that its worker is gone; what it does is done again."""
    die_with(LOADED_BY)
