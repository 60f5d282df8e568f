"""The front of the house: open pages, health, sign-in, one's own account, and the place's administration."""

from cycles.people.actions import invite
from tests import factories as f
from tests.access.rows import PUBLIC, SIGNED_IN, Row

ADMIN = frozenset({"admin"})


def build(w):
    """An agency, a person with a part, an invitation; each with words that only some may read."""
    w.agency = f.AgencyFactory(place=w.place, name=w.secret("agency name", SIGNED_IN))
    w.place_team = f.TeamFactory(place=w.place, name=w.secret("group name", SIGNED_IN))
    w.newcomer = f.UserFactory(name=w.secret("full name of a newcomer", ADMIN))
    w.part = f.MembershipFactory(user=w.newcomer, team=w.place_team)
    w.invitation, w.token = invite(
        place=w.place, email=f"{w.secret('address of someone invited', ADMIN)}@example.org", role="caseworker",
        team=w.core, by=w.admin,
    )  # fmt: skip
    w.open_invitation, w.open_token = invite(
        place=w.place, email="open@example.org", role="leader", team=w.leadership, by=w.admin
    )


def person(w):
    return {"pk": w.newcomer.pk}


ROWS = [
    Row("front_door", sees=SIGNED_IN),
    Row("health_live", sees=PUBLIC),
    Row("health_ready", sees=PUBLIC),
    Row("help", sees=PUBLIC),
    Row("who_sees_what", sees=PUBLIC),
    Row("accessibility", sees=PUBLIC),
    Row("privacy", sees=PUBLIC),
    Row("offline", sees=PUBLIC),
    Row("account_login", sees=PUBLIC, posts=PUBLIC),
    Row("account_logout", sees=PUBLIC, posts=PUBLIC),
    Row("account_inactive", sees=PUBLIC),
    Row("account_change_password", sees=SIGNED_IN, posts=SIGNED_IN),
    Row("account_reset_password", sees=PUBLIC, posts=PUBLIC),
    Row("account_reset_password_done", sees=PUBLIC),
    Row(
        "account_reset_password_from_key",
        lambda w: {"uidb36": "1", "key": "set-password"},
        sees=PUBLIC,
        posts=PUBLIC,
    ),
    Row("account_reset_password_from_key_done", sees=PUBLIC),
    Row("people:account", sees=SIGNED_IN, posts=SIGNED_IN),
    Row("keep_session", posts=SIGNED_IN, only_post=True),
    Row("people:switch", posts=frozenset(), only_post=True),  # 404 without a membership of one's own
    Row("people:sign_out_others", posts=SIGNED_IN, only_post=True),
    Row("people:kept_words", sees=frozenset()),  # 404 until something was kept
    Row("people:invitation", lambda w: {"token": w.open_token}, sees=PUBLIC, posts=PUBLIC),
    Row("people:place", sees=ADMIN),
    Row("people:agency_new", sees=ADMIN, posts=ADMIN),
    Row("people:agency", lambda w: {"pk": w.agency.pk}, sees=ADMIN, posts=ADMIN),
    Row("people:team_new", sees=ADMIN, posts=ADMIN),
    Row("people:team", lambda w: {"pk": w.place_team.pk}, sees=ADMIN, posts=ADMIN),
    Row("people:person", person, sees=ADMIN),
    Row("people:membership_new", person, sees=ADMIN, posts=ADMIN),
    Row("people:membership_end", lambda w: {"pk": w.part.pk}, sees=ADMIN, posts=ADMIN),
    Row("people:deactivate", person, posts=ADMIN, only_post=True),
    Row("people:reactivate", person, posts=ADMIN, only_post=True),
    Row("people:invite", sees=ADMIN, posts=ADMIN),
    Row("people:withdraw", lambda w: {"pk": w.invitation.pk}, posts=ADMIN, only_post=True),
    Row("people:invite_again", lambda w: {"pk": w.invitation.pk}, posts=ADMIN, only_post=True),
]
