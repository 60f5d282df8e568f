"""A stand-in for GOV.UK Notify on this machine: the part of its documented API that Cairn uses, and its faults."""

import json
import re
import threading
import uuid
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from notifications_python_client.authentication import decode_jwt_token, get_token_issuer
from notifications_python_client.errors import TokenError

SERVICE, SECRET = str(uuid.UUID(int=7)), str(uuid.UUID(int=11))
KEY = f"cairn_test-{SERVICE}-{SECRET}"
ALLOWED = {
    "sms": {"phone_number", "template_id", "personalisation", "reference", "sms_sender_id"},
    "email": {
        "email_address", "template_id", "personalisation", "reference", "email_reply_to_id",
        "one_click_unsubscribe_url", "sanitise_content_for",
    },
}  # fmt: skip
UK_MOBILE = re.compile(r"\+447[0-9]{9}")


class Notify(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.taken = []  # each as the API would list it, newest last
        self.faults = []  # answers to give before working again: a code, or "cut" after taking
        self.asked = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def texts(self):
        return [row for row in self.taken if row["type"] == "sms"]

    def says(self, reference, status):
        for row in self.taken:
            if row["reference"] == reference:
                row["status"] = status

    @contextmanager
    def running(self):
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.shutdown()
            self.server_close()
            thread.join(5)

    def handle_error(self, request, client_address):
        """A line that was cut on purpose is no news."""


class Answer(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_POST(self):
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.may_ask():
            return
        kind = self.path.rpartition("/")[2]
        fault = self.server.faults.pop(0) if self.server.faults else None
        if isinstance(fault, int):
            return self.refuse(fault, f"{sent.get('phone_number', '')} no")
        if wrong := self.what_is_wrong(kind, sent):
            return self.refuse(400, wrong)
        row = {
            "id": str(uuid.uuid4()),
            "type": kind,
            "reference": sent.get("reference"),
            "phone_number": sent.get("phone_number"),
            "email_address": sent.get("email_address"),
            "body": sent["personalisation"]["message"],
            "subject": sent["personalisation"].get("subject"),
            "stop": sent.get("one_click_unsubscribe_url"),
            "status": "created",
        }
        self.server.taken.append(row)
        if fault == "cut":
            return self.connection.close()
        return self.answer(201, {"id": row["id"], "reference": row["reference"], "content": {"body": row["body"]}})

    def do_GET(self):
        if not self.may_ask():
            return
        self.server.asked += 1
        wanted = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        names = {"template_type": "type", "reference": "reference", "status": "status"}
        rows = [
            row for row in self.server.taken if all(row[names[name]] == value for name, value in wanted.items())
        ]  # an unknown filter is a fault of the test
        self.answer(200, {"notifications": rows[::-1][:250], "links": {"current": self.path}})

    def may_ask(self):
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            good = get_token_issuer(token) == SERVICE and decode_jwt_token(token, SECRET)
        except TokenError:
            good = False
        if not good:
            self.refuse(403, "Invalid token: signature, api token not found")
        return good

    @staticmethod
    def what_is_wrong(kind, sent):
        if unknown := set(sent) - ALLOWED[kind]:
            return f"Additional properties are not allowed ({unknown} was unexpected)"
        if "message" not in sent.get("personalisation", {}):
            return "Missing personalisation: message"
        if kind == "sms" and not UK_MOBILE.fullmatch(sent["phone_number"]):
            return f"phone_number {sent['phone_number']} Not a UK mobile number"
        stop = sent.get("one_click_unsubscribe_url")
        return "one_click_unsubscribe_url is not a valid https url" if stop and not stop.startswith("https:") else ""

    def refuse(self, code, why):
        self.answer(code, {"status_code": code, "errors": [{"error": "Error", "message": why}]})

    def answer(self, code, what):
        body = json.dumps(what).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
