"""Talk on an issue: within its readers, told once, put right for a while, and taken back for good."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cycles.models import Notice
from cycles.refusals import Refused
from issues.log import actions as log
from issues.models import Comment, CommentVersion, Watch
from issues.talk import actions
from issues.talk.on_issue import A_PAGE
from tests import factories as f
from tests.helpers.html import by_id, parse, text_of
from tests.helpers.htmx import assert_swap_equals_fresh, htmx_post
from tests.helpers.queries import assert_queries_stay_flat, queries_of


@pytest.fixture
def issue(here):
    return f.IssueFactory(cycle=here.cycle, raised_by=here.worker)


@pytest.fixture
def raised(here, issue):
    """Leaders may read it, and have not answered."""
    log.escalate(issue=issue, to_team=here.leadership, why="Policy", asks="Change it?", by=here.worker)
    Notice.objects.all().delete()
    return issue


def at(name, issue, *args):
    return reverse(f"issues:{name}", args=[issue.ref, *args])


def say(client, issue, words, **more):
    return client.post(at("talk", issue), {"words": words, **more})


def told(kind):
    return sorted(Notice.objects.filter(kind=kind).values_list("user__pk", flat=True))


@pytest.mark.system(35)
def test_words_stand_on_the_issue_with_who_and_when(client, here, raised):
    client.force_login(here.leader)
    answer = say(client, raised, "The policy says 14 days. <b>I cannot stop it.</b>")
    comment = Comment.objects.get()
    assert answer["Location"] == f"{raised.get_absolute_url()}#said-{comment.pk}"
    client.force_login(here.worker)
    page = client.get(raised.get_absolute_url()).content.decode()
    assert here.leader.name in page
    assert here.leadership.name in page
    assert '<p class="voice">The policy says 14 days. &lt;b&gt;I cannot stop it.&lt;/b&gt;</p>' in page
    assert "Put it right" not in page, "only its writer changes it"


def test_empty_words_come_back_beside_the_box(client, here, issue):
    client.force_login(here.worker)
    page = say(client, issue, "  ")
    assert page.status_code == 422
    assert "Say what you want to add" in page.content.decode()
    assert not Comment.objects.exists()


def test_who_can_not_see_the_issue_can_not_speak_on_it(client, here, elsewhere, issue):
    for who in (here.leader, here.admin, elsewhere.worker):
        client.force_login(who)
        assert say(client, issue, "Hello").status_code == 404
    assert not Comment.objects.exists()


def test_sent_twice_is_said_once(client, here, issue):
    client.force_login(here.worker)
    one = "6f1d3c6a-94d7-4f5e-9f53-0b6f3d1f8a10"
    assert (
        say(client, issue, "Once", client_id=one)["Location"] == say(client, issue, "Once", client_id=one)["Location"]
    )
    assert Comment.objects.count() == 1
    say(client, issue, "More, from the page that Back brought up again", client_id=one)
    assert Comment.objects.count() == 2, "other words are not lost"
    client.force_login(here.colleague)
    say(client, issue, "Mine", client_id=one)
    assert Comment.objects.filter(by=here.colleague, words="Mine").exists(), "another's id loses nobody's words"


# ---------------------------------------------------------------- in place, on the issue's own page


def test_what_is_said_in_place_leaves_the_page_that_a_fresh_one_would_be(client, here, raised):
    client.force_login(here.leader)
    page = raised.get_absolute_url()
    words = {"words": "The policy says 14 days.", "client_id": str(uuid.uuid4())}
    before = client.get(page).content.decode()
    assert 'hx-target="#talk-here"' in before
    assert 'action="/issues/' in before, "the plain form stays"
    answer = htmx_post(client, at("talk", raised), words, target="talk-here")
    assert_swap_equals_fresh(client, start=page, swap=answer, target="talk-here")
    piece = answer.content.decode()
    assert "The policy says 14 days." in piece
    assert '<textarea id="say" name="words" rows="2" aria-describedby="say-hint" data-most="4000"></textarea>' in piece
    assert words["client_id"] not in piece, "the next words are a thing of their own"
    assert '<div hx-swap-oob="innerHTML:#messages">' in piece, "said in the live region that is there from the start"
    assert "Added. Whoever follows this issue is told in their next letter." in piece
    assert "Added." not in client.get(page).content.decode(), "and once"


def test_what_is_wrong_in_place_comes_back_in_the_form_alone(client, here, raised):
    client.force_login(here.leader)
    wrong = f"Ask @{here.helper.short_name} about it"
    answer = htmx_post(client, at("talk", raised), {"words": wrong, "client_id": str(uuid.uuid4())}, target="talk-here")
    assert answer.status_code == 422
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#say-form", "outerHTML")
    form = parse(f"<body>{answer.content.decode()}</body>")
    assert by_id(form, "say-form").get("hx-target") == "#talk-here"
    assert wrong in text_of(form)
    assert "see this issue, so they would not be told" in text_of(form)
    assert by_id(form, "main") is None
    assert not Comment.objects.exists()


# ---------------------------------------------------------------- who is told


def test_those_who_follow_are_told_once_and_the_speaker_not(here, raised):
    actions.watch(issue=raised, by=here.steward, is_on=True)
    actions.comment(issue=raised, words="What is the 14 days for?", by=here.leader)
    assert told("issue_talk") == sorted([here.worker.pk, here.steward.pk])
    assert Notice.objects.filter(kind="issue_talk", channel="digest").count() == 2


def test_who_is_named_is_told_of_that_and_of_nothing_more(here, raised):
    actions.comment(
        issue=raised, words=f"@{here.worker.short_name}, and @{here.colleague.name}: who knows?", by=here.leader
    )
    assert told("issue_named") == sorted([here.worker.pk, here.colleague.pk])
    assert told("issue_talk") == [], "the worker follows it, and is told once"


@pytest.mark.parametrize("who", ["helper", "evidence", "admin"])
def test_naming_someone_who_can_not_see_it_is_refused_beside_the_box(client, here, raised, who):
    client.force_login(here.leader)
    person = getattr(here, who)
    page = say(client, raised, f"Ask @{person.short_name} about it")
    assert page.status_code == 422
    shown = page.content.decode()
    assert "see this issue, so they would not be told" in shown
    assert f"Ask @{person.short_name} about it" in shown, "what was typed is kept"
    assert not Comment.objects.exists()
    assert not Notice.objects.exists()


def test_naming_nobody_says_so_the_same_for_people_of_another_place(client, here, elsewhere, issue):
    client.force_login(here.worker)
    for name in ("Nobodyatall", elsewhere.worker.short_name):
        page = say(client, issue, f"Ask @{name} about it").content.decode()
        assert f"Nobody here is called {name}." in page
    assert not Comment.objects.exists()


def test_two_of_one_name_are_told_apart(here, issue):
    for number, name in enumerate(("Ana Silva", "Ana Souza")):
        user = f.UserFactory(name=name, short_name="Ana", email=f"ana{number}@example.org")
        f.MembershipFactory(place=here.place, team=here.core, user=user)
    with pytest.raises(Refused, match="@Ana Silva or @Ana Souza"):
        actions.comment(issue=issue, words="Ask @Ana", by=here.worker)
    actions.comment(issue=issue, words="Ask @ana silva, please", by=here.worker)
    assert list(Notice.objects.filter(kind="issue_named").values_list("user__name", flat=True)) == ["Ana Silva"]


def test_an_address_or_a_bare_sign_names_nobody(here, issue):
    actions.comment(issue=issue, words="Mail duty@example.org @ nine, or @@", by=here.worker)
    assert not Notice.objects.filter(kind="issue_named").exists()


def test_who_stops_following_hears_no_more_and_who_begins_hears(client, here, issue):
    client.force_login(here.worker)
    client.post(at("watch", issue), {"on": "0"})
    client.force_login(here.colleague)
    client.post(at("watch", issue), {"on": "1"})
    actions.comment(issue=issue, words="News", by=here.recorder)
    log.set_level(issue=issue, level=2, owner_tier="team", why="It is the rule", by=here.recorder)
    assert told("issue_talk") == [here.colleague.pk]
    assert told("issue_step") == [here.colleague.pk]


def test_speaking_is_following_unless_one_said_no(here, issue):
    actions.comment(issue=issue, words="One", by=here.colleague)
    assert Watch.objects.filter(user=here.colleague, is_on=True).exists()
    actions.watch(issue=issue, by=here.colleague, is_on=False)
    actions.comment(issue=issue, words="Two", by=here.colleague)
    assert not Watch.objects.filter(user=here.colleague, is_on=True).exists()


def test_page_says_whether_one_follows(client, here, issue):
    client.force_login(here.worker)
    assert "Stop following" in client.get(issue.get_absolute_url()).content.decode(), "raising it is following it"
    client.post(at("watch", issue), {"on": "0"})
    assert "Follow this issue" in client.get(issue.get_absolute_url()).content.decode()
    client.force_login(here.colleague)
    assert "Follow this issue" in client.get(issue.get_absolute_url()).content.decode()


def test_letter_says_where_and_no_words_and_follows_rights(here, raised, settings):
    from hls.notices.letters import give_rights, lines_for

    actions.comment(issue=raised, words=f"Private words, @{here.leader.short_name}", by=here.worker)
    notices = list(Notice.objects.select_related("user"))
    give_rights(notices, timezone.localdate())
    lines = lines_for(notices)
    assert [line.words for line in lines.values()] == [f"Someone named you on an issue: {raised.ref}."]
    assert "#said-" in next(iter(lines.values())).url
    here.leader.memberships.all().delete()
    notices = list(Notice.objects.select_related("user"))
    give_rights(notices, timezone.localdate())
    assert lines_for(notices) == {}


# ---------------------------------------------------------------- putting right, taking back


def test_own_words_are_put_right_and_what_they_were_is_kept_for_the_team(client, here, raised):
    comment = actions.comment(issue=raised, words="Ask Kay in revenues", by=here.leader)
    client.force_login(here.leader)
    assert (
        client.post(at("comment_edit", raised, comment.pk), {"words": "Ask revenues", "version": 1}).status_code == 302
    )
    comment.refresh_from_db()
    assert (comment.words, comment.version) == ("Ask revenues", 2)
    client.force_login(here.worker)
    assert "Put right" in client.get(raised.get_absolute_url()).content.decode()
    assert "Ask Kay in revenues" in client.get(at("comment_earlier", raised, comment.pk)).content.decode()
    log.withdraw(move=raised.moves.get(), by=here.worker)
    client.force_login(here.steward)
    assert client.get(at("comment_earlier", raised, comment.pk)).status_code == 403, "a name taken out stays out"


def test_words_stand_after_a_quarter_of_an_hour(client, here, issue):
    comment = actions.comment(issue=issue, words="As it was", by=here.worker)
    client.force_login(here.worker)
    with time_machine.travel(timezone.now() + timedelta(minutes=14), tick=False):
        assert client.get(at("comment_edit", issue, comment.pk)).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        assert client.get(at("comment_edit", issue, comment.pk)).status_code == 302
        late = client.post(at("comment_edit", issue, comment.pk), {"words": "Otherwise", "version": 1})
        assert late.status_code == 422
        assert "Others have read this by now" in late.content.decode()
    comment.refresh_from_db()
    assert comment.words == "As it was"


def test_second_window_gets_both_texts(client, here, issue):
    comment = actions.comment(issue=issue, words="First", by=here.worker)
    client.force_login(here.worker)
    client.post(at("comment_edit", issue, comment.pk), {"words": "From the phone", "version": 1})
    late = client.post(at("comment_edit", issue, comment.pk), {"words": "From the laptop", "version": 1})
    assert late.status_code == 409
    assert "From the phone" in late.content.decode()
    assert "From the laptop" in late.content.decode()


def test_nobody_changes_or_takes_back_the_words_of_another(client, here, issue):
    comment = actions.comment(issue=issue, words="Mine", by=here.worker)
    for who in (here.colleague, here.steward):
        client.force_login(who)
        for name in ("comment_edit", "comment_take_back"):
            assert client.post(at(name, issue, comment.pk), {"words": "Yours", "version": 1}).status_code == 403
    comment.refresh_from_db()
    assert comment.words == "Mine"


def test_what_is_taken_back_is_gone_for_everyone(client, here, issue):
    comment = actions.comment(issue=issue, words="Her name is zqzq", by=here.worker)
    actions.put_right(comment=comment, words="Her name was zqzq", version=1, by=here.worker)
    client.force_login(here.worker)
    for _ in range(2):
        assert client.post(at("comment_take_back", issue, comment.pk)).status_code == 302
    page = client.get(issue.get_absolute_url()).content.decode()
    assert "Taken back." in page
    assert "zqzq" not in page
    assert not CommentVersion.objects.exists()
    assert client.get(at("comment_earlier", issue, comment.pk)).status_code == 404
    assert Comment.objects.get().words == ""


def test_earlier_words_can_not_be_changed_in_the_database(here, issue):
    from django.db import ProgrammingError, transaction

    comment = actions.comment(issue=issue, words="First", by=here.worker)
    actions.put_right(comment=comment, words="Second", version=1, by=here.worker)
    with pytest.raises(ProgrammingError), transaction.atomic():
        CommentVersion.objects.update(words="Other")


# ---------------------------------------------------------------- pages


def test_long_talk_comes_in_pages_that_miss_nothing(client, here, issue):
    for number in range(A_PAGE + 5):
        Comment.objects.create(issue=issue, by=here.worker, words=f"Said number {number:02}.")
    client.force_login(here.worker)
    page = client.get(issue.get_absolute_url())
    assert page.content.decode().count("Said number") == 10
    seen, url = [], f"{at('talk', issue)}?before={page.context['older_talk']}"
    while url:
        page = client.get(url)
        seen = [one.words for one in page.context["said"]] + seen
        url = f"{at('talk', issue)}?before={page.context['older']}" if page.context["older"] else ""
    assert seen == [f"Said number {number:02}." for number in range(A_PAGE - 5)]


@pytest.mark.parametrize("odd", ["0", "-1", "x", "9" * 40, "²"])
def test_odd_places_in_the_list_still_show_it(client, here, issue, odd):
    actions.comment(issue=issue, words="Here", by=here.worker)
    client.force_login(here.worker)
    assert client.get(at("talk", issue), {"before": odd}).status_code == 200


def test_talk_takes_as_many_queries_for_three_as_for_one(client, here, issue):
    client.force_login(here.worker)

    def add():
        actions.comment(issue=issue, words=f"@{here.colleague.short_name}", by=here.worker)

    assert_queries_stay_flat(client, at("talk", issue), add, most=6)


def test_issue_page_with_ten_comments_takes_eight_queries(client, here, issue):
    client.force_login(here.worker)
    bare = len(queries_of(client, issue.get_absolute_url()))
    for _ in range(10):
        actions.comment(issue=issue, words="One more", by=here.colleague)
    client.get(issue.get_absolute_url())
    full = queries_of(client, issue.get_absolute_url())
    assert len(full) <= min(bare, 8), "\n".join(full)


def test_someone_who_speaks_too_fast_is_slowed_down(client, here, issue):
    client.force_login(here.worker)
    answers = [say(client, issue, f"Word {n}").status_code for n in range(61)]
    assert answers[:60] == [302] * 60
    assert answers[60] == 429
    client.force_login(here.colleague)
    assert say(client, issue, "Not me").status_code == 302
