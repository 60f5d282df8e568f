"""GOV.UK Notify: text messages, and mail where a place wants its mail to go that way. Off without a key.

Notify does not see by a reference that a message was sent before. So whoever tries a second time says so, and
is looked up first: what Notify has taken is never handed over again.
"""

import re
from dataclasses import dataclass

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.crypto import constant_time_compare, salted_hmac

PATIENCE = 10  # seconds; a look-up and a hand-over must fit into a sender's lease
UNDELIVERED = ("permanent-failure", "temporary-failure", "technical-failure")
NOT_NOW = (403, 429)  # the key is wrong, or it is too much for a while: no fault of the one message


class NotTaken(OSError):
    """Notify did not take a message. `is_final`: it never will. `is_away`: nor any other at present."""

    def __init__(self, code):
        super().__init__(f"Notify answered {code}")
        self.is_final, self.is_away = code in (400, 404), code in NOT_NOW


def is_on():
    return bool(settings.NOTIFY_KEY)


@dataclass
class TextMessage:
    """One text: where to, what it says, and the name by which Notify can be asked about it."""

    to: str
    words: str
    reference: str = ""
    is_repeat: bool = False

    def send(self):
        Texts().send_messages([self])


class Texts:
    """Takes texts as a mail connection takes letters."""

    def __init__(self):
        self.service = _client()

    def open(self):
        return True

    def close(self):
        """Nothing is kept open between two senders."""

    def send_messages(self, messages):
        for text in messages:
            if not _was_taken(self.service, "sms", text):
                _ask(
                    self.service.send_sms_notification,
                    phone_number=text.to,
                    template_id=settings.NOTIFY_TEXT_TEMPLATE,
                    personalisation={"message": text.words},
                    reference=text.reference,
                )
        return len(messages)


class MailBackend(BaseEmailBackend):
    """Django's mail through Notify. The template there has ((subject)) as its subject and ((message)) as its text."""

    def send_messages(self, messages):
        service, sent = _client(), 0
        for letter in messages:
            for address in letter.recipients():
                try:
                    self._send(service, letter, address)
                except NotTaken:
                    if not self.fail_silently:
                        raise
                else:
                    sent += 1
        return sent

    @staticmethod
    def _send(service, letter, address):
        if _was_taken(service, "email", letter):
            return
        stop = letter.extra_headers.get("List-Unsubscribe", "").strip("<>")
        _ask(
            service.send_email_notification,
            email_address=address,
            template_id=settings.NOTIFY_MAIL_TEMPLATE,
            personalisation={"subject": letter.subject, "message": letter.body},
            reference=getattr(letter, "reference", ""),
            one_click_unsubscribe_url=stop if stop.startswith("https://") else None,
        )


def _client():
    from notifications_python_client.notifications import NotificationsAPIClient

    return NotificationsAPIClient(settings.NOTIFY_KEY, base_url=settings.NOTIFY_URL, timeout=PATIENCE)


def _ask(call, *args, **kwargs):
    """The client's own exceptions may quote a number; ours hold what Notify answered in figures only."""
    from notifications_python_client.errors import APIError

    try:
        return call(*args, **kwargs)
    except APIError as wrong:
        raise NotTaken(wrong.status_code) from None


def _was_taken(service, kind, message):
    reference = getattr(message, "reference", "")
    if not (reference and getattr(message, "is_repeat", False)):
        return False
    return bool(_ask(service.get_all_notifications, template_type=kind, reference=reference)["notifications"])


# ---------------------------------------------------------------- what was taken and could not be delivered

REFERENCE = re.compile(r"(\w+(?:-\d+)+)-([0-9a-f]{20})")


def reference_of(name):
    """A name like "n-17" that only we can have given: another program may use the same service."""
    return f"{name}-{_seal(name)}"


def read_reference(reference):
    """The name, or None for one that is not ours."""
    found = REFERENCE.fullmatch(reference or "")
    return found[1] if found and constant_time_compare(_seal(found[1]), found[2]) else None


def _seal(name):
    return salted_hmac("cairn.notify", name, algorithm="sha256").hexdigest()[:20]


def undelivered():
    """[(name, is it for good?)] of the newest messages of ours that Notify could not deliver."""
    service, found = _client(), []
    for status in UNDELIVERED:
        for row in _ask(service.get_all_notifications, status=status)["notifications"]:
            if name := read_reference(row.get("reference")):
                found.append((name, status == "permanent-failure"))
    return found
