import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from issues.log.models import Issue
from issues.sheets.models import ImportBatch, Upload
from tests import factories as f
from tests.issues.sheets.making import SOURCE_HEAD, csv_bytes

GOOD = [
    *SOURCE_HEAD,
    ["Letters go out before anyone rings", "", "x", "", "Open", "", "x", "", "Hold the letter", "Ring first"],
    ["She had to wait five weeks", "", "", "x", "closed", "", "", "x", "", ""],
]
ASKING = [
    *GOOD,
    ["Both of these", "x", "x", "", "Open", "", "", "", "", ""],
    ["Who?", "", "", "", "huh", "", "", "", "", ""],
]


def send(client, here, data, name="log.csv", **more):
    return client.post(
        reverse("issues:import"), {"cycle": here.cycle.pk, "file": SimpleUploadedFile(name, data)} | more
    )  # fmt: skip


@pytest.fixture
def worker_client(client, here):
    client.force_login(here.worker)
    return client


def test_upload_check_confirm_and_done(worker_client, here):
    response = send(worker_client, here, csv_bytes(GOOD))
    upload = Upload.objects.get()
    assert (response.status_code, response.url) == (302, upload.get_absolute_url())
    assert Issue.objects.count() == 0
    page = worker_client.get(response.url).content.decode()
    assert "Letters go out before anyone rings" in page
    assert "Bring in 2 issues" in page
    response = worker_client.post(reverse("issues:import_confirm", args=[upload.token]))
    assert response.url == reverse("issues:import_done", args=[upload.token])
    assert [i.description for i in Issue.objects.order_by("number")] == [GOOD[2][0], GOOD[3][0]]
    assert not Upload.objects.exists()
    assert "2 issues from “log.csv” are in the log" in worker_client.get(response.url).content.decode()


def test_confirm_twice_is_one_import(worker_client, here):
    send(worker_client, here, csv_bytes(GOOD))
    url = reverse("issues:import_confirm", args=[Upload.objects.get().token])
    assert worker_client.post(url).url == worker_client.post(url).url
    assert (Issue.objects.count(), ImportBatch.objects.count()) == (2, 1)


def test_two_ticks_are_asked_and_never_guessed(worker_client, here):
    url = send(worker_client, here, csv_bytes(ASKING)).url
    page = worker_client.get(url).content.decode()
    assert "Level has Ind and Sys. Which is it?" in page
    assert "Status says “huh”. Which is it?" in page
    confirm = reverse("issues:import_confirm", args=[Upload.objects.get().token])
    refused = worker_client.post(confirm)
    assert refused.status_code == 422
    assert "2 rows still ask you something. Answer below first." in refused.content.decode()
    assert Issue.objects.count() == 0
    worker_client.post(url, {"row5-level": "sys"})
    assert 'value="sys" id="id_row5-level_1" checked' in re.sub(
        r"\s+", " ", worker_client.get(url).content.decode()
    ).replace(" required", "")
    worker_client.post(url, {"row5-level": "Not sure yet", "row6-status": "closed"})
    assert worker_client.post(confirm).status_code == 302
    issues = {i.description: i for i in Issue.objects.all()}
    assert issues["Both of these"].level is None
    assert issues["Who?"].status == "closed"


def test_an_answer_that_was_not_offered_is_not_taken(worker_client, here):
    url = send(worker_client, here, csv_bytes(ASKING)).url
    response = worker_client.post(url, {"row5-level": "macro"})
    assert response.status_code == 422
    assert Upload.objects.get().rows.get(number=5).answers == {}


def test_not_sure_yet_for_all_that_are_left(worker_client, here):
    url = send(worker_client, here, csv_bytes(ASKING)).url
    worker_client.post(url, {"rest": "1"})
    worker_client.post(reverse("issues:import_confirm", args=[Upload.objects.get().token]))
    issues = {i.description: i for i in Issue.objects.all()}
    assert (issues["Both of these"].level, issues["Who?"].status) == (None, "open")


def test_the_first_twenty_bad_rows_are_named_and_nothing_comes_in(worker_client, here):
    rows = [["Issue", "Countermeasure"], *[["", f"Ring {n}"] if n % 2 else [f"Issue {n}", ""] for n in range(60)]]
    url = send(worker_client, here, csv_bytes(rows)).url
    page = worker_client.get(url).content.decode()
    named = [int(n) for n in re.findall(r"<strong>Row (\d+)</strong>", page)]
    assert named == list(range(3, 43, 2))
    assert "These are the first 20 of 30." in page
    assert "Bring in" not in page.split("</h1>")[1]
    response = worker_client.post(reverse("issues:import_confirm", args=[Upload.objects.get().token]))
    assert response.status_code == 422
    assert Issue.objects.count() == 0


def test_a_refused_file_says_why_beside_the_box_and_keeps_the_cycle(worker_client, here):
    response = send(worker_client, here, b"%PDF-1.7")
    page = response.content.decode()
    assert response.status_code == 422
    assert "This is not a spreadsheet. Save your log as .xlsx or .csv, then choose it again." in page
    assert f'<option value="{here.cycle.pk}" selected>' in page
    assert not Upload.objects.exists()


def test_nothing_chosen_says_what_to_do(worker_client, here):
    response = worker_client.post(reverse("issues:import"), {})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Choose the cycle these issues belong to." in page
    assert "Choose the file that holds your log." in page


def test_the_same_file_again_is_said_at_the_door(worker_client, here):
    send(worker_client, here, csv_bytes(GOOD))
    worker_client.post(reverse("issues:import_confirm", args=[Upload.objects.get().token]))
    response = send(worker_client, here, csv_bytes(GOOD))
    assert response.status_code == 422
    assert "Nothing was added again." in response.content.decode()


def test_words_in_a_file_are_shown_as_words(worker_client, here):
    nasty = '<script>alert(1)</script>"><img src=x onerror=alert(1)> 5 < 6 & 7 Ŵyn 🙂 שלום'
    url = send(worker_client, here, csv_bytes([["Issue", "Level"], [nasty, nasty]]), name=f"{nasty}.csv").url
    page = worker_client.get(url).content.decode()
    assert "<img" not in page
    assert "<script>alert" not in page
    assert "5 &lt; 6 &amp; 7 Ŵyn 🙂 שלום" in page


def test_pages_of_rows_can_be_turned(worker_client, here):
    url = send(worker_client, here, csv_bytes([["Issue", "Level"], *[[f"Issue {n}", "Ind"] for n in range(120)]])).url
    assert "Rows 1 to 50 of 120" in worker_client.get(url).content.decode()
    assert "Rows 101 to 120 of 120" in worker_client.get(f"{url}?page=3").content.decode()
    assert "Rows 101 to 120 of 120" in worker_client.get(f"{url}?page=99999999999999").content.decode()


def test_a_thrown_away_file_is_gone(worker_client, here):
    send(worker_client, here, csv_bytes(GOOD))
    upload = Upload.objects.get()
    worker_client.post(reverse("issues:import_throw_away", args=[upload.token]))
    assert not Upload.objects.exists()
    assert worker_client.get(upload.get_absolute_url()).status_code == 404


# ------------------------------------------------------------ who may


def test_an_upload_is_seen_by_nobody_else(client, here, elsewhere):
    client.force_login(here.worker)
    send(client, here, csv_bytes(GOOD))
    token = Upload.objects.get().token
    for other in (here.colleague, here.steward, here.leader, here.admin, elsewhere.steward):
        client.force_login(other)
        for name, method in [
            ("import_check", "get"), ("import_check", "post"), ("import_confirm", "post"),
            ("import_throw_away", "post"), ("import_done", "get"),
        ]:  # fmt: skip
            assert getattr(client, method)(reverse(f"issues:{name}", args=[token])).status_code == 404, (other, name)
    assert Upload.objects.exists()


def test_only_cycles_of_ones_own_are_offered_and_taken(worker_client, here, elsewhere):
    other_team, life = f.LearningCycleFactory(team=here.working), f.LearningCycleFactory(team=here.core, scale="person")
    page = worker_client.get(reverse("issues:import")).content.decode()
    assert [int(pk) for pk in re.findall(r'<option value="(\d+)"', page)] == [here.cycle.pk]
    for cycle in (other_team, life, elsewhere.cycle):
        assert send(worker_client, here, csv_bytes(GOOD), cycle=cycle.pk).status_code == 422
    assert not Upload.objects.exists()


def test_a_steward_may_bring_a_log_into_any_cycle_of_the_place(client, here):
    client.force_login(here.steward)
    assert send(client, here, csv_bytes(GOOD)).status_code == 302


def test_someone_of_no_team_is_refused(client, here):
    client.force_login(here.admin)
    assert client.get(reverse("issues:import")).status_code == 403
    assert send(client, here, csv_bytes(GOOD)).status_code == 403


def test_someone_whose_team_has_no_cycle_is_told(client, here):
    client.force_login(here.helper)
    page = client.get(reverse("issues:import")).content.decode()
    assert "Your teams have no Learning Cycle yet." in page
    assert 'type="file"' not in page


def test_a_right_that_ended_while_the_file_waited_counts_at_once(worker_client, here):
    send(worker_client, here, csv_bytes(GOOD))
    upload = Upload.objects.get()
    f.MembershipFactory(user=here.worker, team=here.working)
    here.worker.memberships.filter(team=here.core).delete()
    assert worker_client.post(reverse("issues:import_confirm", args=[upload.token])).status_code == 403
    assert Issue.objects.count() == 0


@pytest.mark.parametrize("name", ["import_check", "import_confirm", "import_throw_away", "import_done"])
def test_an_unknown_token_is_not_found(worker_client, name):
    method = "post" if name in ("import_confirm", "import_throw_away") else "get"
    assert getattr(worker_client, method)(reverse(f"issues:{name}", args=[uuid.uuid4()])).status_code == 404


@pytest.mark.parametrize("name", ["import_confirm", "import_throw_away"])
def test_links_change_nothing(worker_client, here, name):
    send(worker_client, here, csv_bytes(GOOD))
    upload = Upload.objects.get()
    assert worker_client.get(reverse(f"issues:{name}", args=[upload.token])).status_code == 405
    assert Upload.objects.filter(pk=upload.pk).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_check_page_query_count(worker_client, here, count, django_assert_num_queries):
    rows = [*SOURCE_HEAD, *[[f"Asks {n}", "x", "x", "", "", "", "", "", "", ""] for n in range(count)]]
    url = send(worker_client, here, csv_bytes(rows)).url
    with django_assert_num_queries(9):  # who asks (3), the file (3), its rows, questions and counts (3)
        worker_client.get(url)
