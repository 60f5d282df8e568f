"""Loads the question sets into the database after each `migrate`."""

from functools import cache
from pathlib import Path

import yaml
from django.apps import apps as installed_apps

SETS = Path(__file__).with_name("sets.yaml")
DESCRIBES_A_SET = ("scale", "audience", "layer")


@cache
def questions():
    """Every question of the file as one flat row, in the order of the file."""
    rows = []
    for group in yaml.safe_load(SETS.read_text(encoding="utf-8")):
        for question in group["questions"]:
            about = {name: question.get(name, group.get(name, "")) for name in DESCRIBES_A_SET}
            rows.append(
                {"set": group["set"], "order": len(rows) + 1, "key": question["key"], "text": question["text"]} | about
            )
    return rows


def load_questions(using, apps=installed_apps, **kwargs):
    """Add missing keys and bring words, set and order up to date; answers keep pointing at the same key.

    There is no page for editing questions yet, so the file's words win. Once places may edit them, this must
    leave an edited text alone. `is_active` is never touched.
    """
    try:
        question = apps.get_model("cycles", "Question")
    except LookupError:  # migrating back to before there were questions
        return
    question.objects.using(using).bulk_create(
        [question(**row) for row in questions()],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["set", "order", "text", *DESCRIBES_A_SET],
    )
