"""Just enough of Firefox's own Marionette protocol: `length:[0, id, command, params]` over TCP."""

import itertools
import json
import socket

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Refused(Exception):
    """What the browser could not do."""


class Marionette:
    def __init__(self, port, patience):
        self.line = socket.create_connection(("127.0.0.1", port), patience)
        self.ids, self.rest = itertools.count(1), b""
        self._message()  # its greeting
        wanted = {"unhandledPromptBehavior": "accept", "timeouts": {"script": 30_000, "pageLoad": 60_000}}
        self.ask("WebDriver:NewSession", capabilities={"alwaysMatch": wanted})

    def _message(self):
        while b":" not in self.rest:
            self._more()
        length, _, self.rest = self.rest.partition(b":")
        while len(self.rest) < int(length):
            self._more()
        message, self.rest = self.rest[: int(length)], self.rest[int(length) :]
        return json.loads(message)

    def _more(self):
        came = self.line.recv(65536)
        if not came:
            raise Refused("the browser is gone")
        self.rest += came

    def ask(self, command, **params):
        sent = json.dumps([0, next(self.ids), command, params]).encode()
        self.line.sendall(b"%d:%s" % (len(sent), sent))
        _, _, wrong, answer = self._message()
        if wrong:
            raise Refused(f"{wrong['error']}: {wrong['message']}")
        return answer["value"] if isinstance(answer, dict) and "value" in answer else answer

    def find(self, css):
        return self.ask("WebDriver:FindElement", using="css selector", value=css)[ELEMENT]

    def close(self):
        self.line.close()
