"""Which set is asked where: what it hangs on, at which scale and stage, and how often it comes round."""

from dataclasses import dataclass, field

from cycles.questions.models import Rhythm
from cycles.stack.models import LearningCycle, Scale, Stage

Every = Rhythm.Every
CYCLE, EXPERIMENT, TEAM = "cycle", "experiment", "team"
SHARED = frozenset(Scale) - {Scale.PERSON}


@dataclass(frozen=True)
class QuestionSet:
    name: str
    title: str
    lede: str
    on: tuple = (CYCLE,)
    scales: frozenset = SHARED
    stage: str = ""
    every: str = Every.NEVER  # how often, unless a cycle chose otherwise
    heads: dict = field(default_factory=dict)  # a heading where these begin, by key
    says: str = "What do you say now?"
    wants_example: bool = True

    def __str__(self):
        return self.title


BOUNDARY = ("governing.boundary", "governing.boundary_right")

_ALL = [
    QuestionSet(
        "start",
        "Starting out",
        "Begin with workers who already learn with the people they help.",
    ),
    QuestionSet(
        "permission",
        "Room to try",
        "What you say here stands on each experiment of this cycle. Nobody has to be won over first.",
        stage=Stage.CO_DESIGN,
    ),
    QuestionSet(
        "purpose",
        "Purpose",
        "The old purpose and the new one stand side by side on the cycle’s page.",
        stage=Stage.PURPOSE,
    ),
    QuestionSet(
        "understand",
        "Understand the system",
        "How life now makes this outcome. Anyone who reads it may answer back.",
        scales=frozenset(Scale),
        stage=Stage.UNDERSTAND,
    ),
    QuestionSet(
        "feedback",
        "What they say of our help",
        "In their own words, as much or as little as they like. Every box may stay empty.",
        scales=frozenset({Scale.PERSON}),
        heads={"f.best": "In their words", "f.understanding": "How it was for them"},
        wants_example=False,
    ),
    QuestionSet(
        "experiment",
        "Design it together",
        "What the card says already is not asked again.",
        on=(EXPERIMENT,),
    ),
    QuestionSet(
        "doing",
        "Do and learn",
        "What the work teaches, here and elsewhere.",
        stage=Stage.DO,
    ),
    QuestionSet(
        "embed",
        "Embed and influence",
        "What should become normal, for us and for others.",
        stage=Stage.EMBED,
    ),
    QuestionSet(
        "link",
        "Joined cycles",
        "The two questions that join cycles: one about what to do, one about how.",
    ),
    QuestionSet(
        "managing",
        "Managing this cycle",
        "Is it running well? What gets in the way can become an issue in one step.",
        every=Every.MONTH,
    ),
    QuestionSet(
        "governing",
        "Governing this cycle",
        "How well are we learning? Not how well are we doing.",
        every=Every.QUARTER,
        heads={"governing.boundary": "Who is in and who is left out"},
    ),
    QuestionSet(
        "scale",
        "At this scale",
        "What this scale learns from the lives and cycles below it, and what it must make possible for them.",
        scales=frozenset({Scale.ORGANISATION, Scale.PLACE, Scale.COUNTRY}),
        heads={
            "org.patterns": "Learning from those below",
            "org.caseload": "Making it possible for them",
            "place.patterns": "Learning from those below",
            "place.funding": "Making it possible for them",
            "country.patterns": "Learning from those below",
            "country.funding": "Making it possible for them",
        },
    ),
    QuestionSet(
        "area",
        "Plan for the place",
        "Four parts, and a note on each.",
        scales=frozenset({Scale.PLACE}),
    ),
    QuestionSet(
        "ground",
        "The ground we stand on",
        "How ready are we to take in what we learn? Ask it before a start, and before a big ask.",
        on=(CYCLE, TEAM),
        heads={
            "ground.operations": "Operations: those who do the work",
            "ground.system": "System: leaders",
            "ground.ecosystem": "Ecosystem: government and others",
            "ground.learning": "For everyone",
        },
    ),
    QuestionSet(
        "behaviours",
        "How we work together",
        "Nine ways of working. Tell of a time you lived one, or missed it. There is no score.",
        on=(CYCLE, TEAM),
        heads={"b.whole": "Perspective", "b.power": "Power", "b.dialogue": "Participation"},
        says="Tell of a time, good or bad",
        wants_example=False,
    ),
    QuestionSet(
        "reflect",
        "Time to reflect",
        "For a meeting. Take a few minutes each, then share.",
        on=(TEAM,),
    ),
]
SETS = {each.name: each for each in _ALL}

# What a card or a purpose says already: shown, with a way to change it there, and not asked twice.
ON_THE_CARD = {
    "experiment.question": "question",
    "experiment.people": "people",
    "experiment.actions": "actions",
    "experiment.data": "data_plan",
    "experiment.sense": "sense_plan",
    "experiment.safe": "safe_to_fail",
    "experiment.protect": "protection",
    "experiment.legal": "legal_ok",
    "experiment.harmless": "safe_ok",
    "purpose.old": "old_purpose",
    "purpose.new": "purpose",
}
# Tiers of `ground` (DOMAIN.md 41): those who work, those who lead, those beyond.
TIERS = ("ground.operations", "ground.system", "ground.ecosystem")


def fits(name, subject):
    """Whether this set is asked here at all."""
    found = SETS.get(name)
    if found is None or kind_of(subject) not in found.on:
        return False
    return not isinstance(subject, LearningCycle) or subject.scale in found.scales


def kind_of(subject):
    return {"learningcycle": CYCLE}.get(subject._meta.model_name, subject._meta.model_name)


def cycle_of(subject):
    """The cycle whose readers and changers count here; none for a team."""
    return {CYCLE: subject, EXPERIMENT: getattr(subject, "cycle", None)}.get(kind_of(subject))


def place_of(subject):
    return getattr(cycle_of(subject) or subject, "place_id", None)


def questions_in(name, subject):
    """The name under which the questions of a set are found: `scale` holds another set at each scale."""
    return f"scale.{subject.scale}" if name == "scale" else name


def sets_for(subject, *, is_joined=True):
    """The sets that fit here, the one to look at now first: the stage's own, then the scale's, then the rest."""
    found = [each for each in _ALL if fits(each.name, subject) and (is_joined or each.name != "link")]
    if not isinstance(subject, LearningCycle):
        return found
    return sorted(found, key=lambda each: _rank(each, subject))


def _rank(each, cycle):
    if cycle.status == LearningCycle.Status.DRAFT and each.name == "ground":
        return 0  # readiness is noted before a start
    if each.stage == cycle.stage:
        return 1
    if each.name in ("scale", "area"):
        return 2
    return 3 if each.every != Every.NEVER else 4


# Sets that other rooms ask, by the name an administrator knows them under.
ASKED_ELSEWHERE = {
    "debrief": "Debriefs",
    "confirm": "Living our agreements",
    "central": "Questions for measures",
}
_PARTS = {"from": "learning from those below", "enable": "making it possible"}


def title_of(set_name):
    """A set's name for people; of a part of a set too."""
    name, *parts = set_name.split(".")
    if name in ASKED_ELSEWHERE:
        return ASKED_ELSEWHERE[name]
    if name == "scale" and parts:
        return ": ".join([Scale(parts[0]).label, *(_PARTS[part] for part in parts[1:])])
    title = SETS[name].title
    return f"{title}: {parts[0]}" if parts else title


def may_be_worded(set_name):
    """Whether a place may word it: those that are asked through this room, or that other rooms read from it."""
    return set_name.split(".")[0] in ASKED_ELSEWHERE.keys() | SETS.keys()
