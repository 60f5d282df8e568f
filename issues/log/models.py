"""The issue log: what gets in the way, at which level, with whom, and what is done now and for good (DOMAIN.md 35)."""

import uuid
from functools import cache

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from cycles.lives.models import Case
from cycles.people.models import Agency, Placed, Team
from cycles.sent import Sent
from cycles.stack.models import Domain, LearningCycle
from issues.log.order import ACCESS_TRIGGERS, COLUMNS, ISSUE_TRIGGERS, RESPONSE_TRIGGERS
from issues.log.tallies import TALLY_TRIGGERS
from issues.log.vocabulary import WORD_TRIGGERS
from issues.log.waiting import MOVE_TRIGGERS, WAITING_OF_ISSUE


class Level(models.IntegerChoices):
    IND = 1, "Ind"
    SYS = 2, "Sys"
    MACRO = 3, "Macro"


class OwnerTier(models.TextChoices):
    TEAM = "team", "Team"
    LSHIP = "lship", "L’ship"
    GOVT = "govt", "Govt"


def ref_of(number):
    """Stable, and can be said aloud: A-014, then B-001 after A-999."""
    block, rest = divmod(number, 1000)
    letters = ""
    block += 1
    while block:
        block, letter = divmod(block - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}-{rest:03d}"


@cache  # a page may hold twenty
def _address(name="issue"):
    return reverse(f"issues:{name}", args=["REF"])


def address_of(ref, is_pattern=False):
    return _address("pattern" if is_pattern else "issue").replace("REF", ref)


class IssueQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Its team, each group it was moved to, those above them on the way, and the place's stewards."""
        rights = user.rights
        if rights.places <= rights.stewards:
            return self.filter(place__in=rights.stewards)
        if rights.stewards:
            return self.open_to(user)
        return self.filter(place__in=rights.places).filter(Exists(self._opened_to(rights)))

    def open_to(self, user):
        """The same in one form for everybody: for an issue found by its number, where no index need serve the OR."""
        return self.filter(Q(place__in=user.rights.stewards) | Exists(self._opened_to(user.rights)))

    def visible_in(self, user, place):
        """The same within one place: then it is one rule or the other, never an OR that no index can serve."""
        if place.pk in user.rights.stewards:
            return self.filter(place=place)
        if place.pk not in user.rights.places:
            return self.none()
        return self.filter(place=place).filter(Exists(self._opened_to(user.rights)))

    @staticmethod
    def _opened_to(rights):
        return IssueAccess.objects.filter(issue=OuterRef("pk"), team__in=rights.teams)

    def open(self):
        return self.filter(status=Issue.Status.OPEN)

    def seen_by(self, user):
        """Issues this person raised or said they had seen too."""
        return self.filter(Exists(Sighting.objects.filter(issue=OuterRef("pk"), by=user)))


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    fields=[
        "place",
        "cycle",
        "team",
        "level",
        "owner_tier",
        "owner_agency",
        "held_by",
        "status",
        "countermeasure_state",
        "system_change_state",
    ],
    model_name="IssueEvent",
)
class Issue(Placed):
    """One row of the log. Level and owner may be empty: "not sure yet" is an answer."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    class Kind(models.TextChoices):
        UNSURE = "", "Not sure yet"
        METHOD = "method", "Method: a snag in how the team works"
        SYSTEM = "system", "System: only leaders or others can fix it"

    class ClosedHow(models.TextChoices):
        NEW_NORMAL = "new_normal", "There is a new normal"
        IN_PLACE = "in_place", "What we did now is enough"
        NO_LONGER = "no_longer", "It no longer happens"
        AS_IS = "as_is", "Accepted as it is, because…"
        IMPORTED = "imported", "Closed before import"

    number = models.PositiveIntegerField(editable=False)
    cycle = models.ForeignKey(LearningCycle, on_delete=models.PROTECT, related_name="issues")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="issues")
    description = models.TextField("what is getting in the way?", max_length=4000)
    who_affected = models.TextField("who falls between the gaps?", max_length=2000, blank=True)
    what_they_face = models.TextField("what do they face?", max_length=2000, blank=True)
    how_many = models.CharField("how many are there?", max_length=120, blank=True)
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.UNSURE, blank=True)
    level = models.PositiveSmallIntegerField(choices=Level, null=True, blank=True)
    owner_tier = models.CharField(max_length=6, choices=OwnerTier, blank=True)
    owner_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    held_by = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="issues_held")
    held_since = models.DateField(default=timezone.localdate)
    domain = models.CharField(max_length=12, choices=Domain, default=Domain.UNSURE, blank=True)
    is_barrier = models.BooleanField("a barrier that leaders must remove", default=False)
    is_leverage = models.BooleanField("a point of leverage", default=False)
    leverage_note = models.TextField("who could push here, and how?", max_length=1000, blank=True)
    status = models.CharField(max_length=6, choices=Status, default=Status.OPEN)
    countermeasure_state = models.CharField(max_length=12, blank=True, editable=False)
    system_change_state = models.CharField(max_length=12, blank=True, editable=False)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="issues_raised")
    raised_on = models.DateField(default=timezone.localdate)
    closed_on = models.DateField(null=True, blank=True)
    closed_how = models.CharField(max_length=10, choices=ClosedHow, blank=True)
    closed_words = models.TextField(max_length=4000, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)
    client_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    is_demo = models.BooleanField(default=False)
    lessons = models.ManyToManyField("cycles.Lesson", blank=True, related_name="issues")
    # One that gathers others (issues/patterns). Set when it is made and never after.
    is_pattern = models.BooleanField(default=False, db_default=False, editable=False)
    # When the countermeasure is to be looked at again, copied from it so that a list finds those that passed.
    review_on = models.DateField(null=True, blank=True, editable=False)
    search = models.GeneratedField(
        expression=SearchVector("description", weight="A", config="english")
        + SearchVector("what_they_face", weight="B", config="english")
        + SearchVector("who_affected", weight="B", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = IssueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("place", "number", name="issue_number_unique_in_place"),
            models.CheckConstraint(
                condition=Q(status="open", closed_on=None, closed_how="")
                | Q(status="closed", closed_on__isnull=False) & ~Q(closed_how=""),
                name="issue_closed_says_when_and_how",
            ),
            models.CheckConstraint(
                condition=Q(owner_agency=None) | Q(owner_tier="govt"), name="issue_agency_only_with_govt"
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="issue_search"),
            models.Index(fields=["place", "-updated_at", "-id"], name="issue_by_update"),
            models.Index(
                fields=["place", "status", "level", "owner_tier", "-updated_at", "-id"], name="issue_filtered"
            ),
            models.Index(fields=["place", "status", "raised_on", "id"], name="issue_by_age"),
            models.Index(fields=["held_by", "status", "held_since"], name="issue_held"),
            models.Index(fields=["cycle", "status", "-updated_at"], name="issue_of_cycle"),
            models.Index(fields=["team", "-updated_at", "-id"], name="issue_of_team"),
            models.Index(fields=["place", "status", "-updated_at", "-id"], name="issue_by_status"),
            # What few issues are: without these a page of them walks the whole log.
            models.Index(fields=["place", "-updated_at", "-id"], condition=Q(is_barrier=True), name="issue_barriers"),
            models.Index(fields=["place", "-updated_at", "-id"], condition=Q(is_leverage=True), name="issue_leverage"),
            models.Index(fields=["place", "-updated_at", "-id"], condition=Q(is_pattern=True), name="issue_patterns"),
            models.Index(
                fields=["place", "review_on", "id"],
                condition=Q(status="open", review_on__isnull=False),
                name="issue_reviews",
            ),
            models.Index(fields=["place", "held_since", "id"], condition=Q(status="open"), name="issue_triage"),
            models.Index(
                fields=["held_by", "-updated_at"], condition=Q(system_change_state="in_place"), name="issue_new_normal"
            ),
        ]
        triggers = [*TALLY_TRIGGERS, *ISSUE_TRIGGERS, *WAITING_OF_ISSUE, *WORD_TRIGGERS]

    def __str__(self):
        return self.ref

    @property
    def ref(self):
        return ref_of(self.number)

    @staticmethod
    def number_from_ref(ref):
        """The number behind a ref, or None where it is not one."""
        letters, _, rest = ref.upper().partition("-")
        if not (
            letters.isascii()
            and letters.isalpha()
            and len(letters) <= 4
            and rest.isascii()
            and rest.isdigit()
            and len(rest) == 3
        ):
            return None
        block = 0
        for letter in letters:
            block = block * 26 + ord(letter) - 64
        return (block - 1) * 1000 + int(rest)

    def get_absolute_url(self):
        return address_of(self.ref, self.is_pattern)

    @property
    def is_open(self):
        return self.status == self.Status.OPEN


class IssueAccess(models.Model):
    """A team that may read an issue: its own, each group it was offered to, and those above on the way.

    From `status` on the columns are the issue's, kept by the database (issues/log/order.py).
    """

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="access")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    from_at = models.DateTimeField(default=timezone.now)
    is_holder = models.BooleanField(default=False, editable=False)
    status = models.CharField(max_length=6, default="", editable=False)
    level = models.PositiveSmallIntegerField(null=True, editable=False)
    owner_tier = models.CharField(max_length=6, default="", editable=False)
    countermeasure_state = models.CharField(max_length=12, default="", editable=False)
    system_change_state = models.CharField(max_length=12, default="", editable=False)
    is_barrier = models.BooleanField(default=False, editable=False)
    is_leverage = models.BooleanField(default=False, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    raised_on = models.DateField(default=timezone.localdate, editable=False)
    number = models.PositiveIntegerField(default=0, editable=False)
    changes_on = models.DateField(null=True, editable=False)  # since when it is the new normal, or is to begin

    class Meta:
        constraints = [models.UniqueConstraint("issue", "team", name="issue_access_once")]
        indexes = [
            models.Index(fields=["team", "issue"], name="issue_access_of_team"),
            models.Index(
                fields=["team", "-updated_at", "-issue"],
                include=["is_holder", *(name for name in COLUMNS if name != "updated_at")],
                name="issue_access_in_order",
            ),
            models.Index(
                fields=["team", "raised_on", "issue"], condition=Q(status="open"), name="issue_access_longest"
            ),
            models.Index(
                fields=["team", "system_change_state", "changes_on", "issue"],
                condition=Q(system_change_state__in=["agreed", "in_place"]),
                name="issue_access_changes",
            ),
        ]
        triggers = ACCESS_TRIGGERS


class OfIssueQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(issue__in=Issue.objects.visible_to(user))


class Response(models.Model):
    """What is done about an issue: one current row of each kind; earlier words stay in ResponseVersion."""

    class Kind(models.TextChoices):
        COUNTERMEASURE = "countermeasure", "Countermeasure (now)"
        SYSTEM_CHANGE = "system_change", "System change (new normal)"

    class State(models.TextChoices):
        TRYING = "trying", "Being tried"  # countermeasure
        IN_PLACE = "in_place", "In place"  # both; for a system change: the new normal
        NOT_NEEDED = "not_needed", "No longer needed"  # countermeasure
        WORKING_OUT = "working_out", "Being worked out"  # system change
        WITH_GROUP = "with_group", "With a group"  # system change: someone who can act has it in hand
        AGREED = "agreed", "Agreed"  # system change, not begun

    class Working(models.TextChoices):
        YES = "yes", "Yes"
        PARTLY = "partly", "Partly"
        NO = "no", "No"

    STATES_OF = {
        Kind.COUNTERMEASURE: (State.TRYING, State.IN_PLACE, State.NOT_NEEDED),
        Kind.SYSTEM_CHANGE: (State.WORKING_OUT, State.WITH_GROUP, State.AGREED, State.IN_PLACE),
    }

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="responses")
    kind = models.CharField(max_length=14, choices=Kind)
    text = models.TextField(max_length=4000)
    leaves_behind = models.TextField(
        "what it leaves behind", max_length=2000, blank=True, help_text="So that a way round is not taken for a fix"
    )
    state = models.CharField(max_length=12, choices=State)
    starts_on = models.DateField(null=True, blank=True)
    in_place_on = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(
        Team,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The team or group that keeps it going, or works it out: never one person",
    )
    review_on = models.DateField("look at it again on", null=True, blank=True)
    working = models.CharField(
        "is it working?",
        max_length=6,
        choices=Working,
        blank=True,
        db_default="",
        editable=False,
        help_text="As the latest look at it says",
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = OfIssueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("issue", "kind", name="response_one_of_each_kind"),
            models.CheckConstraint(
                condition=Q(kind="countermeasure", state__in=["trying", "in_place", "not_needed"])
                | Q(kind="system_change", state__in=["working_out", "with_group", "agreed", "in_place"]),
                name="response_state_fits_kind",
            ),
            models.CheckConstraint(
                condition=~Q(state="in_place") | Q(in_place_on__isnull=False), name="response_in_place_since_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(state="with_group") | Q(owner__isnull=False), name="response_with_a_named_group"
            ),
        ]
        indexes = [
            # Four weeks after it is in place, those who saw the issue are asked whether it is better.
            models.Index(
                fields=["in_place_on", "issue"],
                condition=Q(kind="system_change", state="in_place"),
                name="response_new_normals",
            )
        ]
        triggers = RESPONSE_TRIGGERS

    def __str__(self):
        return self.text


class ResponseVersion(models.Model):
    """Words and state as they stood: ordinary rows, so that erasure can reach them."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="versions")
    text = models.TextField(max_length=4000)
    leaves_behind = models.TextField(max_length=2000, blank=True)
    state = models.CharField(max_length=12, choices=Response.State)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]


class Upkeep(Sent):
    """One look at a countermeasure: is it working, and what it took. Together: the price of not fixing the system.

    Never a target and never of one worker: the hours and pounds of all who kept it going.
    """

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="upkeep")
    on = models.DateField(default=timezone.localdate)
    working = models.CharField("is it working?", max_length=6, choices=Response.Working, blank=True)
    hours = models.DecimalField(max_digits=8, decimal_places=1, null=True, blank=True)
    pounds = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    words = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["on", "pk"]
        indexes = [models.Index(fields=["response", "on", "id"], name="upkeep_of_response")]
        constraints = [
            models.CheckConstraint(
                condition=(Q(hours=None) | Q(hours__gte=0)) & (Q(pounds=None) | Q(pounds__gte=0)),
                name="upkeep_not_below_nothing",
            ),
            models.CheckConstraint(
                condition=~Q(working="", hours=None, pounds=None, words=""), name="upkeep_says_something"
            ),
        ]
        triggers = [pgtrigger.Protect(name="upkeep_never_changed", operation=pgtrigger.Update)]


class DescriptionVersion(models.Model):
    """How an issue was described before an edit."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="descriptions")
    description = models.TextField(max_length=4000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]


class Sighting(models.Model):
    """A team saw this issue in the work. The words stay the team's own until a quote is released on purpose."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="sightings")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sightings")
    on = models.DateField(default=timezone.localdate)
    case = models.ForeignKey(Case, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    words = models.TextField(max_length=4000, blank=True)
    quote = models.TextField("a quote to share, with names taken out", max_length=1000, blank=True)
    quote_released_on = models.DateField(null=True, blank=True)
    occasion_ref = models.BigIntegerField(
        null=True, blank=True, help_text="The debrief it was seen in, by number alone: the log knows no debriefs"
    )
    client_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = OfIssueQuerySet.as_manager()

    class Meta:
        ordering = ["on", "pk"]
        indexes = [
            models.Index(fields=["by", "-on"], name="sighting_of_person"),
            models.Index(fields=["by", "issue"], name="sighting_of_person_in"),
            models.Index(fields=["-quote_released_on", "-id"], condition=~Q(quote=""), name="sighting_quotes"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(quote="") | Q(quote_released_on__isnull=False), name="sighting_quote_released_on_a_day"
            )
        ]


class IssueMove(models.Model):
    """A change of level, owner or holder, with its reason: the escalation history.

    An offer to another group waits until that group answers; the old holder keeps the issue until then.
    """

    class State(models.TextChoices):
        DONE = "done", "Done"  # level and owner: at once
        OFFERED = "offered", "Waiting for an answer"
        ACCEPTED = "accepted", "Accepted"
        HANDED_BACK = "handed_back", "Handed back"
        WITHDRAWN = "withdrawn", "Taken back"

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="moves")
    state = models.CharField(max_length=12, choices=State)
    from_level = models.PositiveSmallIntegerField(choices=Level, null=True, blank=True)
    to_level = models.PositiveSmallIntegerField(choices=Level, null=True, blank=True)
    from_owner = models.CharField(max_length=6, choices=OwnerTier, blank=True)
    to_owner = models.CharField(max_length=6, choices=OwnerTier, blank=True)
    from_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    to_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="moves_in")
    why = models.TextField("what stopped us changing it here?", max_length=4000)
    asks = models.TextField("what are you asking them to decide?", max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(max_length=4000, blank=True)
    # For an answer, or for the decision of the group that took it on; kept by the database (issues/log/waiting.py).
    waits = models.BooleanField(default=False, editable=False)

    objects = OfIssueQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint("issue", condition=Q(state="offered"), name="issue_one_offer_at_a_time"),
            models.CheckConstraint(
                condition=Q(state__in=["done", "offered"], answered_at=None, answered_by=None)
                | Q(
                    state__in=["accepted", "handed_back", "withdrawn"],
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                ),
                name="issue_move_answered_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="handed_back") | ~Q(answer=""), name="issue_handed_back_with_why"
            ),
        ]
        indexes = [
            models.Index(fields=["to_team", "at"], condition=Q(state="offered"), name="issue_offers_waiting"),
            models.Index(fields=["at", "id"], include=["to_team"], condition=Q(waits=True), name="issue_moves_waiting"),
        ]
        triggers = MOVE_TRIGGERS


class IssueStep(models.Model):
    """The issue's path: each thing that happened, and the line written back to those who raised it.

    Kept by the action that made it happen. Raisers are told of every step once (a Notice each).
    """

    class What(models.TextChoices):
        RAISED = "raised", "Raised"
        SEEN = "seen", "Seen again"
        LEVEL = "level", "Level or owner set"
        OFFERED = "offered", "Raised to a group"
        ACCEPTED = "accepted", "Taken on"
        HANDED_BACK = "handed_back", "Handed back"
        WITHDRAWN = "withdrawn", "Offer taken back"
        COUNTERMEASURE = "countermeasure", "Countermeasure (now)"
        SYSTEM_CHANGE = "system_change", "System change"
        DECIDED = "decided", "Decided"
        CLOSED = "closed", "Closed"
        REOPENED = "reopened", "Open again"
        EDITED = "edited", "Reworded"
        ASKED = "asked", "A question came back"
        REPLIED = "replied", "Question answered"
        SPLIT = "split", "A part was split off"
        PLEDGED = "pledged", "A member fixes something now"
        PLEDGE_TOLD = "pledge_told", "What became of a pledge"
        RECOMMENDED = "recommended", "Recommended to commissioners"
        ADVISED = "advised", "Commissioners answered"
        RECEIVED = "received", "Seen by those who can act"
        GATHERED = "gathered", "Gathered under a pattern"
        UNGATHERED = "ungathered", "Taken out of a pattern"
        LOOKED_AT = "looked_at", "Countermeasure looked at"
        NOT_BETTER = "not_better", "No better in the work"
        SHOWN_OUTSIDE = "shown_outside", "Shown to a body outside"
        SAID_OUTSIDE = "said_outside", "A reply from outside"

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="steps")
    what = models.CharField(max_length=14, choices=What)
    words = models.TextField(max_length=4000, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    move = models.ForeignKey(IssueMove, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=12, blank=True, help_text="The response's state after this step")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = OfIssueQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["issue", "at"], name="issue_step_of_issue")]


class FitAnswer(models.Model):
    """ "Does this fix it?", asked of those who raised it: the latest answer of each person."""

    class Fits(models.TextChoices):
        YES = "yes", "Yes"
        PARTLY = "partly", "Partly"
        NO = "no", "No"

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="fit_answers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    fits = models.CharField(max_length=6, choices=Fits)
    words = models.TextField(max_length=2000, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint("issue", "by", name="fit_answer_once")]


class BetterQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Each is one person's own, for as long as they may see the issue."""
        return self.filter(user=user, issue__in=Issue.objects.visible_to(user))

    def waiting(self):
        return self.filter(answered_at=None)


class Better(models.Model):
    """ "Is it better in the work?", asked once of each who saw it, four weeks after something was in place."""

    class Answer(models.TextChoices):
        YES = "yes", "Yes"
        PARTLY = "partly", "Partly"
        NO = "no", "No"

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="better")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateField(help_text="The day since which it is in place")
    asked_on = models.DateField(default=timezone.localdate)
    answer = models.CharField(max_length=6, choices=Answer, blank=True)
    words = models.TextField("what is still in the way?", max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = BetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("issue", "user", "since", name="better_asked_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | ~Q(answer="") & Q(answered_at__isnull=False),
                name="better_answered_at_a_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-asked_on"], condition=Q(answered_at=None), name="better_waiting_for"),
        ]
