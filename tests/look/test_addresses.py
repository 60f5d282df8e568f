"""`{% url %}` remembers what it found, and finds what Django's own finds."""

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse, set_script_prefix


def render(source, **context):
    return Template(source).render(Context(context))


def test_an_address_is_djangos_however_often_it_is_asked():
    for ref in ("A-001", "B-002", "A-001"):
        assert render("{% url 'issues:issue' ref %}", ref=ref) == reverse("issues:issue", args=[ref])
    for pk in (7, "7", 8):
        assert render("{% url 'debriefs:debrief' pk %}", pk=pk) == reverse("debriefs:debrief", args=[pk])
    assert render("{% url 'cycles:cycle' pk=3 %}") == reverse("cycles:cycle", args=[3])


def test_an_address_can_be_kept_under_a_name():
    assert render("{% url 'today' as there %}-{{ there }}") == f"-{reverse('today')}"
    assert render("{% url 'no_such_page' as there %}-{{ there }}") == "-"


@pytest.mark.parametrize("source", ["{% url 'no_such_page' %}", "{% url 'debriefs:debrief' 'x' %}"])
def test_an_address_that_is_none_is_an_error_each_time(source):
    for _ in range(2):
        with pytest.raises(NoReverseMatch):
            render(source)


def test_an_address_is_no_way_in_for_markup():
    assert render("{% autoescape on %}{% url 'cycles:place_question' said %}{% endautoescape %}", said="a'b") == (
        reverse("cycles:place_question", args=["a'b"]).replace("'", "&#x27;")
    )


def test_an_address_follows_where_the_product_is_mounted():
    before = render("{% url 'today' %}")
    set_script_prefix("/cairn/")
    try:
        assert render("{% url 'today' %}") == f"/cairn{before}"
    finally:
        set_script_prefix("/")
