import re
from datetime import date, time

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.template import Context, Template
from django.test.html import parse_html
from django.utils.safestring import mark_safe

from cycles.lives.forms import SpendForm
from hls.look.forms import CairnForm, CairnRenderer
from hls.templatetags.look import choice_tag

HOSTILE = "<img src=x onerror=alert(1)>"


class IssueForm(CairnForm):
    text = forms.CharField(widget=forms.Textarea, max_length=20, help_text="A few words is fine.")
    level = forms.ChoiceField(choices=[("ind", "Ind"), ("sys", "Sys")], widget=forms.RadioSelect)
    due_on = forms.DateField(required=False)
    mine = forms.BooleanField(required=False)
    ref = forms.CharField(widget=forms.HiddenInput, required=False)


def render(source, **context):
    return Template("{% load look %}" + source).render(Context(context))


def test_field_ties_hint_and_error_to_the_box():
    html = render("{% field form.text %}", form=IssueForm({"text": ""}))
    assert 'aria-describedby="id_text_helptext id_text_error"' in html
    assert 'id="id_text_helptext"' in html
    assert 'id="id_text_error"' in html
    assert 'aria-invalid="true"' in html
    assert '<label for="id_text">' in html


def test_empty_box_gets_kind_words():
    assert IssueForm({}).errors["text"] == ["Fill this in. A few words is fine."]
    assert IssueForm({}).errors["level"] == ["Choose one."]


class EveryKind(CairnForm):
    who = forms.EmailField()
    on = forms.DateField()
    at = forms.TimeField()
    cost = forms.DecimalField(max_digits=5, decimal_places=2)
    many = forms.IntegerField(min_value=1, max_value=5)
    short = forms.CharField(max_length=3)
    level = forms.ChoiceField(choices=[("ind", "Ind")])


@pytest.mark.parametrize(
    "typed",
    [
        {"who": "asha", "on": "soon", "at": "late", "cost": "a lot", "many": "a few", "short": "long", "level": "sys"},
        {"who": "a@", "on": "31/02/2026", "at": "25:00", "cost": "1.234", "many": "0", "short": "x\0", "level": "x"},
        {"who": "@", "on": "0", "at": "0", "cost": "123456", "many": "6", "short": "long", "level": "x"},
    ],
)
def test_no_box_says_the_frameworks_own_words(typed):
    errors = EveryKind(typed).errors
    assert errors.keys() == typed.keys()
    said = " ".join(message for messages in errors.values() for message in messages)
    assert not re.search("valid|Ensure|Null", said), said


def test_words_of_a_model_are_kind_too(db):
    form = SpendForm({"on": "2026-11-20", "amount": "-3", "what_for": "Bus"})
    assert form.errors["amount"] == ["That is too little: 0 or more."]


def test_own_words_of_a_form_win():
    class Own(CairnForm):
        why = forms.CharField(error_messages={"required": "Say why this needs a higher level."})

    assert Own({}).errors["why"] == ["Say why this needs a higher level."]


def test_long_text_is_kept_and_not_cut_by_the_browser():
    form = IssueForm({"text": "x" * 30, "level": "ind"})
    html = render("{% field form.text %}", form=form)
    assert "maxlength" not in html
    assert 'data-most="20"' in html
    assert "x" * 30 in html
    assert "up to 20 letters. You have 30." in html


def test_choices_are_a_fieldset_with_a_legend():
    html = render("{% field form.level layout='even' %}", form=IssueForm({"level": "sys"}))
    assert "<fieldset" in html
    assert "<legend>Level" in html
    assert html.count("checked") == 1


def test_error_summary_links_to_the_first_control_of_each_field():
    html = render("{% error_summary form %}", form=IssueForm({}))
    assert '<a href="#id_text">' in html
    assert '<a href="#id_level_0">' in html
    assert 'role="alert"' in html


def test_error_summary_names_the_field_where_the_words_do_not():
    class Asking(CairnForm):
        why = forms.CharField(label="Why now?")
        who = forms.CharField()
        due = forms.CharField(error_messages={"required": "Say when."})

    html = render("{% error_summary form %}", form=Asking({}))
    assert "Why now? Fill this in. A few words is fine.</a>" in html
    assert "Who: fill this in. A few words is fine.</a>" in html
    assert ">Say when.</a>" in html


def test_error_summary_is_silent_before_anything_was_sent():
    assert render("{% error_summary form %}", form=IssueForm()).strip() == ""


def test_whole_form_renders_each_field_once():
    html = render("{{ form }}", form=IssueForm())
    for name in ("text", "level", "due_on", "mine", "ref"):
        assert f'name="{name}"' in html
    assert html.count('name="text"') == 1
    assert 'type="date"' in html
    assert "required" not in html


def test_typed_text_comes_back_escaped():
    html = render("{{ form }}", form=IssueForm({"text": HOSTILE}))
    assert "<img" not in html
    assert "&lt;img" in html


def test_a_plain_django_form_is_welcome():
    class Plain(forms.Form):
        email = forms.EmailField(widget=forms.EmailInput(attrs={"placeholder": "E-mail"}))

    html = render("{% field form.email label='Work e-mail' hint='The one we know.' %}", form=Plain())
    assert "Work e-mail</label>" in html
    assert "placeholder" not in html
    assert 'id="id_email_helptext"' in html


@pytest.mark.parametrize("widget", [forms.RadioSelect, forms.CheckboxSelectMultiple])
@pytest.mark.parametrize("chosen", [None, "a", '"<'])
def test_choice_tag_gives_what_djangos_templates_give(widget, chosen):
    class Asking(CairnForm):
        which = forms.ChoiceField(
            choices=[("", "Not sure"), ("a", "A"), ('"<', "B")],
            widget=widget(attrs={"data-most": 3, "disabled": False, "hx-get": "/x/?a=1&b=2", "required": True}),
            required=False,
        )

    form = Asking(initial={"which": [chosen] if widget is forms.CheckboxSelectMultiple else chosen})
    for choice in form["which"]:
        assert parse_html(choice_tag(choice)) == parse_html(choice.tag())


GROUPS = [("", "None"), ("a", HOSTILE), ("Others <", [(1, mark_safe("<i>x</i>")), (2.5, "y")]), ('"<', 1234)]


@pytest.mark.parametrize(
    ("widget", "values"),
    [
        (forms.TextInput, [None, "", HOSTILE, 5]),
        (forms.Textarea, [None, "", HOSTILE, "\nfirst"]),
        (forms.Select, [None, "", "a", "1", '"<']),
        (forms.SelectMultiple, [[], ["a", "1"]]),
        (forms.CheckboxInput, [None, True, False, "on"]),
        (forms.HiddenInput, [None, HOSTILE]),
        (forms.DateInput, [None, date(2026, 11, 21)]),
        (forms.TimeInput, [None, time(9, 5)]),
        (forms.NumberInput, [None, 3, "three"]),
        (forms.EmailInput, [HOSTILE]),
    ],
)
@pytest.mark.parametrize(
    "attrs",
    [
        {},
        {"data-most": 3, "disabled": False, "hx-get": "/x/?a=1&b=2", "required": True, "id": "id_x"},
        {"class": mark_safe("a &amp; b"), "data-none": None, "placeholder": HOSTILE},
    ],
)
def test_a_box_is_what_djangos_templates_give(widget, values, attrs):
    ours, theirs = CairnRenderer(), DjangoTemplates()
    for value in values:
        box = widget(attrs=attrs)
        if hasattr(box, "choices"):
            box.choices = GROUPS
        drawn = box.render("na<me", value, renderer=ours)
        assert parse_html(drawn) == parse_html(box.render("na<me", value, renderer=theirs))
        assert "<img" not in drawn


def test_words_of_one_form_never_reach_another():
    class Asking(CairnForm):
        why = forms.CharField(max_length=10)
        on = forms.DateField()

    first = Asking()
    first.fields["why"].error_messages["required"] = "Only here."
    first.fields["why"].widget.attrs["rows"] = 9
    first.fields["on"].widget.attrs["class"] = "wide"

    second = Asking({})
    assert second.errors["why"] == ["Fill this in. A few words is fine."]
    assert "rows" not in second.fields["why"].widget.attrs
    assert 'type="date"' in str(second["on"])
    assert "wide" not in str(second["on"])
