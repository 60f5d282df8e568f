"""Places, the people in them, the teams they belong to and the parts they play."""

import hashlib
import secrets

import pghistory
import pgtrigger
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from cycles.people.rights import Rights


class Place(models.Model):
    """A council area, a partnership, a charity: the tenant. No query joins two places."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    duty_line = models.CharField(max_length=40, blank=True, help_text="The number to ring when someone is in danger")
    is_demo = models.BooleanField(default=False)
    issue_counter = models.PositiveIntegerField(default=0, editable=False)

    def __str__(self):
        return self.name


class UserQuerySet(models.QuerySet):
    def of(self, place):
        """Everyone who has, or had, a part in this place."""
        return self.filter(models.Exists(Membership.objects.filter(user=models.OuterRef("pk"), place=place)))

    def administered_by(self, user):
        theirs = Membership.objects.filter(user=models.OuterRef("pk"), place__in=user.rights.administers)
        return self.filter(models.Exists(theirs))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, email, password=None, **extra):
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """Someone who signs in by e-mail. What they may do comes from memberships alone, never from a flag here."""

    class Theme(models.TextChoices):
        DEVICE = "", "As my device"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    email = models.EmailField(max_length=254)
    name = models.CharField("full name", max_length=120)
    short_name = models.CharField("what to call you", max_length=40)
    is_active = models.BooleanField(default=True)
    theme = models.CharField(max_length=5, choices=Theme, default=Theme.DEVICE, blank=True)
    sessions_epoch = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique")]

    def __str__(self):
        return self.short_name or self.name

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.short_name

    def _get_session_auth_hash(self, secret=None):
        """Every session carries this; a new password or a new epoch ends all that were open."""
        return salted_hmac(
            "cycles.people.User.session", f"{self.password}|{self.sessions_epoch}", secret=secret, algorithm="sha256"
        ).hexdigest()

    @cached_property
    def rights(self):
        """What this person may do today, read once for each request: a changed membership counts from the next."""
        return Rights.of(self, timezone.localdate())


class PlacedQuerySet(models.QuerySet):
    """Rows of a place, seen by everyone who belongs to it. Rooms with a closer rule override `visible_to`."""

    def visible_to(self, user):
        return self.filter(place__in=user.rights.places)


class Placed(models.Model):
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class Agency(Placed):
    """A body that shapes outcomes: it joins teams, makes contacts, gets grants, owns macro issues."""

    class Kind(models.TextChoices):
        COUNCIL = "council", "Council"
        HEALTH = "health", "Health"
        POLICE = "police", "Police"
        HOUSING = "housing", "Housing"
        VOLUNTARY = "voluntary", "Voluntary"
        BENEFITS = "benefits", "Benefits"
        SCHOOL = "school", "School"
        GOVERNMENT = "government", "Government"
        OTHER = "other", "Other"

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.OTHER)

    objects = PlacedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "agencies"
        ordering = ["name"]
        constraints = [models.UniqueConstraint("place", Lower("name"), name="agency_name_unique_in_place")]

    def __str__(self):
        return self.name


class TeamQuerySet(PlacedQuerySet):
    def that_can_act(self):
        """Groups that an issue can be raised to."""
        return self.exclude(kind=Team.Kind.CORE)


class Team(Placed):
    class Kind(models.TextChoices):
        CORE = "core", "Core team"
        WORKING = "working", "Working group"
        EVIDENCE = "evidence", "Evidence team"
        LEADERSHIP = "leadership", "Leadership group"
        FORUM = "forum", "Forum"
        PARTNERSHIP = "partnership", "Partnership"

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.CORE)
    agencies = models.ManyToManyField(Agency, blank=True, related_name="teams")
    cadence_note = models.CharField("when it meets", max_length=200, blank=True)
    next_meeting_on = models.DateField(null=True, blank=True)
    answers_within = models.PositiveSmallIntegerField(
        "within how many days it answers",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text="The clock that the group agreed for what is raised to it",
    )

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint("place", "slug", name="team_slug_unique_in_place"),
            models.UniqueConstraint("place", Lower("name"), name="team_name_unique_in_place"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("issues:group", args=[self.slug])


class MembershipQuerySet(models.QuerySet):
    def active(self, today):
        return self.filter(from_on__lte=today).filter(Q(to_on=None) | Q(to_on__gt=today))

    def visible_to(self, user):
        return self.filter(place__in=user.rights.places)

    def administered_by(self, user):
        return self.filter(place__in=user.rights.administers)


class Role(models.TextChoices):
    """The parts people play. One person may hold several, in several teams."""

    CASEWORKER = "caseworker", "Caseworker"
    RECORDER = "recorder", "Recorder"
    OP_LEAD = "op_lead", "Operational lead"
    EVIDENCE = "evidence", "Evidence team"
    LEADER = "leader", "Leader"
    STEWARD = "steward", "System steward"
    COMMISSIONER = "commissioner", "Commissioner"
    OUTSIDE_FRIEND = "outside_friend", "Outside friend"
    PLACE_ADMIN = "place_admin", "Place administrator"


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    fields=["user", "place", "team", "role", "from_on", "to_on"],
    model_name="MembershipEvent",
)
class Membership(Placed):
    """One part played by one person, from a day until a day. Stewards and administrators need no team."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role)
    from_on = models.DateField("from", default=timezone.localdate)
    to_on = models.DateField("until", null=True, blank=True, help_text="The first day it no longer counts")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["from_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(team__isnull=False) | Q(role__in=["steward", "place_admin"]), name="membership_has_team"
            ),
            models.CheckConstraint(
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")), name="membership_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                "user", "place", "team", "role", condition=Q(to_on=None), nulls_distinct=False, name="membership_once"
            ),
        ]

    def __str__(self):
        return f"{self.user}, {self.get_role_display()}"


def hash_token(token):
    """Tokens are random and long, so a plain digest is enough; only the digest is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


class InvitationQuerySet(PlacedQuerySet):
    def visible_to(self, user):
        return self.filter(place__in=user.rights.administers)

    def open(self, now):
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now)

    def for_token(self, token, now):
        return self.open(now).filter(token_hash=hash_token(token))


class Invitation(Placed):
    """A place administrator asks someone in. The link is mailed once and only its digest is kept."""

    email = models.EmailField()
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=16, choices=Role)
    invited_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Nobody for a place's first administrator",
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return self.get_role_display()

    @staticmethod
    def new_token():
        return secrets.token_urlsafe(32)


class AuditEntry(models.Model):
    """Who did what to which row, and when: ids only, never words. Nobody can change or remove one.

    A case opened by someone outside its people, an export, a sign-in, a change of rights, a refusal.
    Kept for the citizen's protection; no screen shows it as a measure of staff.
    """

    at = models.DateTimeField(default=timezone.now)
    place_ref = models.BigIntegerField(null=True)
    actor_ref = models.BigIntegerField(null=True)
    act = models.CharField(max_length=40)
    kind = models.CharField(max_length=40, blank=True)
    target_ref = models.BigIntegerField(null=True)

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [models.Index(fields=["kind", "target_ref"], name="audit_target")]
        triggers = [
            pgtrigger.Protect(name="audit_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="audit_no_truncate",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func="RAISE EXCEPTION 'the audit table is append only';",
            ),
        ]

    def __str__(self):
        return self.act
