"""Row 37: web processes are killed in the middle of writing. What was acknowledged is stored, and nothing by half."""

import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from contextlib import suppress
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.middleware.csrf import _get_new_csrf_string

from issues.models import Issue, IssueStep
from tests.helpers.ports import free_port
from tests.helpers.worker import wait_for

pytestmark = [pytest.mark.drill, pytest.mark.external, pytest.mark.django_db(transaction=True)]

KILLS = 12
WRITERS = 3


class Web:
    """Two real web processes under their master, on the test's own database."""

    def __init__(self):
        self.port = free_port()
        command = [sys.executable, "-m", "gunicorn", "hls.wsgi", "-k", "gthread", "-w", "2", "--threads", "2"]
        self.master = subprocess.Popen(
            [*command, "-b", f"127.0.0.1:{self.port}", "--no-control-socket", "--log-level", "critical"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for(self.answers)

    def answers(self):
        with suppress(OSError):
            return self.ask("GET", "/health/ready")[0] == 200

    def ask(self, method, path, body=None, headers=None):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            line.request(method, path, body, {"Host": "localhost", **(headers or {})})
            answer = line.getresponse()
            answer.read()
            return answer.status, answer.headers
        finally:
            line.close()

    def children(self):
        with open(f"/proc/{self.master.pid}/task/{self.master.pid}/children") as lines:
            return [int(pid) for pid in lines.read().split()]

    def kill_one(self):
        if children := self.children():
            with suppress(ProcessLookupError):
                os.kill(random.choice(children), signal.SIGKILL)

    def stop(self):
        with suppress(ProcessLookupError):
            os.killpg(self.master.pid, signal.SIGKILL)
        self.master.wait(60)


def signed_in(user):
    """Headers of a signed-in browser."""
    store = SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    token = _get_new_csrf_string()
    cookie = f"{settings.SESSION_COOKIE_NAME}={store.session_key}; {settings.CSRF_COOKIE_NAME}={token}"
    return token, {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}


def write_until(stop, web, browser, cycle, acknowledged):
    token, headers = browser
    while not stop.is_set():
        client_id = str(uuid.uuid4())
        fields = {
            "csrfmiddlewaretoken": token,
            "client_id": client_id,
            "cycle": cycle,
            "description": f"Written while the power failed, {client_id}",
            "countermeasure": "We hold it",
            "looked": "1",
        }
        with suppress(OSError, http.client.HTTPException):
            status, sent = web.ask("POST", "/issues/new/", urlencode(fields), headers)
            if status == 302 and "/issues/" in sent["Location"]:
                acknowledged.append(client_id)


def test_what_was_acknowledged_is_stored_and_nothing_by_half(here):
    web, stop, acknowledged = Web(), threading.Event(), []
    writers = [
        threading.Thread(target=write_until, args=(stop, web, signed_in(here.worker), here.cycle.pk, acknowledged))
        for _ in range(WRITERS)
    ]
    try:
        for writer in writers:
            writer.start()
        for _ in range(KILLS):
            time.sleep(random.uniform(0.2, 0.8))
            web.kill_one()
        wait_for(web.answers)
        before = len(acknowledged)
        wait_for(lambda: len(acknowledged) > before)  # it serves again without being helped
    finally:
        stop.set()
        for writer in writers:
            writer.join()
        web.stop()

    stored = {str(i.client_id): i for i in Issue.objects.prefetch_related("steps", "sightings", "access", "responses")}
    assert set(acknowledged) <= set(stored)
    whole = [IssueStep.What.RAISED, IssueStep.What.COUNTERMEASURE]
    halves = [
        issue.ref
        for issue in stored.values()
        if [s.what for s in issue.steps.all()] != whole
        or (issue.sightings.count(), issue.access.count(), issue.responses.count()) != (1, 1, 1)
    ]
    assert halves == []
    numbers = sorted(issue.number for issue in stored.values())
    assert numbers == list(range(1, len(numbers) + 1))
