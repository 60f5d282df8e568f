"""The signal between the phone and the server: a line of our own that is whole, gone, silent, or a café's."""

import contextlib
import socket
import struct
import threading

PORTAL = b"<!doctype html><title>Free wifi</title><h1>Welcome to the caf\xc3\xa9</h1><p>Press to go online.</p>"
PORTAL = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(PORTAL)
    + PORTAL
)
WHOLE, GONE, SILENT, CAFE = "whole", "gone", "silent", "cafe"


def hang_up(*ends):
    """As a line that breaks does: no goodbye, what is on its way is lost."""
    for end in ends:
        with contextlib.suppress(OSError):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            end.close()


class Line:
    """A port that the browser takes for the server. Every change of `turn` breaks what is open."""

    def __init__(self, server_port):
        self.server = ("127.0.0.1", server_port)
        self.state, self.open = WHOLE, set()
        self.refused = ()  # requests that begin like this never arrive
        self.deaf_to = []  # these arrive, once each, and their answer never comes back
        self.swallowed = 0
        self.door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        threading.Thread(target=self._take, daemon=True).start()

    def turn(self, state):
        self.state = state
        for end in list(self.open):
            hang_up(end)

    def close(self):
        self.turn(GONE)
        hang_up(self.door)

    def _take(self):
        with contextlib.suppress(OSError):
            while True:
                browser, _ = self.door.accept()
                threading.Thread(target=self._carry, args=[browser], daemon=True).start()

    def _carry(self, browser):
        self.open.add(browser)
        server = None
        with contextlib.suppress(OSError):
            if self.state == CAFE:
                browser.recv(65536)
                browser.sendall(PORTAL)
                browser.shutdown(socket.SHUT_WR)
            elif self.state == SILENT:
                while browser.recv(65536):
                    pass
            if self.state == WHOLE:
                server = socket.create_connection(self.server)
                self.open.add(server)
                self._talk(browser, server)
        self.open -= {browser, server}
        if self.state == CAFE:
            browser.close()
        else:
            hang_up(browser, *([server] if server else []))

    def _talk(self, browser, server):
        deaf = threading.Event()
        threading.Thread(target=self._answer, args=[server, browser, deaf], daemon=True).start()
        while said := browser.recv(65536):
            if said.startswith(self.refused):
                return
            for request in [one for one in self.deaf_to if said.startswith(one)]:
                self.deaf_to.remove(request)
                deaf.set()
            server.sendall(said)

    def _answer(self, server, browser, deaf):
        with contextlib.suppress(OSError):
            while said := server.recv(65536):
                if deaf.is_set():
                    self.swallowed += 1
                    break
                browser.sendall(said)
        hang_up(browser, server)
