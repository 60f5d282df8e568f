"""Who is asking, and through which front door."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings

from cycles.people.models import Role

ACTING = "acting_role"
# The front door a role leads to; roles that share a door share its bar (DESIGN.md 2).
DOORS = {
    Role.CASEWORKER: "caseworker",
    Role.OP_LEAD: "caseworker",
    Role.RECORDER: "recorder",
    Role.STEWARD: "steward",
    Role.LEADER: "leader",
    Role.COMMISSIONER: "leader",
    Role.EVIDENCE: "evidence",
    Role.OUTSIDE_FRIEND: "evidence",
    Role.PLACE_ADMIN: "place_admin",
}


class AccountAdapter(DefaultAccountAdapter):
    """People come in by invitation only; mails carry the configured address, whatever Host was sent."""

    def is_open_for_signup(self, request):
        return False

    def get_login_redirect_url(self, request):
        return settings.LOGIN_REDIRECT_URL

    def send_password_reset_mail(self, user, email, context):
        context["password_reset_url"] = settings.SITE_URL + urlsplit(context["password_reset_url"]).path
        return super().send_password_reset_mail(user, email, context)


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
