"""Words that rest encrypted, under keys that are never in the database.

`FIELD_KEYS` is a ring: the first key seals, all of them open, so that a new key can be put in front and old words
stay readable. Losing the keys loses the words, on purpose.
"""

from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


@cache
def _ring(keys):
    return MultiFernet([Fernet(key) for key in keys])


def ring():
    """Raises ImproperlyConfigured where an installation has no key."""
    if not settings.FIELD_KEYS:
        raise ImproperlyConfigured("Set FIELD_KEYS; .env.example says what it is for.")
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


__all__ = ["InvalidToken", "SealedText", "ring"]
