"""The card read aloud: five sentences, each with what is still missing asked for kindly."""

from dataclasses import dataclass

FLOWS = ("what happens", "what would happen", "whether ")


@dataclass(frozen=True)
class Sentence:
    field: str  # where it is written on the card
    lead: str
    said: list  # one line, or several to be read as a list
    ask: str  # what to ask where nothing is said yet
    is_flowing: bool = False


ASKS = [
    ("actions", "We will try", "What will you do that is not done now? One small thing is enough."),
    ("data_plan", "We will gather", "What would you see or hear, if it helped? Words count as much as numbers."),
    ("sense_plan", "We will make sense of it", "When will you sit down together, and who must be in the room?"),
    ("safe_to_fail", "It stays safe because", "What keeps it small, and who can say stop?"),
]


def sentences(experiment):
    return [_find_out(experiment.question)] + [
        Sentence(field, lead, _lines(getattr(experiment, field)), ask) for field, lead, ask in ASKS
    ]


def _find_out(question):
    """ "What happens if…?" reads on as part of the sentence; any other question stays a question after a colon."""
    said = " ".join(question.split())
    flows = said.lower().startswith(FLOWS)
    if flows:
        said = said[:1].lower() + said[1:].rstrip("?. ") + "."
    return Sentence("question", "We want to find out", [said] if said else [], "What do you want to know?", flows)


def _lines(text):
    lines = [line.strip().lstrip("-*• ").strip() for line in text.splitlines()]
    return [line if line[-1] in ".!?…”\"'" else f"{line}." for line in lines if line]
