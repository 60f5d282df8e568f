"""Words that rest encrypted, under keys that are never in the database.

`FIELD_KEYS` is a ring: the first key seals, all of them open, so that a new key can be put in front and old words
stay readable. `manage.py seal_again` then puts everything under the first key, and the old one can go. Losing the
keys loses the words, on purpose.
"""

from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models, transaction


class NoKey(ImproperlyConfigured):
    """An installation has no key at all, or something that is none."""


# What reading or writing sealed words may raise where the keys are lost.
LOCKED = (InvalidToken, NoKey)


@cache
def _ring(keys):
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        raise NoKey("FIELD_KEYS holds something that is no key; docs/deploy.md says how to make one.") from None


def ring():
    """Raises NoKey where an installation has none."""
    if not settings.FIELD_KEYS:
        raise NoKey("Set FIELD_KEYS; .env.example says what it is for.")
    return _ring(tuple(settings.FIELD_KEYS))


class SealedText(models.Field):
    """Text in Python, a sealed token in the database. It can't be searched, sorted or compared there."""

    def get_internal_type(self):
        return "BinaryField"

    def get_prep_value(self, value):
        return None if value is None else ring().encrypt(str(value).encode())

    def get_db_prep_value(self, value, connection, prepared=False):
        value = super().get_db_prep_value(value, connection, prepared)
        return None if value is None else connection.Database.Binary(value)

    def from_db_value(self, value, expression, connection):
        """Raises InvalidToken when no key of the ring opens it: the words exist, and nobody goes on as if not."""
        return None if value is None else ring().decrypt(bytes(value)).decode()

    def value_to_string(self, obj):
        """What a dump of rows holds: a sealed token, never the words."""
        return ring().encrypt(str(self.value_from_object(obj)).encode()).decode()

    def get_lookup(self, lookup_name):
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


def sealed_fields():
    """{model: names of its sealed fields}."""
    found = {}
    for model in apps.get_models():
        if names := [field.name for field in model._meta.local_fields if isinstance(field, SealedText)]:
            found[model] = names
    return found


def seal_again():
    """Put every sealed word under the first key. (how many rows, how many no key opens and so stay as they are).

    Safe while people write, and to run again: a row is held while it is sealed anew.
    """
    done, locked = 0, 0
    for model, names in sealed_fields().items():
        for pk in list(model.objects.order_by("pk").values_list("pk", flat=True)):
            if _seal_row(model, pk, names):
                done += 1
            elif model.objects.filter(pk=pk).exists():
                locked += 1
    return done, locked


@transaction.atomic
def _seal_row(model, pk, names):
    try:
        row = model.objects.select_for_update().filter(pk=pk).first()
        if row is not None:
            row.save(update_fields=names)  # opens the words, where they were not read with the row
    except InvalidToken:
        return False
    return row is not None


__all__ = ["LOCKED", "InvalidToken", "NoKey", "SealedText", "ring", "seal_again"]
