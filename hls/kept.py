"""Words that arrive after a session has ended: kept for whoever signs in next on that device, and given back.

They rest in the signed-out session, encrypted, for half an hour. If the session that ended was someone's, only
that person gets them; nothing is sent by itself, the person reads it and sends it again.
"""

import base64
import hashlib
import json

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from hls.errors import SECRET, TOKEN

KEPT = "kept_words"
FOR_SECONDS = 30 * 60
MOST = 300_000  # letters; the longest form of ours holds far less


def keep(request):
    """True if what was posted is now kept. Secrets and files are not: they are asked for again."""
    pairs = [
        (name, value)
        for name, values in request.POST.lists()
        if name != TOKEN and not any(word in name.lower() for word in SECRET)
        for value in values
    ]
    size = sum(len(value) for _, value in pairs)
    if not any(value.strip() for _, value in pairs) or size > MOST:
        return False
    sheet = {"to": request.get_full_path(), "for": getattr(request, "ended_for", None), "pairs": pairs}
    request.session[KEPT] = _lock().encrypt(json.dumps(sheet).encode()).decode()
    return True


def kept_for(request):
    """What was kept for the person now signed in, or None."""
    if not (sealed := request.session.get(KEPT)):
        return None
    try:
        sheet = json.loads(_lock().decrypt(sealed.encode(), ttl=FOR_SECONDS))
    except InvalidToken:
        sheet = None
    if sheet is None or sheet["for"] not in (None, request.user.pk):
        del request.session[KEPT]
        return None
    return sheet


def let_go(request):
    request.session.pop(KEPT, None)


def _lock():
    digest = hashlib.sha256(b"kept words" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
