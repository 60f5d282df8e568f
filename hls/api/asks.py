"""What comes in. Nothing but what is named here is taken: one field more is a mistake, and is said to be."""

from datetime import UTC, date
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    StrictBool,
    StrictInt,
    StringConstraints,
)

from hls.api.shapes import LevelWord, OwnerWord, one_of
from issues.log.actions import Stays
from issues.log.filters import LEVELS, ORDERS, OWNERS, STATUSES, VIEWS, WORDS_MOST
from issues.log.models import Issue, Response

MOST, USUAL = 100, 50


def _plain(text):
    if "\x00" in text:
        raise ValueError("Take out the character with number 0.")
    return text


def _text(value):
    """A day or an id is sent as text: a bare number would be taken for seconds since 1970."""
    if not isinstance(value, str):
        raise ValueError("Send this as text.")
    return value


def words(most, least=0):
    limits = StringConstraints(max_length=most, min_length=least, strip_whitespace=True)
    return Annotated[str, limits, AfterValidator(_plain)]


def _moment(value):
    if "T" not in _text(value).upper():
        raise ValueError("Send a moment in ISO 8601 with its time zone, such as 2026-11-21T09:00:00Z.")
    return value


def _in_our_time(value):
    """In UTC; a zone or a year that the database can't hold is a mistake of whoever sent it."""
    try:
        moment = value.astimezone(UTC)
    except OverflowError:
        moment = None
    if moment is None or not 1900 <= moment.year < 2200:
        raise ValueError("Send a moment between the years 1900 and 2200.")
    return moment


Moment = Annotated[AwareDatetime, BeforeValidator(_moment), AfterValidator(_in_our_time)]


def _flag(value):
    if value not in ("true", "false", True, False):
        raise ValueError("Send true or false.")
    return value


Flag = Annotated[bool, BeforeValidator(_flag)]
Day = Annotated[date, BeforeValidator(_text)]
Id = Annotated[StrictInt, Field(ge=1, lt=2**63)]
Version = Annotated[StrictInt, Field(ge=0, lt=2**31)] | None  # None where If-Match says what was read


class Asked(Schema):
    model_config = ConfigDict(extra="forbid")


class Paged(Asked):
    cursor: Annotated[str, StringConstraints(max_length=300)] = Field("", description="`next` of the page before.")
    limit: int = Field(USUAL, ge=1, le=MOST)


class IssuesAsked(Paged):
    """The log's own filters (`none` asks for “not sure yet” and “nobody owns it”)."""

    view: one_of(*VIEWS) = None
    level: one_of(*LEVELS) = None
    status: one_of(*STATUSES) = None
    owner: one_of(*OWNERS) = None
    cycle: int = Field(None, ge=1, lt=2**63)
    barrier: Flag = False
    leverage: Flag = False
    order: one_of(*ORDERS) = Field(None, description="Without it, newest change first.")
    changed_since: Moment = None


class SearchAsked(Asked):
    """Words travel in the body, never in an address."""

    words: words(WORDS_MOST, 1)
    view: one_of(*VIEWS) | None = None
    level: one_of(*LEVELS) | None = None
    status: one_of(*STATUSES) | None = None
    owner: one_of(*OWNERS) | None = None
    cycle: Id | None = None


class OfCycleAsked(Paged):
    cycle: int = Field(None, ge=1, lt=2**63)


class IssueSent(Asked):
    client_id: Annotated[UUID, BeforeValidator(_text)] = Field(
        description="Made by you, once for each issue: sent again, it answers with the issue that is there."
    )
    cycle: Id = Field(description="One of your teams’ cycles.")
    description: words(4000, 1)
    level: LevelWord | None = None
    owner: OwnerWord | None = None
    countermeasure: words(4000) = ""
    system_change: words(4000) = ""
    is_barrier: StrictBool = False


VERSION = Field(None, description="The issue’s version that you read; or send If-Match.")


class LevelSent(Asked):
    level: LevelWord | None = Field(description="Null: not sure yet.")
    owner: OwnerWord | None = Field(description="Null: nobody yet.")
    owner_agency: Id | None = Field(None, description="Only with owner `govt`.")
    why: words(4000, 1)
    version: Version = VERSION


class ResponseSent(Asked):
    text: words(4000, 1)
    in_place_on: Day | None = None
    owner_group: words(60) | None = Field(None, description="The slug of who keeps it going, or works it out.")
    version: Version = Field(
        None, description="The response’s version that you read, 0 where there was none yet; or send If-Match."
    )


class CountermeasureSent(ResponseSent):
    state: one_of(*Response.STATES_OF[Response.Kind.COUNTERMEASURE])
    leaves_behind: words(2000) | None = None
    review_on: Day | None = None


class SystemChangeSent(ResponseSent):
    state: one_of(*Response.STATES_OF[Response.Kind.SYSTEM_CHANGE])
    starts_on: Day | None = None


class OfferSent(Asked):
    to_group: words(60, 1) = Field(description="The slug of a group that can act.")
    why: words(4000, 1)
    asks: words(1000, 1)
    level: LevelWord | None = None
    version: Version = VERSION


class CloseSent(Asked):
    how: one_of(*(how for how in Issue.ClosedHow.values if how != Issue.ClosedHow.IMPORTED))
    words: words(4000, 1)
    countermeasure: one_of(*Stays.values) | None = Field(
        None, description="What becomes of it; must be said where it is still being tried."
    )
    version: Version = VERSION


class ReopenSent(Asked):
    why: words(4000, 1)
    version: Version = VERSION
