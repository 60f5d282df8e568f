"""Where files lie: under names that are random and say nothing, in the folder that no address leads to."""

import secrets
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from issues.talk.models import Attachment

FOLDER = "beside"
AT_A_TIME = 500
UNFINISHED_FOR = timedelta(hours=1)  # a file younger than this may belong to a row that is being written


def keep(data):
    """The path it is kept under. A file without a row, when the row was not written after all, is swept."""
    name = secrets.token_hex(20)
    return default_storage.save(f"{FOLDER}/{name[:2]}/{name}", ContentFile(data))


def forget(paths):
    for path in paths:
        default_storage.delete(path)


def opened(path):
    return default_storage.open(path, "rb")


def sweep(now):
    """Delete what no row knows. Returns how many files that were."""
    old = [path for path in _all() if now - default_storage.get_modified_time(path) > UNFINISHED_FOR]
    gone = 0
    for at in range(0, len(old), AT_A_TIME):
        some = old[at : at + AT_A_TIME]
        known = set(Attachment.objects.filter(path__in=some).values_list("path", flat=True))
        forget(path for path in some if path not in known)
        gone += sum(path not in known for path in some)
    return gone


def _all():
    try:
        shards, _ = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return
    for shard in shards:
        _, names = default_storage.listdir(f"{FOLDER}/{shard}")
        yield from (f"{FOLDER}/{shard}/{name}" for name in names)
