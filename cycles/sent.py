"""Rows made by a form: sent twice, by an impatient thumb or a phone that came back, they are made once."""

import uuid

from django.db import models


class Sent(models.Model):
    client_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


def make_once(model, client_id, **fields):
    """The row and whether it is new. Eight at once make one: the unique column decides, not the asking."""
    return model._default_manager.get_or_create(client_id=client_id or uuid.uuid4(), defaults=fields)
