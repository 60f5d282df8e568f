"""The link of a body outside: it opens one page and takes a reply, and is no way to anything else."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cycles.models import AuditEntry, Notice
from hls.logs import without_tokens
from issues.dossiers import actions
from issues.models import Comment, OutsideLink
from tests.access.rows import all_rows
from tests.helpers.html import forms, steady
from tests.helpers.queries import assert_queries_stay_flat
from tests.issues.dossiers.conftest import ASKS, RULE
from tests.safety import payloads, probes

BODY = "Department for Work, deductions policy"
FORM = "0a7f2d1e-55aa-4b1f-8a58-7d2f7cf4e0aa"


@pytest.fixture
def share(client, macro, dossier):
    def act(days="30", to_whom=BODY, client_id=""):
        client.force_login(macro.worker)
        sent = {"to_whom": to_whom, "days": days, "client_id": client_id}
        page = client.post(reverse("issues:dossier_share", args=[macro.issue.ref]), sent)
        client.logout()
        return re.search(r'value="[^"]*(/outside/[^"/]+/)"', page.content.decode())[1]

    return act


@pytest.fixture
def outsider():
    return Client(raise_request_exception=False)


def test_the_holder_reads_the_one_page_and_nothing_private_is_on_it(share, outsider, macro):
    page = outsider.get(share())
    text = page.content.decode()
    assert page.status_code == 200
    for words in (ASKS, RULE, "We ate toast", "5 or more people", BODY):
        assert words in text
    for secret in (
        "zqaliaszq",
        "zqsecretzq",
        "zqwhyzq",
        "Kay told me",
        "The law stands",
        macro.worker.name,
        "3 families",
    ):
        assert secret not in text, secret


def test_the_page_is_kept_by_nobody_and_tells_nobody_where_it_is(share, outsider):
    page = outsider.get(share())
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert "noindex" in page["X-Robots-Tag"]
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert not page.cookies, "nothing is left with them"


def test_the_page_leads_nowhere_but_to_statements_and_sign_in(share, outsider):
    """Access crawl as the holder: every link of the page, and every address there is."""
    url = share()
    public = {row.name for row in all_rows() if "nobody" in row.sees}
    led = {probes.name_of(link) for link in re.findall(r'href="(/[^"#?]*)', outsider.get(url).content.decode())}
    assert led - {None, "front_door"} <= public
    (form,) = forms(outsider.get(url), url)
    assert form.action == url


def test_holding_a_link_opens_no_other_address(share, outsider, macro, dossier):
    outsider.get(share())
    for name in ("dossier", "dossier_edit", "dossier_pdf", "dossier_share", "issue", "talk", "history"):
        answer = outsider.get(reverse(f"issues:{name}", args=[macro.issue.ref]))
        assert answer.status_code == 302, name
        assert answer["Location"].startswith("/account/login/")


def test_only_the_digest_of_the_secret_is_kept(share):
    token = share().split("/")[2]
    link = OutsideLink.objects.get()
    assert len(token) >= 43
    assert token not in str(vars(link))
    assert link.token_hash == OutsideLink.digest(token)


def test_the_secret_stays_out_of_logs(share):
    assert without_tokens(f"GET {share()}") == "GET /outside/…/"


def test_a_form_sent_twice_makes_one_link_and_another_form_another(share):
    assert share(client_id=FORM) == share(client_id=FORM)
    assert OutsideLink.objects.count() == 1
    assert share() != share()
    assert OutsideLink.objects.count() == 3


def test_the_same_form_after_the_link_was_ended_opens_nothing_old(share, outsider, macro):
    first = share(client_id=FORM)
    actions.end_link(link=OutsideLink.objects.get(), by=macro.worker)
    again = share(client_id=FORM)
    assert again != first
    assert outsider.get(first).status_code == 404
    assert outsider.get(again).status_code == 200


def test_ended_expired_and_made_up_links_are_the_same_page(share, outsider, macro):
    ended, expired = share(), share(days="7")
    assert {outsider.get(url).status_code for url in (ended, expired)} == {200}, "the control"
    actions.end_link(link=OutsideLink.objects.for_token(ended.split("/")[2], timezone.now()).get(), by=macro.worker)
    made_up = reverse("issues:outside", args=["A" * 44])
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=False):
        for method in ("get", "post"):
            answers = [getattr(outsider, method)(url) for url in (ended, expired, made_up, "/outside/x/")]
            assert {answer.status_code for answer in answers} == {404}
            assert len({steady(answer.content.decode()) for answer in answers}) == 1
            assert len({str(sorted(_steady_headers(answer))) for answer in answers}) == 1
    assert not Comment.objects.exists()


def test_what_was_typed_while_the_link_ended_comes_back_to_be_copied(share, outsider, macro):
    ended, made_up = share(), reverse("issues:outside", args=["A" * 44])
    actions.end_link(link=OutsideLink.objects.get(), by=macro.worker)
    answers = [
        outsider.post(url, {"words": "We can <b>change</b> it\nin spring", "signed": ""}) for url in (ended, made_up)
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({steady(answer.content.decode()) for answer in answers}) == 1
    assert len({str(sorted(_steady_headers(answer))) for answer in answers}) == 1
    assert "We can &lt;b&gt;change&lt;/b&gt; it\nin spring</textarea>" in answers[0].content.decode()
    assert answers[0]["Referrer-Policy"] == "no-referrer"
    assert not Comment.objects.exists()


def _steady_headers(answer):
    return [
        (name, re.sub(r"nonce-[^']*", "", value)) for name, value in answer.headers.items() if name != "X-Request-ID"
    ]


def test_a_link_outlives_neither_its_dossier_nor_its_issue(share, outsider, macro, dossier):
    url = share()
    assert outsider.get(url).status_code == 200, "the control"
    dossier.delete()
    assert outsider.get(url).status_code == 404


def test_a_story_taken_back_is_gone_for_the_holder_too(share, outsider, macro):
    url = share()
    assert "We ate toast" in outsider.get(url).content.decode(), "the control"
    type(macro.story).objects.filter(pk=macro.story.pk).update(reach="place")
    assert "We ate toast" not in outsider.get(url).content.decode()


# ---------------------------------------------------------------- replies


def test_a_reply_lands_on_the_path_and_in_the_talk_marked_as_from_outside(share, outsider, client, macro):
    url = share()
    Notice.objects.all().delete()
    answer = outsider.post(url, {"words": "We look at it in May. <b>Who pays?</b>", "signed": "Policy lead"})
    assert answer["Location"] == f"{url}#sent"
    assert "It has reached those who work on it" in outsider.get(url).content.decode()
    client.force_login(macro.worker)
    page = client.get(macro.issue.get_absolute_url()).content.decode()
    assert "From outside" in page
    assert "We look at it in May. &lt;b&gt;Who pays?&lt;/b&gt;" in page
    assert f"{BODY} replied" in page, "on its path"
    history = client.get(reverse("issues:history", args=[macro.issue.ref])).content.decode()
    assert f"A reply from outside: {BODY}" in history
    told = Notice.objects.filter(kind="outside_reply").values_list("user", flat=True)
    everyone = {m.pk for m in (macro.worker, macro.colleague, macro.recorder, macro.op_lead)}
    assert set(told) == everyone, "those who follow it, and the team that holds it"
    assert len(told) == len(set(told))


def test_a_reply_sent_twice_is_one_and_told_once(share, outsider):
    url = share()
    for _ in range(2):
        outsider.post(url, {"words": "Yes", "client_id": FORM})
    assert Comment.objects.filter(outside__isnull=False).count() == 1
    counts = Notice.objects.filter(kind="outside_reply").values_list("user", flat=True)
    assert len(counts) == len(set(counts))


def test_one_body_never_reads_the_reply_of_another(share, outsider, client, macro):
    one, other = share(), share(to_whom="The inspectorate")
    outsider.post(one, {"words": "zqonlyhere"})
    assert "zqonlyhere" in outsider.get(one).content.decode()
    page = outsider.get(other).content.decode()
    assert "zqonlyhere" not in page
    assert BODY not in page
    client.force_login(macro.worker)
    assert "zqonlyhere" in client.get(reverse("issues:dossier", args=[macro.issue.ref])).content.decode()


def test_an_empty_reply_comes_back_beside_the_box(share, outsider):
    page = outsider.post(share(), {"words": "", "signed": "Policy lead"})
    assert page.status_code == 422
    assert "Policy lead" in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"


def test_nasty_replies_are_only_ever_words(share, outsider):
    url = share()
    (form,) = forms(outsider.get(url), url)
    assert probes.fuzz(outsider, form) >= len(payloads.ROUNDS)


def test_replies_and_readings_are_limited(share, outsider):
    url = share()
    answers = [outsider.post(url, {"words": f"Word {n}"}).status_code for n in range(11)]
    assert answers == [302] * 10 + [429]
    cache.incr("limit-outside-at-127.0.0.1", 105)  # as if it had been opened that often
    assert [outsider.get(url).status_code for _ in range(6)] == [200] * 4 + [429] * 2


def test_guessing_is_limited(outsider, db):
    answers = [outsider.get(reverse("issues:outside", args=["B" * 43 + str(n)])).status_code for n in range(121)]
    assert set(answers[:120]) == {404}
    assert answers[-1] == 429


# ---------------------------------------------------------------- who looks after links


def test_links_stand_where_stewards_and_administrators_end_them(share, outsider, client, macro, elsewhere):
    url = share()
    link = OutsideLink.objects.get()
    outsider.get(url)
    for who in (macro.steward, macro.admin):
        client.force_login(who)
        page = client.get(reverse("issues:outside_links")).content.decode()
        assert BODY in page
        assert macro.issue.ref in page
        assert "First opened" in page
        assert macro.issue.description not in page
    client.force_login(elsewhere.steward)
    assert BODY not in client.get(reverse("issues:outside_links")).content.decode()
    assert client.post(reverse("issues:outside_end", args=[link.pk])).status_code == 404
    client.force_login(macro.leader)
    assert client.post(reverse("issues:outside_end", args=[link.pk])).status_code == 404
    assert outsider.get(url).status_code == 200, "the control"
    client.force_login(macro.admin)
    for _ in range(2):
        assert client.post(reverse("issues:outside_end", args=[link.pk]), {"from": "list"}).status_code == 302
    assert outsider.get(url).status_code == 404
    assert BODY not in client.get(reverse("issues:outside_links")).content.decode()
    assert AuditEntry.objects.filter(act="outside link ended", target_ref=link.pk).count() == 1


def test_one_of_the_place_who_tries_the_link_does_not_count_as_its_reader(share, client, macro):
    url = share()
    client.force_login(macro.worker)
    assert client.get(url).status_code == 200
    assert OutsideLink.objects.get().first_read_at is None


def test_links_query_count(client, macro, dossier):
    client.force_login(macro.steward)

    def add():
        actions.make_link(dossier=dossier, to_whom="A body", days=7, by=macro.worker, client_id=uuid4())

    assert_queries_stay_flat(client, reverse("issues:outside_links"), add, most=5)
