"""What is thought to be underneath changes as more is gathered; what was thought before is kept, for the team."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from cycles.notices.models import Notice
from issues.log.models import Issue, IssueStep
from issues.models import Pattern, PatternVersion
from issues.patterns.actions import make_pattern, say_what_is_underneath
from tests.factories import IssueFactory, MembershipFactory
from tests.helpers.queries import assert_queries_stay_flat

FIRST, SECOND, THIRD = "Each rule runs on a date", "Nobody owns the gap between", "Money comes in years"


@pytest.fixture
def pattern(here):
    issues = [IssueFactory(cycle=here.cycle, raised_by=here.worker) for _ in range(2)]
    return make_pattern(issues=issues, description="It carries on", underneath=FIRST, by=here.steward)


def at(pattern):
    return reverse("issues:underneath", args=[pattern.ref])


def page(client, pattern, name="pattern"):
    return client.get(reverse(f"issues:{name}", args=[pattern.ref])).content.decode()


def test_it_is_put_in_other_words_and_the_earlier_ones_are_kept(client, here, pattern):
    client.force_login(here.worker)
    assert at(pattern) in page(client, pattern)
    assert FIRST in client.get(at(pattern)).content.decode()
    answer = client.post(at(pattern), {"underneath": SECOND, "version": 1})
    assert answer["Location"] == pattern.get_absolute_url()
    now = page(client, pattern)
    assert SECOND in now
    assert FIRST not in now
    before = PatternVersion.objects.get()
    first_step = pattern.steps.get(what="raised")
    assert (before.underneath, before.by, before.at) == (FIRST, here.steward, first_step.at)
    told = page(client, pattern, "history")
    assert FIRST in told
    assert "What we thought was underneath before" in told
    client.post(at(pattern), {"underneath": THIRD, "version": 2})
    assert [(v.underneath, v.by) for v in PatternVersion.objects.all()] == [
        (SECOND, here.worker),
        (FIRST, here.steward),
    ]


def test_earlier_words_are_the_teams_own(client, here, pattern):
    """A steward changes it, and reads it as it stands: a name taken out stays out."""
    say_what_is_underneath(pattern=pattern, underneath=SECOND, version=1, by=here.worker)
    client.force_login(here.steward)
    assert FIRST not in page(client, pattern, "history")
    assert SECOND in page(client, pattern)


def test_the_second_editor_gets_both_texts_and_keeps_their_own(client, here, pattern):
    say_what_is_underneath(pattern=pattern, underneath=SECOND, version=1, by=here.colleague)
    client.force_login(here.worker)
    late = client.post(at(pattern), {"underneath": THIRD, "version": 1})
    assert late.status_code == 409
    for words in (SECOND, THIRD):
        assert words in late.content.decode()
    assert Pattern.objects.get().underneath == SECOND
    assert client.post(at(pattern), {"underneath": THIRD, "version": 2}).status_code == 302
    assert PatternVersion.objects.count() == 2


def test_said_twice_it_is_said_once(client, here, pattern):
    client.force_login(here.worker)
    for _ in range(2):
        assert client.post(at(pattern), {"underneath": SECOND, "version": 1}).status_code == 302
    assert PatternVersion.objects.count() == 1
    assert IssueStep.objects.filter(issue=pattern, what="edited").count() == 1


def test_it_stales_no_editor_of_the_pattern_s_name_and_tells_nobody(here, pattern):
    Notice.objects.all().delete()
    before = Issue.objects.get(pk=pattern.pk)
    say_what_is_underneath(pattern=pattern, underneath=SECOND, version=1, by=here.worker)
    after = Issue.objects.get(pk=pattern.pk)
    assert after.version == before.version
    assert after.updated_at > before.updated_at
    assert not Notice.objects.exists()


def test_who_may_not_change_the_pattern_may_not_say_it(client, here, elsewhere, pattern):
    from issues.log.actions import escalate

    escalate(issue=pattern, to_team=here.leadership, why="Policy", asks="Yours?", by=here.worker)
    for user, status in ((here.leader, 403), (elsewhere.worker, 404), (here.helper, 404)):
        client.force_login(user)
        assert client.get(at(pattern)).status_code == status
        assert client.post(at(pattern), {"underneath": SECOND, "version": 1}).status_code == status
    client.force_login(here.worker)
    plain = IssueFactory(cycle=here.cycle)
    assert client.get(at(plain)).status_code == 404, "only a pattern has something underneath"
    assert Pattern.objects.get().underneath == FIRST


def test_earlier_words_are_never_changed_and_go_with_the_pattern(here, pattern):
    say_what_is_underneath(pattern=pattern, underneath=SECOND, version=1, by=here.worker)
    with pytest.raises(DatabaseError), transaction.atomic():
        PatternVersion.objects.update(underneath="Other")
    Pattern.objects.get().delete()
    assert not PatternVersion.objects.exists()


def test_history_of_a_pattern_query_count(client, here, pattern):
    client.force_login(MembershipFactory(team=here.core).user)

    def add():
        version = Pattern.objects.get().version
        say_what_is_underneath(pattern=pattern, underneath=f"Thought {version}", version=version, by=here.worker)

    assert_queries_stay_flat(client, reverse("issues:history", args=[pattern.ref]), add)
