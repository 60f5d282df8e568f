"""The front of the house: open pages, health, sign-in and one's own account."""

from tests.access.rows import PUBLIC, SIGNED_IN, Row


def build(w):
    """These pages show nothing of a place."""


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
]
