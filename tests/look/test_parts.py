import pytest
from django.template import Context, Template
from django.test import RequestFactory

from hls.look import nav

HOSTILE = "<script>alert(1)</script>"


def render(source, **context):
    return Template("{% load look %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("value", "stones", "word"),
    [
        (1, 1, "Individual"),
        ("sys", 2, "System"),
        ("Macro", 3, "Macro"),
        (None, 0, "Not sure yet"),
        (9, 0, "Not sure yet"),
    ],
)
def test_level_fills_stones_and_says_the_word(value, stones, word):
    html = render("{% level value %}", value=value)
    assert html.count('class="on"') == stones
    assert f"<span>{word}</span>" in html


@pytest.mark.parametrize(
    ("scale", "word"), [("person", "Person scale"), ("region", "Region scale"), ("", "Not sure yet")]
)
def test_scale_fills_one_stone(scale, word):
    html = render("{% scale scale %}", scale=scale)
    assert html.count('class="on"') == (0 if scale == "" else 1)
    assert word in html


@pytest.mark.parametrize(
    "source",
    [
        "{% tag words 'open' %}",
        "{% who_sees 'shared' words %}",
        "{% notice words 'stop' %}",
        "{% voice words by=words %}",
        "{% echo said=words changed=words %}",
        "{% saved 'failed' words %}",
        "{% empty_state words words url=words label=words %}",
        "{% path steps %}",
        "{% pager older=words %}",
        "{% figure '' question=words n=words table=table %}",
        "{% include 'parts/pair.html' with now=words new=words %}",
        "{% include 'parts/queue.html' with items=items %}",
    ],
)
def test_parts_escape_what_people_wrote(source):
    html = render(
        source,
        words=HOSTILE,
        steps=[{"title": HOSTILE, "by": HOSTILE, "text": HOSTILE}],
        table={"head": [HOSTILE], "rows": [[HOSTILE, HOSTILE]]},
        items=[{"pk": 1, "text": HOSTILE, "url": "/x/", "meta": HOSTILE}],
    )
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_voice_keeps_line_breaks():
    assert "one<br>two" in render("{% voice words %}", words="one\ntwo")


def test_path_marks_where_it_is_now():
    html = render("{% path steps %}", steps=[{"title": "a", "when": "past"}, {"title": "b", "when": "now"}])
    assert html.count('aria-current="step"') == 1


@pytest.mark.parametrize(("now", "name"), [(2, "Understand the system"), ("do_and_learn", "Do and learn")])
def test_stages_marks_the_stage(now, name):
    html = render("{% stages now %}", now=now)
    assert f'aria-current="step"><span>{name} ' in html


def test_here_changes_one_value_and_starts_the_list_again():
    request = RequestFactory().get("/issues/?view=all&q=debt&before=7")
    html = render("{% here 'view' 'mine' %}", request=request)
    assert sorted(html.removeprefix("?").split("&amp;" if "&amp;" in html else "&")) == ["q=debt", "view=mine"]


def test_figure_has_its_numbers_as_a_table():
    html = render(
        "{% figure svg question='Does it help?' n='n = 9' table=table %}",
        svg="",
        table={"head": ["When", "Value"], "rows": [["June", 3]]},
    )
    assert '<th scope="row">June</th><td>3</td>' in html


def test_bar_marks_the_item_that_holds_the_page(settings):
    settings.ROOT_URLCONF = "tests.look.bar_urls"
    items = nav.bar("caseworker", "/issues/A-014/")
    assert [(item.label, item.current) for item in items] == [("Today", False), ("Issues", True)]


def test_bars_hold_five_items_at_most():
    assert max(len(items) for items in nav.BARS.values()) <= 5


def test_constant_part_is_put_together_once_and_holds_nothing_of_the_page():
    template = Template(
        "{% load look %}{% constant %}{% icon 'leaf' %}{% if said %}leak{% endif %}{% endconstant %}{{ said }}"
    )
    one, other = template.render(Context({"said": "hers"})), template.render(Context({"said": "his"}))

    assert one.endswith("</svg>hers")
    assert other.endswith("</svg>his")
    assert "leak" not in one + other


def test_options_mark_the_one_that_was_chosen_and_escape_the_rest():
    choices = (("a", "A & B"), ('"', "C"))
    page = Template("{% load look %}{% options choices chosen %}").render(Context({"choices": choices, "chosen": "a"}))

    assert page == '<option value="a" selected>A &amp; B</option><option value="&quot;">C</option>'
