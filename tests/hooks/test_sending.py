"""Each step is told once, signed, until it arrives; what never arrives waits where an administrator sees it."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from hls.hooks import actions, guard, sending, tasks
from hls.hooks.models import MOST_TRIES, HookMessage
from issues.log import actions as log
from tests import factories as f
from tests.safety.test_logs import lines  # noqa: F401 - a fixture

WORDS = "Zqwords that she said"


def open_key(secret):
    return base64.b64decode(secret.removeprefix("whsec_"))


def is_signed(came, secret):
    uid, at = came.headers["webhook-id"], came.headers["webhook-timestamp"]
    wanted = hmac.new(open_key(secret), f"{uid}.{at}.".encode() + came.body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(wanted).decode()}" in came.headers["webhook-signature"].split(" ")


@pytest.fixture
def issue(here, hook):
    return f.IssueFactory(cycle=here.cycle, raised_by=here.worker, description=WORDS, words=WORDS)


def test_a_step_is_told_by_number_and_kind_and_signed(here, hook, outside, issue):
    tasks.send_hooks()
    (came,) = outside.came
    assert came.path == "/cairn"
    said = json.loads(came.body)
    step = issue.steps.get()
    assert said["type"] == "issue.raised"
    assert said["data"] == {
        "place": here.place.slug, "issue": issue.ref, "step": step.pk, "what": "raised", "state": ""
    }  # fmt: skip
    assert WORDS not in came.body.decode()
    assert here.worker.name not in came.body.decode()
    assert is_signed(came, hook.secret)
    assert abs(int(came.headers["webhook-timestamp"]) - timezone.now().timestamp()) < 60
    tasks.send_hooks()
    assert len(outside.came) == 1, "told once"
    message = HookMessage.objects.get()
    assert (message.answer, message.tries) == ("204", 1)


def test_only_the_chosen_kinds_and_only_of_its_place(here, elsewhere, hook, outside):
    """Adding “seen too” is a step as well, but not one that this hook asked for."""
    issue = f.IssueFactory(cycle=here.cycle, raised_by=here.worker)
    f.IssueFactory(cycle=elsewhere.cycle)
    log.see_too(issue=issue, team=here.core, by=here.colleague, words=WORDS)
    log.set_level(issue=issue, level=3, owner_tier="govt", why=WORDS, by=here.worker)
    log.close_issue(issue=issue, how="no_longer", words=WORDS, by=here.worker)
    tasks.send_hooks()
    assert [json.loads(came.body)["type"] for came in outside.came] == ["issue.raised", "issue.level", "issue.closed"]


def test_a_change_that_is_undone_tells_nobody(here, hook):
    with transaction.atomic():
        f.IssueFactory(cycle=here.cycle)
        assert HookMessage.objects.count() == 1
        transaction.set_rollback(True)
    assert not HookMessage.objects.exists()


def test_steps_kept_in_bulk_are_told_too(here, hook, issue):
    """The database writes the message, so no way of keeping a step can forget it. Control: without the trigger, none."""
    step = issue.steps.get()
    HookMessage.objects.all().delete()
    type(step).objects.bulk_create([type(step)(issue=issue, what="closed", by=here.worker) for _ in range(3)])
    assert HookMessage.objects.count() == 3


def test_it_is_tried_again_later_and_later_with_one_id(here, hook, outside, issue, time_machine):
    outside.answers = [500, 503]
    start = timezone.now()
    time_machine.move_to(start + timedelta(seconds=1), tick=False)
    tasks.send_hooks()
    message = HookMessage.objects.get()
    assert (message.sent_at, message.answer) == (None, "500")
    tasks.send_hooks()
    assert len(outside.came) == 1, "not before it is due"
    for wait in (31, 61):
        time_machine.shift(timedelta(seconds=wait))
        tasks.send_hooks()
    message.refresh_from_db()
    assert message.sent_at is not None
    assert (message.tries, message.answer) == (3, "204")
    assert len({came.headers["webhook-id"] for came in outside.came}) == 1
    assert len({came.headers["webhook-timestamp"] for came in outside.came}) == 3
    assert [sending.wait_after(tries).total_seconds() for tries in (1, 2, 3, 8, 20)] == [30, 60, 120, 3600, 3600]


def use_up(hook):
    HookMessage.objects.filter(hook=hook).update(tries=MOST_TRIES - 1, due_at=timezone.now(), claimed_until=None)


def test_after_the_last_try_it_is_parked_and_a_silent_hook_stops(here, hook, outside, issue):
    use_up(hook)
    outside.answers = [500]
    tasks.send_hooks()
    hook.refresh_from_db()
    assert hook.stopped_at is not None
    log.close_issue(issue=issue, how="no_longer", words=WORDS, by=here.worker)
    tasks.send_hooks()
    assert len(outside.came) == 1, "a stopped hook is left alone"
    assert HookMessage.objects.open().count() == 2, "and what happens meanwhile waits for it"
    actions.send_again(hook=hook, by=here.admin)
    tasks.send_hooks()
    assert [json.loads(came.body)["type"] for came in outside.came[1:]] == ["issue.raised", "issue.closed"]


def test_one_poison_message_is_parked_and_the_others_flow(here, hook, outside, issue):
    use_up(hook)
    type(hook).objects.update(last_ok_at=timezone.now() + timedelta(seconds=1))
    outside.answers = [400]
    tasks.send_hooks()
    log.close_issue(issue=issue, how="no_longer", words=WORDS, by=here.worker)
    tasks.send_hooks()
    hook.refresh_from_db()
    assert hook.stopped_at is None
    assert HookMessage.objects.parked().count() == 1
    assert json.loads(outside.came[-1].body)["type"] == "issue.closed"


def test_gone_means_never_again(hook, outside, issue):
    outside.answers = [410]
    tasks.send_hooks()
    hook.refresh_from_db()
    assert hook.stopped_at is not None


def test_one_dead_machine_holds_up_nobody_else(here, hook, outside, issue, monkeypatch):
    other, _ = actions.add_hook(
        place=here.place, name="Other", address=outside.url + "/other", kinds=["closed"], by=here.admin
    )
    for _ in range(3):
        hook.messages.create()
    log.close_issue(issue=issue, how="no_longer", words=WORDS, by=here.worker)
    tried = []

    def post(address, body, headers):
        tried.append(address)
        if address.endswith("/other"):
            return 200
        raise guard.NotDelivered("no answer")

    monkeypatch.setattr(guard, "post", post)
    tasks.send_hooks()
    assert tried.count(outside.url) == 1
    assert tried.count(outside.url + "/other") == 1
    assert other.messages.get().sent_at is not None


def test_a_killed_senders_message_falls_due_again(hook, outside, issue):
    sending._claim(timezone.now(), ())
    assert sending.send_one(timezone.now()) is None, "in another's hands"
    assert sending.send_one(timezone.now() + sending.LEASE + timedelta(seconds=1)) == (hook.pk, True)


@pytest.mark.django_db(transaction=True)
def test_two_senders_send_each_message_once(here, hook, outside):
    from concurrent.futures import ThreadPoolExecutor

    for _ in range(8):
        hook.messages.create()

    def send(_):
        try:
            tasks.send_hooks()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, range(4)))
    told = [came.headers["webhook-id"] for came in outside.came]
    assert len(told) == len(set(told)) == 8


def test_for_a_day_after_a_change_both_secrets_sign(here, hook, outside, issue, time_machine):
    old = hook.secret
    new = actions.new_secret_for(hook=hook, by=here.admin)
    tasks.send_hooks()
    assert is_signed(outside.came[0], old)
    assert is_signed(outside.came[0], new)
    time_machine.move_to(timezone.now() + timedelta(hours=25))
    log.close_issue(issue=issue, how="no_longer", words=WORDS, by=here.worker)
    tasks.send_hooks()
    assert is_signed(outside.came[1], new)
    assert not is_signed(outside.came[1], old)


def test_an_ended_hook_is_told_nothing_more(here, hook, outside, issue):
    actions.end_hook(hook=hook, by=here.admin)
    f.IssueFactory(cycle=here.cycle)
    tasks.send_hooks()
    assert outside.came == []
    assert HookMessage.objects.count() == 1


def test_the_secret_rests_sealed(hook):
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM hls_webhook")
        (kept,) = cursor.fetchone()
    assert open_key(hook.secret) not in bytes(kept)
    assert hook.secret.encode() not in bytes(kept)


def test_old_messages_are_forgotten_and_new_ones_kept(hook, issue, time_machine):
    time_machine.move_to(timezone.now() + timedelta(days=29))
    tasks.forget_hook_messages()
    assert HookMessage.objects.count() == 1
    time_machine.shift(timedelta(days=2))
    tasks.forget_hook_messages()
    assert not HookMessage.objects.exists()


def test_no_address_or_secret_reaches_a_log(hook, outside, issue, lines):  # noqa: F811
    outside.answers = [500]
    tasks.send_hooks()
    assert "hook_failed" in lines()
    assert str(outside.port) not in lines()
    assert hook.secret not in lines()


def test_beat_wakes_the_sender():
    from hls.celery import app

    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert {"hls.hooks.tasks.send_hooks", "hls.hooks.tasks.forget_hook_messages"} <= scheduled & set(app.tasks)


# ------------------------------------------------------------------ a log that is brought in


def bring_in(here, rows, name="log.csv"):
    from issues.sheets.actions import file_digest, import_rows
    from issues.sheets.reading import Row

    said = [Row(number=n, issue=f"{WORDS}, {n}", status="closed" if n % 2 else "open") for n in range(1, rows + 1)]
    return import_rows(cycle=here.cycle, rows=said, by=here.worker, file_name=name, digest=file_digest(name.encode()))


def test_a_file_of_many_rows_is_one_message(here, hook, outside, issue):
    HookMessage.objects.all().delete()
    batch = bring_in(here, 30)
    assert HookMessage.objects.count() == 1
    tasks.send_hooks()
    (came,) = outside.came
    said = json.loads(came.body)
    refs = sorted(row.issue.ref for row in batch.rows.select_related("issue"))
    assert said["type"] == "issues.imported"
    assert said["data"] == {
        "place": here.place.slug, "import": batch.pk, "added": 30, "first": refs[0], "last": refs[-1]
    }  # fmt: skip
    assert WORDS not in came.body.decode()
    assert "log.csv" not in came.body.decode()
    assert is_signed(came, hook.secret)


def test_after_an_import_each_step_is_told_again(here, hook, issue):
    bring_in(here, 3)
    HookMessage.objects.all().delete()
    log.close_issue(issue=issue, how="no_longer", words=WORDS, by=here.worker)
    assert HookMessage.objects.get().step.what == "closed"


def test_an_import_that_adds_nothing_or_fails_tells_nobody(here, elsewhere, hook):
    from cycles.refusals import Refused

    bring_in(here, 3)
    bring_in(elsewhere, 2)
    HookMessage.objects.all().delete()
    bring_in(here, 3, "the same again.csv")
    assert not HookMessage.objects.exists(), "every row is known already"
    with pytest.raises(Refused), transaction.atomic():
        bring_in(here, 3, "the same again.csv")
    issue = f.IssueFactory(cycle=here.cycle)
    assert HookMessage.objects.get().step.issue == issue, "and what comes next is told as before"


def test_a_hook_that_hears_of_nothing_in_a_file_hears_of_no_file(here, hook):
    type(hook).objects.filter(pk=hook.pk).update(kinds=["level"])
    bring_in(here, 3)
    assert not HookMessage.objects.exists()


def test_an_import_stands_in_the_list_of_what_was_sent(client, here, hook, outside):
    bring_in(here, 3)
    tasks.send_hooks()
    client.force_login(here.admin)
    assert "A file was brought in" in client.get(hook.get_absolute_url()).content.decode()
    assert actions.try_out(hook=hook, by=here.admin).about == "A try-out"
