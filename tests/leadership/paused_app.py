"""The app of a worker that stays in the middle of a pack: facts are read, nothing is written. It waits to be killed."""

import time

from celery.signals import worker_process_init

from hls.celery import app

__all__ = ["app"]


@worker_process_init.connect(weak=False)
def stay_in_the_middle(**kwargs):
    from hls.leadership import tasks

    step = tasks.step

    def step_and_stay(summary, words):
        step(summary, words)
        if words.startswith("Drawing"):
            time.sleep(600)

    tasks.step = step_and_stay
