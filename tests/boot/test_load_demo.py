"""Loading the demo into an empty database, and a place that is none."""

import datetime as dt
import json
from io import StringIO

import pytest
import yaml
from django.core.management import call_command

from cycles import models as c
from hls.demo.clear import clear
from hls.demo.debriefs import held_on
from hls.demo.load import DATA, load


def test_load_demo_prints_one_sign_in_a_role_with_passwords_of_this_installation(db):
    out = StringIO()
    call_command("load_demo", "--if-empty", "--json", stdout=out)
    people = json.loads(out.getvalue())
    assert {c.Role(r).label for r in c.Role.values} == {p["role"] for p in people}
    one = people[0]
    assert c.User.objects.get(email=one["email"]).check_password(one["password"])
    again = StringIO()
    call_command("load_demo", "--if-empty", "--json", stdout=again)
    assert json.loads(again.getvalue()) == []
    clear()
    assert not {p["password"] for p in people} & {p["password"] for p in load()}


@pytest.mark.parametrize("back", range(7))
def test_every_debrief_of_the_demo_has_a_weekday_whichever_day_it_is_loaded_on(back):
    today = dt.date(2026, 11, 22) - dt.timedelta(days=back)
    days = yaml.safe_load(DATA.read_text(encoding="utf-8"))["debriefs"]["days"]
    found = held_on(today, days)
    assert found == sorted(set(found))
    assert len(found) == len(days)
    assert all(on < today and on.isoweekday() <= 5 for on in found)
    assert all(0 <= (today - on).days - day <= 3 for on, day in zip(found, days, strict=True))


def test_no_page_of_a_real_place_says_demo(client, here):
    client.force_login(here.worker)
    assert "· demo" not in client.get("/today/").text
