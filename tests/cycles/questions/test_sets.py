import pytest
from django.core.management.sql import emit_post_migrate_signal

from cycles.questions.models import Question
from cycles.questions.sets import questions
from cycles.questions.which import BOUNDARY, ON_THE_CARD, SETS, TIERS

# DOMAIN.md section 4, word for word: a key that goes, comes or changes is noticed here.
KEYS = {
    "start": ("start.", "where who learned enable share"),
    "permission": ("permission.", "need failing allies invite"),
    "purpose": ("purpose.", "aim old new"),
    "understand": ("understand.", "actors ties factors together work know feedback"),
    "experiment": ("experiment.", "question people actions data sense safe protect codesign legal harmless"),
    "doing": ("doing.", "patterns here elsewhere"),
    "embed": ("embed.", "own others"),
    "link": ("link.", "policy organisation"),
    "managing": ("managing.", "working change time resources enablers barriers links find enable"),
    "governing": (
        "governing.",
        "integrity lessons practice infrastructure purpose know evaluation account boundary boundary_right",
    ),
    "scale.organisation.from": ("org.", "patterns policy"),
    "scale.organisation.enable": ("org.", "caseload information reflection capability"),
    "scale.place.from": ("place.", "patterns policy"),
    "scale.place.enable": ("place.", "funding between capability"),
    "scale.country.from": ("country.", "patterns policy"),
    "scale.country.enable": ("country.", "funding between workforce"),
    "debrief": ("debrief.", "now need well learn belief next"),
    "hot": ("hot.", "issue"),
    "one_to_one": ("one.", "measures welfare"),
    "confirm": ("confirm.", "lived short next"),
    "measures.effective": ("m.", "matters better"),
    "measures.efficient": ("m.", "ease helps hinders why"),
    "measures.sustainable": ("m.", "remove grow features"),
    "central.team": ("c.team.", "impact efficiency cost morale"),
    "central.leaders": ("c.lead.", "impact efficiency cost morale"),
    "behaviours.perspective": ("b.", "whole strengths vision"),
    "behaviours.power": ("b.", "power devolved mutual"),
    "behaviours.participation": ("b.", "dialogue leadership feedback"),
    "issue": ("issue.", "who face many"),
    "commission": ("commission.", "actors convene resource collaborate enable voice steward issue"),
    "elements": ("e.", "purpose understand trust shared_purpose values design resources experiment governance embed"),
    "ground": ("ground.", "learning memory power operations system ecosystem hidden"),
    "reflect": ("reflect.", "example felt shift letgo heard next chance ask"),
    "feedback": ("f.", "best least improve other understanding contact visits outlook_before outlook_now"),
    "area": ("area.", "vision support power good"),
}


def test_every_set_of_the_sources_is_in_the_file_with_its_keys():
    found = {}
    for row in questions():
        found.setdefault(row["set"], []).append(row["key"])
    assert found == {name: [first + last for last in rest.split()] for name, (first, rest) in KEYS.items()}
    assert sum(len(keys) for keys in found.values()) == 158


def test_every_set_of_the_pages_has_questions(db):
    for name in SETS:
        assert Question.objects.in_set(name).exists(), name


def test_headings_and_cards_name_questions_that_are_there():
    keys = {row["key"] for row in questions()}
    assert {key for each in SETS.values() for key in each.heads} <= keys
    assert set(ON_THE_CARD) | set(BOUNDARY) | set(TIERS) <= keys


def test_question_file_has_each_key_once():
    keys = [row["key"] for row in questions()]
    assert len(keys) == len(set(keys))
    assert all(row["text"] and len(row["text"]) <= 300 for row in questions())


def test_questions_are_there_after_migrate(db):
    loaded = set(Question.objects.values_list("key", flat=True))
    assert loaded == {row["key"] for row in questions()}


def test_debrief_set_is_a_sandwich(db):
    asked = Question.objects.in_set("debrief")
    assert [(q.key, q.layer) for q in asked] == [
        ("debrief.now", "pragmatic"),
        ("debrief.need", "pragmatic"),
        ("debrief.well", "reflective"),
        ("debrief.learn", "reflective"),
        ("debrief.belief", "reflective"),
        ("debrief.next", "pragmatic"),
    ]


def test_hot_set_asks_its_own_first_then_borrows(db):
    assert [q.key for q in Question.objects.in_set("hot")] == ["hot.issue", "debrief.need", "debrief.next"]


def test_set_of_sets_keeps_the_order_of_the_sources(db):
    assert [q.set for q in Question.objects.in_set("measures")] == (
        ["measures.effective"] * 2 + ["measures.efficient"] * 4 + ["measures.sustainable"] * 3
    )
    assert Question.objects.in_set("central").first().key == "c.team.impact"


@pytest.mark.parametrize(
    ("set_name", "scale", "audience"),
    [
        ("scale.organisation.from", "organisation", ""),
        ("scale.place.enable", "place", ""),
        ("scale.country.enable", "country", ""),
        ("central.team", "", "team"),
        ("central.leaders", "", "leaders"),
        ("one_to_one", "", ""),
    ],
)
def test_sets_name_their_scale_and_audience(db, set_name, scale, audience):
    first = Question.objects.in_set(set_name).first()
    assert (first.scale, first.audience) == (scale, audience)


def test_loading_again_adds_nothing_and_keeps_keys(db):
    before = dict(Question.objects.values_list("key", "pk"))
    Question.objects.filter(key="debrief.need").update(is_active=False, order=99)
    emit_post_migrate_signal(0, False, "default")
    assert dict(Question.objects.values_list("key", "pk")) == before
    need = Question.objects.get(key="debrief.need")
    assert need.order < 99
    assert not need.is_active
    assert "debrief.need" not in [q.key for q in Question.objects.in_set("debrief")]
