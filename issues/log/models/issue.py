"""The issue itself, and which teams may read it."""

import uuid
from functools import cache

import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from cycles.people.models import Agency, Placed, Team
from cycles.stack.models import Domain, LearningCycle
from issues.log.order import ACCESS_TRIGGERS, COLUMNS, ISSUE_TRIGGERS
from issues.log.tallies import TALLY_TRIGGERS
from issues.log.vocabulary import WORD_TRIGGERS
from issues.log.waiting import WAITING_OF_ISSUE


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
        return self.filter(place__in=rights.places).opened_to(rights)

    def open_to(self, user):
        """The same in one form for everybody: for an issue found by its number, where no index need serve the OR."""
        return self.filter(Q(place__in=user.rights.stewards) | Exists(self._opened_to(user.rights)))

    def visible_in(self, user, place):
        """The same within one place: then it is one rule or the other, never an OR that no index can serve."""
        if place.pk in user.rights.stewards:
            return self.filter(place=place)
        if place.pk not in user.rights.places:
            return self.none()
        return self.filter(place=place).opened_to(user.rights)

    def opened_to(self, rights):
        """What somebody sees by their teams alone."""
        return self.filter(Exists(self._opened_to(rights)))

    @staticmethod
    def _opened_to(rights):
        return IssueAccess.objects.filter(issue=OuterRef("pk"), team__in=rights.teams)

    def open(self):
        return self.filter(status=Issue.Status.OPEN)

    def seen_by(self, user):
        """Issues this person raised or said they had seen too."""
        from issues.log.models.evidence import Sighting  # which hangs on the issue

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
    # In how many debriefs it was seen, kept by the database (issues/log/order.py) so that a list is read in that order.
    seen_in = models.PositiveIntegerField(default=0, db_default=0, editable=False)
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
            models.Index(fields=["place", "-seen_in", "-id"], name="issue_by_seen"),
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
                fields=["place", "held_since", "id"],
                condition=Q(status="open", level=1) & ~Q(owner_tier="team"),
                name="issue_stuck",
            ),
            models.Index(
                fields=["held_by", "-updated_at"], condition=Q(system_change_state="in_place"), name="issue_new_normal"
            ),
            models.Index(
                fields=["held_by", "held_since", "id"],
                condition=Q(status="open", system_change_state="agreed"),
                name="issue_agreed",
            ),
            # Whose reporters are asked, four weeks later, whether it is better.
            models.Index(
                fields=["closed_on"], condition=Q(status="closed", closed_how="in_place"), name="issue_closed_enough"
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
    seen_in = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    changes_on = models.DateField(null=True, editable=False)  # since when it is the new normal, or is to begin
    quoted_on = models.DateField(null=True, editable=False)  # the newest day on which words about it were released

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
                fields=["team", "-seen_in", "-issue"],
                include=[
                    "is_holder",
                    *(name for name in COLUMNS if name not in ("seen_in", "updated_at", "raised_on")),
                ],
                name="issue_access_seen",
            ),
            models.Index(
                fields=["team", "raised_on", "issue"], condition=Q(status="open"), name="issue_access_longest"
            ),
            models.Index(
                fields=["team", "system_change_state", "changes_on", "issue"],
                condition=Q(system_change_state__in=["agreed", "in_place"]),
                name="issue_access_changes",
            ),
            models.Index(
                fields=["team", "-quoted_on", "-issue"],
                condition=Q(quoted_on__isnull=False),
                name="issue_access_quotes",
            ),
        ]
        triggers = ACCESS_TRIGGERS


class OfIssueQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(issue__in=Issue.objects.visible_to(user))
