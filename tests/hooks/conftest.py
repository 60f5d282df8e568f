"""A machine outside, on this machine: real TLS with a certificate of its own, and faults on request."""

import http.server
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hls.hooks import actions, guard

NAME = "localhost"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=9000)).not_valid_after(now + timedelta(days=9000))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path_factory.mktemp("tls") / "outside.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


class Outside:
    """What came in, and what is answered: a list of statuses used up one by one, then 204."""

    def __init__(self):
        self.came, self.answers, self.more, self.drip = [], [], {}, 0

    def handler(self):
        outside = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outside.came.append(SimpleNamespace(path=self.path, headers=dict(self.headers), body=body))
                if outside.drip:
                    return self._drip()
                self.send_response(outside.answers.pop(0) if outside.answers else 204)
                for name, value in outside.more.items():
                    self.send_header(name, value)
                self.end_headers()

            def do_GET(self):
                outside.came.append(SimpleNamespace(path=self.path, headers=dict(self.headers), body=b"GET"))
                self.send_response(200)
                self.end_headers()

            def _drip(self):
                try:
                    for _ in range(outside.drip):
                        self.wfile.write(b"H")
                        self.wfile.flush()
                        time.sleep(0.1)
                except OSError:
                    pass

            def log_message(self, *args):
                pass

        return Handler


@pytest.fixture
def outside(certificate, monkeypatch):
    machine = Outside()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), machine.handler())
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    machine.port = server.server_address[1]
    machine.url = f"https://{NAME}:{machine.port}/cairn"
    monkeypatch.setattr(guard, "ALLOWED_IN_TESTS", frozenset({(NAME, machine.port)}))
    monkeypatch.setattr(guard, "secure", lambda: ssl.create_default_context(cafile=certificate))
    yield machine
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def hook(here, outside):
    made, _ = actions.add_hook(
        place=here.place, name="Task board", address=outside.url, kinds=["raised", "closed", "level"], by=here.admin
    )
    return made
