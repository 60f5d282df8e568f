"""Letters that say the same to many people: put together once, and only what differs between readers set in.

Rendering two templates and building a message with its parts takes longer than handing it over, and a team's
reminders differ in a name, an address, an id and a link. A test holds what comes out to what `letters.letter`
writes for the same reader.
"""

import re
from email import message_from_bytes
from functools import cache

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import sanitize_address
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape

from hls.notices.letters import context, greeted, headers, letter, message_id, stop_token

# Marks that no words of ours hold, and that neither a template nor a header changes.
NAME, HTML_NAME, STOP, IDENT, ADDRESS = "xqNAMExq", "xqHNAMExq", "https://xqSTOPxq", "<xqIDENTxq>", "xqto@xqto.example"
PART = "xqPARTxq"  # of an address
MARKS = re.compile(f"({'|'.join(map(re.escape, (NAME, HTML_NAME, STOP, IDENT, ADDRESS)))})")
# Anything else needs to be written for a header; such a letter is made one by one.
SIMPLE_ADDRESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+'-]*@[A-Za-z0-9.-]+")
EIGHT_BIT = b"Content-Transfer-Encoding: 8bit"


class Form:
    """A text with gaps. All are filled at once, so that what is set in is never searched for gaps itself."""

    def __init__(self, text):
        self.pieces = MARKS.split(text)

    def filled(self, words):
        return "".join(map(words.get, self.pieces, self.pieces))


class Wire(bytes):
    """A whole message as it goes over the line; read like a message where someone asks for its parts."""

    def as_bytes(self, unixfrom=False, linesep="\r\n"):
        return bytes(self)

    def __str__(self):
        return self.decode()

    def __getattr__(self, name):
        return getattr(message_from_bytes(bytes(self)), name)


class PressedLetter(EmailMultiAlternatives):
    wire = Wire()

    def message(self):
        return self.wire


class Press:
    """All letters with the same lines, subject and kind."""

    def __init__(self, lines, subject, what):
        self.lines, self.subject, self.what = lines, subject, what
        words = context(lines, subject) | {"stop": STOP}
        body = render_to_string("mail/notice.txt", words | {"name": NAME})
        html = render_to_string("mail/notice.html", words | {"name": HTML_NAME})
        sample = EmailMultiAlternatives(subject, body, to=[ADDRESS], headers=headers(IDENT, STOP))
        sample.attach_alternative(html, "text/html")
        wire = sample.message().as_bytes(linesep="\r\n")
        # Set in as they are: only where the parts go out as they are.
        self.is_open = wire.count(EIGHT_BIT) == 2
        self.body, self.html, self.wire = Form(body), Form(html), Form(wire.decode())
        self.stop = settings.SITE_URL + reverse("notices_stop", args=[PART])

    def letter(self, user, key):
        if not (self.is_open and SIMPLE_ADDRESS.fullmatch(user.email)):
            return letter(user, self.lines, key=key, subject=self.subject, what=self.what)
        name = greeted(user)
        stop, ident = self.stop.replace(PART, stop_token(user, self.what)), message_id(key)
        words = {NAME: name, HTML_NAME: escape(name), STOP: stop, IDENT: ident, ADDRESS: user.email}
        made = PressedLetter(self.subject, self.body.filled(words), to=[user.email])
        made.extra_headers = headers(ident, stop)
        made.attach_alternative(self.html.filled(words), "text/html")
        made.wire = Wire(self.wire.filled(words).encode())
        return made


class Presses(dict):
    """The presses of one batch, by what they say: (lines, subject, kind)."""

    def __missing__(self, said):
        lines, subject, what = said
        press = self[said] = Press(lines, subject, what)
        return press


def sender():
    """The address that letters of ours come from, as the mail server is told."""
    return _written(settings.DEFAULT_FROM_EMAIL)


@cache
def _written(address):
    return sanitize_address(address, "utf-8")
