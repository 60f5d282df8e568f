import re

import pytest
from django.urls import reverse

STATEMENTS = ["help", "who_sees_what", "accessibility", "privacy", "offline"]
NEVER = r"successfully|please note|service user|performance|case closed|non-engagement"


@pytest.mark.parametrize("name", STATEMENTS)
def test_statements_are_open_to_everyone(client, db, name):
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert response.content.decode().count("<h1>") == 1


@pytest.mark.parametrize("name", STATEMENTS)
def test_statements_keep_to_our_words(client, db, name):
    words = re.sub("<[^>]+>", " ", client.get(reverse(name)).content.decode())
    assert re.findall(NEVER, words, re.I) == []


@pytest.mark.parametrize("name", STATEMENTS)
def test_statements_ask_the_database_nothing(client, db, name, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get(reverse(name))


@pytest.mark.system(4)
def test_help_says_why_there_are_no_targets(client, db):
    html = client.get(reverse("help")).content.decode()
    reasons = html.partition('id="targets"')[2].partition("</section>")[0]
    assert "Why there are no targets" in reasons
    assert "A measure is a question".lower() in reasons.lower()
    assert "fewer than 30 in 100" in reasons
    assert "The more a number decides, the more it gets bent" in reasons


@pytest.mark.system(1)
def test_help_explains_the_three_parts(client, db):
    html = client.get(reverse("help")).content.decode()
    for part in ("Human.", "Learning.", "Systems."):
        assert f"<strong>{part}</strong>" in html


def test_help_on_this_page_leads_to_what_is_there(client, db):
    html = client.get(reverse("help")).content.decode()
    links = re.findall(r'<li><a href="#(\w+)"', html)
    assert links
    assert [link for link in links if f'id="{link}"' not in html] == []


def test_footer_has_help_in_the_same_order_on_every_page(client, db):
    for name in STATEMENTS:
        foot = client.get(reverse(name)).content.decode().partition('<footer class="foot')[2]
        assert re.findall(r'href="([^"]+)"', foot) == ["/help/", "/who-sees-what/", "/accessibility/", "/privacy/"]
