"""Who is asking, and through which front door."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.urls import reverse

from cycles.people import audit
from cycles.people.models import Role, User
from hls.mail import send_soon

ACTING = "acting_role"
# The front door a role leads to; roles that share a door share its bar (DESIGN.md 2).
DOORS = {
    Role.CASEWORKER: "caseworker",
    Role.OP_LEAD: "caseworker",
    Role.RECORDER: "recorder",
    Role.STEWARD: "steward",
    Role.LEADER: "leader",
    Role.COMMISSIONER: "commissioner",
    Role.EVIDENCE: "evidence",
    Role.OUTSIDE_FRIEND: "friend",
    Role.PLACE_ADMIN: "place_admin",
}


class AccountAdapter(DefaultAccountAdapter):
    """People come in by invitation only; mails carry the configured address, whatever Host was sent."""

    def is_open_for_signup(self, request):
        return False

    def get_login_redirect_url(self, request):
        return reverse(settings.LOGIN_REDIRECT_URL)

    def get_password_change_redirect_url(self, request):
        return reverse("people:account")

    def login(self, request, user):
        super().login(request, user)
        audit.note("sign in", by=user)

    def authentication_failed(self, request, **credentials):
        """The same work whether or not there is such an account: one look, one row."""
        known = User.objects.filter(email__iexact=credentials.get("email", "")).values_list("pk", flat=True).first()
        audit.note("sign in failed", on=("user", known))

    def set_password(self, user, password):
        super().set_password(user, password)
        audit.note("new password", on=user)

    def _get_login_attempts_cache_key(self, request, **credentials):
        """One count for an account, whichever of our host names was used."""
        return credentials.get("email", "").strip().casefold()

    def send_password_reset_mail(self, user, email, context):
        """To the address on the account, not the one typed: some letters only look alike."""
        context["password_reset_url"] = settings.SITE_URL + urlsplit(context["password_reset_url"]).path
        return super().send_password_reset_mail(user, user.email, context)

    def send_mail(self, template_prefix, email, context):
        """Written for everyone who asks, sent to those there are."""
        letter = self.render_mail(template_prefix, email, context)
        if email:
            send_soon(letter, what=template_prefix.rpartition("/")[2])


class ActingRole:
    """`request.acting`: the membership whose front door is open. Someone with two switches; rights stay the sum."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.acting = None
        if request.user.is_authenticated:
            memberships = request.user.rights.memberships
            chosen = request.session.get(ACTING)
            request.acting = next((m for m in memberships if m.pk == chosen), memberships[0] if memberships else None)
        return self.get_response(request)
