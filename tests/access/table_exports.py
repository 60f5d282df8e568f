"""Views as files: whoever may open the page may take it out, and reads no more in the file."""

from tests.access.rows import SIGNED_IN, Row

STEWARD = frozenset({"steward"})
OVERVIEW = frozenset({"leader", "steward", "evidence"})
KINDS = ("csv", "xlsx")


def build(w):
    """Nothing of its own: what the other tables build is what is taken out."""


ROWS = [
    *(Row(f"download_triage_{kind}", sees=STEWARD, refused=SIGNED_IN - STEWARD) for kind in KINDS),
    *(Row(f"download_decisions_{kind}", sees=OVERVIEW) for kind in KINDS),
    *(Row(f"download_stories_{kind}", sees=SIGNED_IN) for kind in KINDS),
    *(Row(f"download_recommendations_{kind}", sees=SIGNED_IN) for kind in KINDS),
    *(Row(f"download_group_{kind}") for kind in KINDS),  # 404 without the name of a group
    *(Row(f"download_pattern_{kind}") for kind in KINDS),  # 404 without the ref of a pattern
]
