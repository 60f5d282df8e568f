"""The link in a letter by which one person answers one question, without signing in (docs/adr/0026)."""

from datetime import timedelta

from django.core import signing
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

SALT = "cairn.is-it-better"
FOR = timedelta(days=60)


def token_of(ask_pk, user_pk):
    """In letters that look like an address part, so that logs leave it out."""
    return urlsafe_base64_encode(signing.dumps([ask_pk, user_pk], salt=SALT).encode())


def read_token(token):
    """(the question's id, the person's id), or None for one that is broken, made up or old."""
    try:
        ask, user = signing.loads(urlsafe_base64_decode(token).decode(), salt=SALT, max_age=FOR)
    except (ValueError, signing.BadSignature):
        return None
    return ask, user
