"""A message never reaches a machine inside a network, whatever the address says it is."""

import socket
import ssl
import time

import pytest

from hls.hooks import guard

INSIDE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.0.8", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.7", "::1", "::", "fe80::1",
    "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b::7f00:1",
    "2002:7f00:1::", "2002:a00:1::", "2001:db8::1", "::127.0.0.1",
]  # fmt: skip
OPEN = ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111"]


def answers(*ips):
    def getaddrinfo(host, port, *args, **kwargs):
        return [(socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ips]

    return getaddrinfo


@pytest.mark.parametrize("ip", INSIDE)
def test_addresses_inside_are_refused_as_numbers_and_behind_names(ip, monkeypatch):
    with pytest.raises(guard.NotAllowed):
        guard.parts_of(f"https://[{ip}]/" if ":" in ip else f"https://{ip}/")
    monkeypatch.setattr(socket, "getaddrinfo", answers(ip))
    with pytest.raises(guard.NotAllowed):
        guard.look_up("inside.example.org", 443)


@pytest.mark.parametrize("ip", OPEN)
def test_addresses_of_the_open_internet_will_do(ip, monkeypatch):
    """Positive control: the guard does not simply refuse everything."""
    monkeypatch.setattr(socket, "getaddrinfo", answers(ip))
    assert guard.look_up("outside.example.org", 443) == [ip]


def test_one_address_inside_spoils_the_name(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", answers("8.8.8.8", "10.0.0.1"))
    with pytest.raises(guard.NotAllowed):
        guard.look_up("both.example.org", 443)


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/", "ftp://example.org/", "//example.org/", "javascript:alert(1)", "https://", "https:///x",
        "https://user:word@example.org/", "https://example.org:22/", "https://example.org:6379/", "https://localhost/",
        "https://redis:443/", "https://2130706433/", "https://0x7f.1/", "https://exa mple.org/", "https://example.org/#x",
        "https://example.org:99999/", "https://exämple.org/", "https://example.org/\r\nHost: x", "x" * 400,
    ],
)  # fmt: skip
def test_addresses_that_are_none_are_refused(address, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", answers("127.0.0.1"))
    with pytest.raises(guard.NotAllowed):
        guard.look_up(*guard.parts_of(address)[:2])


def test_a_name_that_changes_its_mind_changes_nothing(outside, monkeypatch):
    """DNS re-binding: the name is asked once, and the address that was looked at is the one that is called."""
    asked, called, real, call = [], [], socket.getaddrinfo, socket.create_connection

    def getaddrinfo(host, port, *args, **kwargs):
        if host != "localhost":
            return real(host, port, *args, **kwargs)
        asked.append(host)
        return answers("127.0.0.1" if len(asked) == 1 else "169.254.169.254")(host, port)

    def create_connection(address, *args, **kwargs):
        called.append(address[0])
        return call(address, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(socket, "create_connection", create_connection)
    assert guard.post(outside.url, b"{}", {}) == 204
    assert (asked, called) == (["localhost"], ["127.0.0.1"])


def test_a_redirect_is_not_followed(outside):
    outside.answers, outside.more = [302], {"Location": outside.url + "/elsewhere"}
    assert guard.post(outside.url, b"{}", {}) == 302
    assert [came.path for came in outside.came] == ["/cairn"]


def test_a_certificate_that_is_not_good_is_refused(outside, monkeypatch):
    monkeypatch.setattr(guard, "secure", ssl.create_default_context)
    with pytest.raises(guard.NotDelivered, match="certificate"):
        guard.post(outside.url, b"{}", {})
    assert outside.came == []


def test_a_machine_that_drips_is_cut_off(outside, monkeypatch):
    monkeypatch.setattr(guard, "LONGEST", 1)
    outside.drip = 100
    start = time.monotonic()
    with pytest.raises(guard.NotDelivered, match="too slow"):
        guard.post(outside.url, b"{}", {})
    assert time.monotonic() - start < 9


def test_a_machine_that_says_nothing_is_cut_off_while_greeting(monkeypatch):
    monkeypatch.setattr(guard, "LONGEST", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        monkeypatch.setattr(guard, "ALLOWED_IN_TESTS", frozenset({("localhost", port)}))
        start = time.monotonic()
        with pytest.raises(guard.NotDelivered, match="too slow"):
            guard.post(f"https://localhost:{port}/", b"{}", {})
    assert time.monotonic() - start < 9


def test_nobody_there_is_said_so(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    monkeypatch.setattr(guard, "ALLOWED_IN_TESTS", frozenset({("localhost", port)}))
    with pytest.raises(guard.NotDelivered, match="no answer"):
        guard.post(f"https://localhost:{port}/", b"{}", {})


def test_nothing_but_a_test_widens_the_guard():
    assert frozenset() == guard.ALLOWED_IN_TESTS
