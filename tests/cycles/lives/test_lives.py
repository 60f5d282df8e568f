from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cycles.lives import actions
from cycles.lives.before_since import before_since, costs_by_quarter
from cycles.models import AuditEntry, Case, CaseOpening, Notice, Scale
from cycles.refusals import Refused
from tests import factories as f
from tests.helpers.queries import assert_queries_stay_flat


@pytest.fixture
def case(here):
    return f.CaseFactory(team=here.core, worker=here.worker, alias="Zofia", what_matters="A settled child")


@pytest.fixture
def worker(client, here):
    client.force_login(here.worker)
    return client


def url(name, case):
    return reverse(f"cycles:{name}", args=[case.pk])


# ---------------------------------------------------------------- opening a page


@pytest.mark.system(13)
def test_a_name_and_nothing_else_opens_a_page_and_its_cycle(worker, here):
    response = worker.post(reverse("cycles:person_new"), {"alias": "Zofia", "team": here.core.pk})
    case = Case.objects.get()
    assert response.url == case.get_absolute_url()
    assert (case.worker, case.cycle.scale, case.cycle.team) == (here.worker, Scale.PERSON, here.core)
    assert "Zofia" not in case.cycle.title


def test_a_page_without_a_name_is_asked_for_one(worker, here):
    response = worker.post(reverse("cycles:person_new"), {"team": here.core.pk, "what_matters": "Kept as typed"})
    assert response.status_code == 422
    assert "Put the name they chose. Any name will do." in response.text
    assert "Kept as typed" in response.text
    assert not Case.objects.exists()


def test_opening_twice_with_one_form_makes_one_page(worker, here):
    form = {"alias": "Zofia", "team": here.core.pk, "client_id": "0d5c6c1e-7f0e-4f57-9d34-2b6c2f3a1f56"}
    assert len({worker.post(reverse("cycles:person_new"), form).url for _ in range(2)}) == 1
    assert Case.objects.count() == 1


def test_no_field_of_a_life_decides_who_is_eligible_or_scores():
    names = {field.name for field in Case._meta.get_fields()}
    for word in ("eligib", "score", "risk", "rank", "diagnos", "target", "threshold", "outcome"):
        assert not [name for name in names if word in name]


# ------------------------------------------------------------------- who reads it

ALLOWED = [
    # who, how it stands, sees it, may change it
    ("worker", "", True, True),
    ("colleague", "", False, False),
    ("colleague", "added", True, True),
    ("colleague", "removed", False, False),
    ("colleague", "reason", True, False),
    ("colleague", "reason yesterday", False, False),
    ("op_lead", "", False, False),
    ("helper", "", False, False),
    ("helper", "added", False, False),  # of another team: adding alone opens nothing
    ("leader", "", False, False),
    ("steward", "", False, False),
    ("steward", "reason", False, False),
    ("evidence", "", False, False),
    ("admin", "", False, False),
]


@pytest.mark.parametrize(("who", "how", "sees", "changes"), ALLOWED)
def test_who_may_see_and_change_a_life(client, here, case, who, how, sees, changes):
    user = getattr(here, who)
    now = timezone.now()
    if how in ("added", "removed"):
        until = timezone.localdate() if how == "removed" else None
        case.people.create(user=user, added_by=here.worker, until_on=until)
    if how.startswith("reason"):
        until = now - timedelta(minutes=1) if "yesterday" in how else now + timedelta(hours=1)
        case.openings.create(by=user, reason="Asha is ill", until_at=until)
    assert Case.objects.visible_to(user).filter(pk=case.pk).exists() is sees
    client.force_login(user)
    assert client.get(url("person_edit", case)).status_code == (200 if changes else 403 if sees else 404)
    assert type(case.cycle).objects.visible_to(user).filter(pk=case.cycle_id).exists() is sees


def test_a_worker_who_left_the_team_sees_nothing_more(client, here, case):
    here.worker.memberships.update(to_on=timezone.localdate())
    client.force_login(here.worker)
    assert client.get(case.get_absolute_url()).status_code == 404


def test_someone_of_the_team_says_why_and_the_worker_is_told(client, here, case):
    client.force_login(here.colleague)
    response = client.get(case.get_absolute_url())
    assert response.url == url("person_why", case)
    asks = client.get(response.url).text
    assert "Zofia" not in asks
    assert "A settled child" not in asks
    assert client.post(url("person_why", case), {"reason": " "}).status_code == 422
    assert not CaseOpening.objects.exists()
    assert client.post(url("person_why", case), {"reason": "Asha is ill"}).url == case.get_absolute_url()
    assert "A settled child" in client.get(case.get_absolute_url()).text
    opening = CaseOpening.objects.get()
    notice = Notice.objects.get(user=here.worker)
    assert (notice.kind, notice.subject_ref) == ("case_read", opening.pk)
    client.force_login(here.worker)
    assert "Asha is ill" in client.get(case.get_absolute_url()).text


def test_an_opening_ends_with_the_day(here, case):
    opening = actions.open_for_a_reason(case=case, reason="Ill", by=here.colleague)
    local = timezone.localtime(opening.until_at)
    assert (local.hour, local.minute) == (0, 0)
    assert local.date() == timezone.localdate() + timedelta(days=1)
    assert actions.open_for_a_reason(case=case, reason="Again", by=here.colleague) == opening


@pytest.mark.parametrize(
    ("when", "ends"),
    [("2026-03-28T12:00+00:00", "2026-03-29T00:00+00:00"), ("2026-10-25T00:30+01:00", "2026-10-26T00:00+00:00")],
)
def test_the_day_ends_at_midnight_here_when_the_clocks_change(when, ends):
    moment = timezone.datetime.fromisoformat
    assert actions.end_of_day(moment(when)) == moment(ends)


def test_every_reading_is_logged_with_ids_only(client, here, case):
    client.force_login(here.worker)
    client.get(case.get_absolute_url())
    client.get(case.get_absolute_url())
    rows = AuditEntry.objects.filter(act="case_read")
    assert [(r.actor_ref, r.kind, r.target_ref, r.place_ref) for r in rows] == [
        (here.worker.pk, "case", case.pk, here.place.pk)
    ] * 2


def test_opening_a_form_with_its_words_is_a_reading_too(worker, case):
    worker.get(url("person_edit", case))
    assert AuditEntry.objects.filter(act="case_read", target_ref=case.pk).count() == 1


def test_a_refused_reading_shows_and_logs_nothing(client, here, case):
    client.force_login(here.helper)
    assert client.get(case.get_absolute_url()).status_code == 404
    assert not AuditEntry.objects.filter(act="case_read").exists()


def test_a_colleague_is_found_by_the_whole_name_only(client, here, case):
    client.force_login(here.colleague)
    find = reverse("cycles:person_find")
    assert client.post(find, {"alias": "zofia "}).url == case.get_absolute_url()
    assert client.post(find, {"alias": "Zof"}).url == reverse("cycles:people")
    client.force_login(here.helper)
    assert client.post(find, {"alias": "Zofia"}).url == reverse("cycles:people")


def test_the_worker_adds_and_removes_readers_at_once(client, here, case):
    client.force_login(here.worker)
    client.post(url("person_readers", case), {"user": here.colleague.pk})
    reader = case.people.get()
    client.force_login(here.colleague)
    assert client.get(case.get_absolute_url()).status_code == 200
    assert client.get(url("person_readers", case)).status_code == 403
    client.force_login(here.worker)
    client.post(reverse("cycles:reader_remove", args=[reader.pk]))
    client.force_login(here.colleague)
    assert client.get(case.get_absolute_url()).status_code == 302


def test_nobody_outside_the_team_is_added(worker, here, case):
    response = worker.post(url("person_readers", case), {"user": here.leader.pk})
    assert response.status_code == 422
    with pytest.raises(Refused):
        actions.add_reader(case=case, user=here.leader, by=here.worker)


@pytest.mark.parametrize("name", ["person", "person_edit", "person_readers", "contact_new", "person_close"])
def test_no_name_stands_in_a_windows_title(worker, case, name):
    page = worker.get(url(name, case)).text
    title = page[page.index("<title>") : page.index("</title>")]
    assert "Zofia" not in title
    assert "Zofia" in page


def test_lives_of_others_are_neither_listed_nor_counted(client, here, case):
    client.force_login(here.colleague)
    response = client.get(reverse("cycles:people"))
    assert list(response.context["cases"]) == []
    assert "Zofia" not in response.text


# -------------------------------------------------------------- pause, close, again


@pytest.mark.system(59)
def test_closing_needs_their_words_and_coming_back_finds_the_same_worker(worker, here, case):
    assert worker.post(url("person_close", case), {"agreed_close_words": " "}).status_code == 422
    worker.post(url("person_close", case), {"agreed_close_words": "I can ring if letters start"})
    case.refresh_from_db()
    assert (case.state, case.closed_on) == ("closed", timezone.localdate())
    assert "I can ring if letters start" in worker.get(case.get_absolute_url()).text
    worker.post(url("person_reopen", case), {"worker": here.worker.pk})
    case.refresh_from_db()
    assert (case.state, case.worker, case.closed_on) == ("open", here.worker, None)
    assert [m.what for m in case.moves.order_by("pk")] == ["closed", "reopened"]
    assert case.moves.get(what="closed").words == "I can ring if letters start"


@pytest.mark.system(59)
def test_another_worker_on_coming_back_needs_a_reason(worker, here, case):
    actions.close_case(case=case, agreed_close_words="Done", by=here.worker)
    response = worker.post(url("person_reopen", case), {"worker": here.colleague.pk, "why": ""})
    assert response.status_code == 422
    assert "Say why it is someone else." in response.text
    worker.post(url("person_reopen", case), {"worker": here.colleague.pk, "why": "Asha has moved on"})
    case.refresh_from_db()
    assert (case.state, case.worker) == ("open", here.colleague)


@pytest.mark.system(59)
@pytest.mark.parametrize("step", [6, 1])
def test_the_six_steps_go_either_way(worker, case, step):
    Case.objects.filter(pk=case.pk).update(step=3)
    worker.post(url("person_step", case), {"step": step, "version": 1})
    page = worker.get(case.get_absolute_url())
    marked = [each["label"] for each in page.context["steps"] if each["now"]]
    assert marked == [Case.Step(step).label]


def test_a_step_changed_meanwhile_is_not_overwritten(worker, case):
    worker.post(url("person_step", case), {"step": 2, "version": 1})
    response = worker.post(url("person_step", case), {"step": 5, "version": 1})
    assert response.status_code == 409
    assert "What matters" in response.text
    case.refresh_from_db()
    assert case.step == 2


def test_the_database_refuses_to_close_without_words(case):
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(state="closed", closed_on=timezone.localdate())


@pytest.mark.system(67)
def test_pausing_and_going_on_at_their_own_pace(worker, case):
    worker.post(url("person_pause", case), {"words": "Not this month"})
    case.refresh_from_db()
    assert case.state == "paused"
    assert "Not this month" in worker.get(case.get_absolute_url()).text
    worker.post(url("person_resume", case))
    worker.post(url("person_resume", case))
    case.refresh_from_db()
    assert case.state == "open"
    assert [m.what for m in case.moves.order_by("pk")] == ["paused", "resumed"]


@pytest.mark.system(66)
@pytest.mark.system(67)
def test_what_matters_and_strengths_stand_above_the_problem(worker, case):
    form = {
        "alias": "Zofia",
        "what_matters": "A quiet home",
        "strengths": "Funny, good with money",
        "recorded_demand": "Council tax debt",
        "real_demand": "Wrong award",
        "is_mismatch": "True",
        "arrangement": "Mornings, by text",
        "version": case.version,
    }
    worker.post(url("person_edit", case), form)
    page = worker.get(case.get_absolute_url()).text
    order = [page.index(form[name]) for name in ("what_matters", "strengths", "recorded_demand", "arrangement")]
    assert order == sorted(order)


def test_a_second_writer_of_a_life_gets_both_texts(worker, case):
    form = {"alias": "Zofia", "is_mismatch": "", "version": 1}
    worker.post(url("person_edit", case), form | {"strengths": "Theirs"})
    response = worker.post(url("person_edit", case), form | {"strengths": "Mine"})
    assert response.status_code == 409
    assert "Theirs" in response.text
    assert "Mine</textarea>" in response.text


def test_an_op_lead_hands_over_when_the_worker_has_left(client, here, case):
    client.force_login(here.op_lead)
    assert client.get(url("person_worker", case)).status_code == 404
    actions.open_for_a_reason(case=case, reason="Asha has left", by=here.op_lead)
    client.post(url("person_worker", case), {"worker": here.colleague.pk, "why": "Asha has left"})
    case.refresh_from_db()
    assert case.worker == here.colleague
    assert case.moves.get().what == "handed_over"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(["pause", "resume", "close", "close silently", "reopen"]), max_size=10))
def test_any_order_keeps_the_rules_and_the_history(here, steps):
    case = f.CaseFactory(team=here.core, worker=here.worker)
    acts = {
        "pause": lambda: actions.pause_case(case=case, words="", by=here.worker),
        "resume": lambda: actions.resume_case(case=case, by=here.worker),
        "close": lambda: actions.close_case(case=case, agreed_close_words="We agreed", by=here.worker),
        "close silently": lambda: actions.close_case(case=case, agreed_close_words=" ", by=here.worker),
        "reopen": lambda: actions.reopen_case(case=case, by=here.worker),
    }
    follows = {
        ("open", "pause"): "paused",
        ("open", "resume"): "open",
        ("paused", "resume"): "open",
        ("open", "close"): "closed",
        ("paused", "close"): "closed",
        ("closed", "reopen"): "open",
    }
    state, moved = "open", 0
    for step in steps:
        if (state, step) in follows:
            acts[step]()
            moved += follows[state, step] != state
            state = follows[state, step]
        else:
            with pytest.raises(Refused):
                acts[step]()
        case.refresh_from_db()
        assert case.state == state
        assert (case.closed_on is not None) == (state == "closed")
    assert case.moves.count() == moved


# ----------------------------------------------------------- what happened, money


def contact(on, agency="Housing", cost=None):
    return SimpleNamespace(on=on, agency=agency and SimpleNamespace(name=agency), cost=cost)


@pytest.mark.system(32)
def test_before_and_since_are_counted_in_equal_windows():
    met, today = date(2026, 9, 1), date(2026, 9, 30)
    found = before_since(
        [
            contact(date(2026, 8, 2)),  # the first day of the window before
            contact(date(2026, 8, 1)),  # a day too early
            contact(met),
            contact(today),
            contact(date(2026, 8, 31), "Police"),
            contact(date(2026, 9, 2), None),  # us
        ],
        met,
        today,
    )
    assert found.rows == [("Housing", 1, 2), ("Police", 1, 0)]
    assert (found.before_from, found.days, found.last_day) == (date(2026, 8, 2), 30, today)


@pytest.mark.system(32)
def test_windows_stop_at_six_months():
    found = before_since([contact(date(2026, 9, 1))], date(2026, 1, 1), date(2026, 12, 1))
    assert found.days == 182
    assert found.rows == []


@pytest.mark.system(31)
def test_costs_are_summed_by_quarter_with_the_quiet_ones_between():
    rows = costs_by_quarter(
        [contact(date(2026, 1, 31), cost=10), contact(date(2026, 8, 1), cost=5), contact(date(2026, 4, 1))]
    )
    assert rows == [("Q1 2026", 10), ("Q2 2026", 0), ("Q3 2026", 5)]


@pytest.mark.system(31)
@pytest.mark.system(32)
def test_what_happened_shows_with_its_cost_source_and_windows(worker, here, case):
    housing = f.AgencyFactory(place=here.place, name="Northern Homes")
    day = timezone.localdate()
    Case.objects.filter(pk=case.pk).update(opened_on=day - timedelta(days=10), trajectory="Court next")
    form = {"kind": "assessment", "mode": "", "agency": housing.pk, "activity": "A form for a move", "cost": "120"}
    before = form | {"on": day - timedelta(days=15)}
    assert worker.post(url("contact_new", case), before).status_code == 422  # a cost says who worked it out
    assert worker.post(url("contact_new", case), before | {"cost_source": "The evidence team"}).status_code == 302
    page = worker.get(case.get_absolute_url()).text
    for words in ("A form for a move", "Northern Homes: 1 before, 0 since", "11 days before", "Court next"):
        assert words in page, words
    assert "Worked out by The evidence team." in page
    assert case.contacts.get().phase == "before"


def test_a_day_to_come_has_not_happened(worker, case):
    form = {"on": timezone.localdate() + timedelta(days=1), "kind": "visit", "mode": "", "activity": "Tea"}
    response = worker.post(url("contact_new", case), form)
    assert response.status_code == 422
    assert "Give a day that has been." in response.text


def test_money_is_added_up_and_sent_once(worker, case):
    form = {"on": timezone.localdate(), "amount": "45.50", "what_for": "Uniform"}
    ids = ["0d5c6c1e-7f0e-4f57-9d34-2b6c2f3a1f5" + n for n in "77aab"]
    for client_id in ids:
        worker.post(url("spend_new", case), form | {"client_id": client_id})
    assert case.spends.count() == 3
    assert "£136.50" in worker.get(case.get_absolute_url()).text
    assert worker.post(url("spend_new", case), form | {"amount": "-1"}).status_code == 422


def test_issues_from_a_life_show_on_its_page(worker, here, case):
    f.IssueFactory(cycle=here.cycle, raised_by=here.worker, case=case, description="Uniforms are not paid for")
    f.IssueFactory(cycle=here.cycle, raised_by=here.worker, description="Another matter")
    page = worker.get(case.get_absolute_url())
    assert [issue.description for issue in page.context["issues"]] == ["Uniforms are not paid for"]


def test_people_query_count(worker, here):
    # who is asking (3), the lives
    assert_queries_stay_flat(
        worker, reverse("cycles:people"), lambda: f.CaseFactory(team=here.core, worker=here.worker), most=4
    )


def test_person_page_query_count(worker, here, case):
    agency = f.AgencyFactory(place=here.place)

    def more():
        case.contacts.create(activity="Visit", agency=agency, by=here.worker)
        case.spends.create(amount=4, what_for="Bus", by=here.worker)
        case.moves.create(what="paused", by=here.worker)
        case.people.create(user=f.UserFactory(), added_by=here.worker)
        f.StoryFactory(cycle=case.cycle, case=case, written_by=here.worker)
        f.IssueFactory(cycle=here.cycle, raised_by=here.worker, case=case)

    # who is asking (3), the life, its reading logged, contacts, moves, readers, alongside, openings, spends and
    # their sum, stories, issues, the forums it was brought to, the map, lessons
    assert_queries_stay_flat(worker, case.get_absolute_url(), more, most=19)
