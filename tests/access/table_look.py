"""The frame of every page: staying signed in."""

from tests.access.rows import SIGNED_IN, Row


def build(w):
    """The frame shows nothing of a place but its name."""


ROWS = [Row("keep_session", posts=SIGNED_IN, only_post=True)]
