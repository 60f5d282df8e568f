"""The pages on which an administrator looks after web hooks."""

import pytest
from django.urls import reverse

from cycles.people.models import AuditEntry
from hls.api.actions import make_token
from hls.demo.clear import clear
from hls.hooks import actions
from hls.hooks.models import HookMessage, WebHook
from tests import factories as f
from tests.api.test_tokens import shown
from tests.helpers.queries import assert_queries_stay_flat

SENT = {"name": "Task board", "address": "https://hooks.example.org/cairn", "kinds": ["raised", "closed"]}


@pytest.fixture
def boss(client, here):
    client.force_login(here.admin)
    return client


@pytest.fixture
def hook(here):
    return actions.add_hook(place=here.place, by=here.admin, **SENT)[0]


def test_adding_one_shows_its_secret_once(boss, here):
    hook_page = boss.post(reverse("hook_new"), SENT)["Location"]
    hook = WebHook.objects.get()
    assert hook_page == hook.get_absolute_url()
    assert shown(boss.get(hook_page)) == hook.secret
    assert shown(boss.get(hook_page)) == ""
    assert (hook.place, hook.kinds, hook.made_by) == (here.place, ["raised", "closed"], here.admin)
    assert AuditEntry.objects.filter(act="web hook added", target_ref=hook.pk).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"kinds": []}, {"kinds": ["everything"]}, {"address": "http://example.org/"},
     {"address": "https://10.0.0.1/"}, {"address": "https://localhost/"}, {"address": "words"}],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_box(boss, wrong):
    answer = boss.post(reverse("hook_new"), SENT | wrong)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == list(wrong)
    assert not WebHook.objects.exists()


def test_without_a_key_nothing_is_kept_and_it_says_why(boss, settings):
    settings.FIELD_KEYS = []
    answer = boss.post(reverse("hook_new"), SENT)
    assert answer.status_code == 422
    assert "FIELD_KEYS" in answer.content.decode()
    assert not WebHook.objects.exists()


def test_the_second_editor_gets_both_texts(boss, hook, here):
    edit = reverse("hook_edit", args=[hook.pk])
    assert boss.post(edit, SENT | {"name": "One", "version": 1}).status_code == 302
    late = boss.post(edit, SENT | {"name": "Two", "version": 1})
    assert late.status_code == 409
    assert "One" in late.content.decode()
    assert "Two" in late.content.decode()
    hook.refresh_from_db()
    assert (hook.name, hook.version) == ("One", 2)
    assert boss.post(edit, SENT | {"name": "Two", "version": 2}).status_code == 302


def test_a_new_secret_is_shown_once_and_the_old_kept_for_a_day(boss, hook):
    old = hook.secret
    for _ in range(2):  # a second click must not push out the secret that the receiver knows
        boss.post(reverse("hook_secret", args=[hook.pk]))
    hook.refresh_from_db()
    assert hook.old_secret == old
    assert shown(boss.get(hook.get_absolute_url())) == hook.secret != old


def test_a_try_out_is_sent_once_while_it_waits(boss, hook):
    for _ in range(2):
        boss.post(reverse("hook_try", args=[hook.pk]))
    assert HookMessage.objects.filter(step=None).count() == 1


def test_a_message_of_another_hook_is_not_sent_again_here(boss, hook, here, elsewhere):
    other = actions.add_hook(place=elsewhere.place, by=elsewhere.admin, **SENT)[0]
    message = actions.try_out(hook=other, by=elsewhere.admin)
    again = reverse("hook_again", args=[hook.pk])
    assert boss.post(again, {"message": message.pk}).status_code == 404
    assert boss.post(again, {"message": "x" * 30}).status_code == 404
    assert boss.post(reverse("hook_again", args=[other.pk])).status_code == 404


def test_ending_it_takes_it_from_the_list(boss, hook):
    for _ in range(2):
        assert boss.post(reverse("hook_end", args=[hook.pk])).status_code == 302
    assert hook.get_absolute_url() not in boss.get(reverse("hooks")).content.decode()
    assert boss.get(hook.get_absolute_url()).status_code == 404


def test_a_demo_place_goes_with_its_hooks_and_tokens(here, hook):
    make_token(user=here.worker, place=here.place, name="Report", scopes=["issues:read"], days=30)
    f.IssueFactory(cycle=here.cycle)
    type(here.place).objects.filter(pk=here.place.pk).update(is_demo=True)
    assert clear() == 1
    assert not WebHook.objects.exists()
    assert not HookMessage.objects.exists()


def test_hook_pages_query_counts(boss, hook, here):
    def another():
        actions.add_hook(place=here.place, by=here.admin, **SENT)

    assert_queries_stay_flat(boss, reverse("hooks"), another, most=5)
    assert_queries_stay_flat(boss, hook.get_absolute_url(), lambda: f.IssueFactory(cycle=here.cycle), most=8)
