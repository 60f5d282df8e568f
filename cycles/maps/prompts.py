"""The nine actors and ten factors that a map of a life is asked about (DOMAIN.md 2). The keys are stable."""

from django.db import models


class Prompt(models.TextChoices):
    OWN = "", "In our own words"
    PERSON = "actor.person", "The person"
    FAMILY = "actor.family", "Family and friends"
    GREEN = "actor.green", "Parks and green spaces"
    CULTURE = "actor.culture", "Culture and sport"
    NEIGHBOURS = "actor.neighbours", "Neighbourhood groups"
    HEALTH_SERVICE = "actor.health", "Health service"
    BENEFITS = "actor.benefits", "Benefits agencies"
    EMERGENCY = "actor.emergency", "Emergency services"
    COUNCIL = "actor.council", "Council"
    INCOME = "factor.income", "Income"
    JOB = "factor.job", "Job"
    LEARNING = "factor.learning", "Education and skills"
    NEIGHBOURHOOD = "factor.neighbourhood", "Neighbourhood life"
    DEMOCRACY = "factor.democracy", "Democratic life"
    HOBBIES = "factor.hobbies", "Hobbies"
    TIE = "factor.tie", "Tie to main culture"
    HOUSING = "factor.housing", "Housing and area"
    HEALTH = "factor.health", "Health"
    POWER = "factor.power", "Power to act"


def of_kind(kind):
    """The prompts of "actor" or "factor", in the order they are asked."""
    return [prompt for prompt in Prompt if prompt.value.startswith(f"{kind}.")]


def same_name(name):
    """A name as two people would say it is the same: case, spaces and a last stop do not count.

    At least as broad as the database's own lower case, which takes the dot off a Turkish İ.
    """
    return " ".join(name.split()).strip(" .,;:!?").casefold().replace("\u0307", "")


NAMED = {(prompt.value.partition(".")[0], same_name(prompt.label)): prompt for prompt in Prompt if prompt}


def prompt_of(kind, name):
    """The prompt that someone typed in full, or none."""
    return NAMED.get((kind, same_name(name)), Prompt.OWN)
