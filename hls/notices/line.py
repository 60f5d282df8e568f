"""One kept line to the mail server, and the note in the database that a letter was taken.

The note of one letter is written while the next is being announced, and is certain before the next one's words
are handed over. So waiting for the disk costs no time of its own, and a killed sender can still repeat only the
one letter that was on the line.
"""

from contextlib import suppress
from datetime import UTC
from functools import cache
from smtplib import SMTP, SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused, SMTPServerDisconnected, quoteaddr

from django.db import connection
from django.utils import timezone
from psycopg import errors, pq

from hls.notices.press import sender

TAKEN = (
    b"UPDATE cycles_notice SET sent_at = $1, claimed_until = NULL"
    b" WHERE id = ANY($2) AND sent_at IS NULL AND dropped_at IS NULL"
)
OK, LATER = 250, 421


class Notes:
    """Says of letters that they were taken. At most one note is on its way; it needs no answer to be carried out."""

    def __init__(self):
        self.on_its_way = None

    def taken(self, ids):
        self.certain()
        with connection.wrap_database_errors:
            connection.ensure_connection()
            server = connection.connection.pgconn
            now = timezone.now().astimezone(UTC).isoformat().encode()
            server.send_query_params(TAKEN, [now, b"{%s}" % b",".join(b"%d" % pk for pk in ids)])
            self.on_its_way = server
            server.flush()

    def certain(self):
        """Wait for the note that is on its way, if there is one. Raises what the database answered."""
        server, self.on_its_way = self.on_its_way, None
        if server is None:
            return
        with connection.wrap_database_errors:
            wrong = None
            while answer := server.get_result():
                if answer.status not in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK):
                    wrong = errors.error_from_result(answer)
            if wrong:
                raise wrong


def hand_over(line, letter, notes):
    """Give one letter to the open mail connection `line`, once the note of the one before is certain."""
    server = getattr(line, "connection", None)
    wire = getattr(letter, "wire", None)
    if not (wire and isinstance(server, SMTP)):
        notes.certain()
        line.send_messages([letter])
        return
    _announce(server, letter.to[0])
    notes.certain()
    code, said = server.data(wire)
    if code != OK:
        _forget(server, code)
        raise SMTPDataError(code, said)


def _announce(server, address):
    """As smtplib does for one reader; what a server refuses here it has not taken.

    smtplib takes each address apart to quote it, which costs more than sending it. Ours is quoted once, and a letter
    that is pressed has an address that needs nothing.
    """
    server.ehlo_or_helo_if_needed()
    code, said = server.docmd("mail", f"FROM:{_quoted(sender())}")
    if code != OK:
        _forget(server, code)
        raise SMTPSenderRefused(code, said, sender())
    code, said = server.docmd("rcpt", f"TO:<{address}>")
    if code not in (OK, 251):
        _forget(server, code)
        raise SMTPRecipientsRefused({address: (code, said)})


_quoted = cache(quoteaddr)


def _forget(server, code):
    """Leave the letter that was refused; a server that says it is closing is left altogether."""
    if code == LATER:
        server.close()
        return
    with suppress(SMTPServerDisconnected):
        server.rset()
