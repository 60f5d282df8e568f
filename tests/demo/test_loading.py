"""Loading the demo into an empty database, and a place that is none."""

import json
from io import StringIO

from django.core.management import call_command

from cycles import models as c
from hls.demo.clear import clear
from hls.demo.load import load


def test_load_demo_prints_one_sign_in_a_role_as_json(db):
    out = StringIO()
    call_command("load_demo", "--if-empty", "--json", stdout=out)
    people = json.loads(out.getvalue())
    assert {c.Role(r).label for r in c.Role.values} == {p["role"] for p in people}
    one = people[0]
    assert c.User.objects.get(email=one["email"]).check_password(one["password"])
    again = StringIO()
    call_command("load_demo", "--if-empty", "--json", stdout=again)
    assert json.loads(again.getvalue()) == []


def test_passwords_are_made_for_each_installation(db):
    first = {p["email"]: p["password"] for p in load()}
    clear()
    second = {p["email"]: p["password"] for p in load()}
    assert not set(first.values()) & set(second.values())


def test_no_page_of_a_real_place_says_demo(client, here):
    client.force_login(here.worker)
    assert "· demo" not in client.get("/today/").text
