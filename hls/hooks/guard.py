"""Where a message may go: to the open internet over https, to the very address that was looked at, and nowhere else.

The name is asked once, every address it has is checked, and the call goes to one of those: a name that answers
differently a second later (DNS re-binding) changes nothing. Redirects are not followed.
"""

import ipaddress
import socket
import ssl
from contextlib import suppress
from http.client import HTTPException, HTTPSConnection
from threading import Timer
from urllib.parse import urlsplit

PORTS = (443, 8443)
LONGEST = 10  # seconds for all of it
READ_MOST = 16 * 1024
# Tests put the address of their stand-in here; nothing else does, and no setting can.
ALLOWED_IN_TESTS: frozenset[tuple[str, int]] = frozenset()
NAT64 = ipaddress.ip_network("64:ff9b::/96")
# What this Python may not know of yet: protocol assignments, relays, local translation, documentation, routing.
ALSO_INSIDE = [
    ipaddress.ip_network(net)
    for net in ("192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "2001::/23", "3fff::/20", "5f00::/16", "fec0::/10")
]


class NotAllowed(Exception):
    """The words are for the person who wrote the address."""


class NotDelivered(Exception):
    """It did not arrive; the words are a kind of failure, short enough for a list."""


def parts_of(address):
    """(host, port, path) of an address that may be registered. Raises NotAllowed."""
    try:
        found = urlsplit(address)
        port = found.port or 443
    except ValueError:
        raise NotAllowed("This is not an address. Write it like https://example.org/cairn") from None
    if found.scheme != "https":
        raise NotAllowed("Begin with https:// so that nobody on the way can read it.")
    if found.username or found.password:
        raise NotAllowed("Leave the name and password out of the address. Each message is signed.")
    host = found.hostname or ""
    if not host or not address.isascii() or any(mark.isspace() or not mark.isprintable() for mark in address):
        raise NotAllowed("This is not an address. Write it like https://example.org/cairn")
    if port not in PORTS and (host, port) not in ALLOWED_IN_TESTS:
        raise NotAllowed("Use the usual port, 443, or 8443.")
    if found.fragment:
        raise NotAllowed("Leave out what comes after #.")
    if "." not in host.strip(".") and ":" not in host and (host, port) not in ALLOWED_IN_TESTS:
        raise NotAllowed("Give the full name of the machine, such as hooks.example.org.")
    if _is_number(host):
        _check(ipaddress.ip_address(host), host, port)
    return host, port, (found.path or "/") + (f"?{found.query}" if found.query else "")


def _is_number(host):
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _check(ip, host, port):
    if (host, port) in ALLOWED_IN_TESTS:
        return
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    teredo = getattr(ip, "teredo", None)
    if ip.version == 6 and ip in NAT64:
        inner = ipaddress.ip_address(int(ip) & 0xFFFFFFFF)
    for one in [ip, *([inner] if inner else []), *(teredo or ())]:
        if not one.is_global or one.is_multicast or one.is_reserved or any(one in net for net in ALSO_INSIDE):
            raise NotAllowed("This leads to a machine inside a network. Only addresses on the open internet will do.")


def look_up(host, port):
    """The addresses behind a name, all of them allowed: one bad one spoils the rest. Raises NotAllowed, NotDelivered."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotDelivered("name not found") from None
    ips = list(dict.fromkeys(entry[4][0] for entry in found))
    for ip in ips:
        _check(ipaddress.ip_address(ip.partition("%")[0]), host, port)
    if not ips:
        raise NotDelivered("name not found")
    return ips


class _Pinned(HTTPSConnection):
    """Calls the address that was checked; the certificate is still checked against the name."""

    def __init__(self, host, port, ip, context):
        super().__init__(host, port, timeout=LONGEST / 2, context=context)
        self._ip, self._checks, self.is_cut = ip, context, False

    def connect(self):
        plain = socket.create_connection((self._ip, self.port), self.timeout)
        # Known before the two greet each other, so that the deadline can cut that short as well.
        self.sock = self._checks.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock.do_handshake()

    def cut(self):
        """A machine that drips one byte a second would never run into a time-out by itself."""
        self.is_cut = True
        if self.sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


def secure():
    """How certificates are checked; a function, so that a test can trust its stand-in's."""
    return ssl.create_default_context()


def post(address, body, headers):
    """The status that came back. Raises NotAllowed or NotDelivered; never follows, never waits longer than LONGEST."""
    host, port, path = parts_of(address)
    line = _Pinned(host, port, look_up(host, port)[0], secure())
    deadline = Timer(LONGEST, line.cut)
    deadline.daemon = True
    deadline.start()
    try:
        line.request("POST", path, body, {"Connection": "close", **headers})
        answer = line.getresponse()
        answer.read(READ_MOST)
        return answer.status
    except (OSError, HTTPException, ValueError) as wrong:
        raise NotDelivered(_what(line, wrong)) from None
    finally:
        deadline.cancel()
        line.close()


def _what(line, wrong):
    if line.is_cut or isinstance(wrong, TimeoutError):
        return "too slow"
    return "certificate not good" if isinstance(wrong, ssl.SSLError) else "no answer"
