"""The environment variables that a started Cairn runs with. What is set already always wins."""

import os
import socket

OWNER = "DATABASE_OWNER_URL"


def read_env_file(project):
    """`.env` as settings.py reads it, for those few variables that matter before Django."""
    try:
        rows = (project / ".env").read_text().splitlines()
    except OSError:
        return
    for row in rows:
        name, found, value = row.strip().removeprefix("export ").partition("=")
        if found and name and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip("'\""))


def address(host, port):
    shown = "127.0.0.1" if listens_everywhere(host) else host
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"


def variables(installation, services, *, host="127.0.0.1", port=8000):
    """Everything, the owner's address too: for `migrate` and commands given by hand."""
    secrets = installation.secrets()
    chosen = {
        "SECRET_KEY": secrets["SECRET_KEY"],
        "FIELD_KEYS": secrets["FIELD_KEYS"],
        "ENVIRONMENT": "development",
        "ALLOWED_HOSTS": ",".join(host_names(host)),
        "SITE_URL": address(host, port),
        "MEDIA_ROOT": str(installation.folder / "media"),
        "MAIL_FILE_PATH": str(installation.folder / "mail"),
    }
    given = {name: value for name, value in os.environ.items() if value or name not in chosen}
    return {**chosen, **given, **services.addresses(), "CAIRN_BOOT": "0", "PYTHONUTF8": "1"}


def without_owner(environ):
    """For web, worker and beat, which must not be able to change tables or history."""
    return {name: value for name, value in environ.items() if name != OWNER}


def listens_everywhere(host):
    return host in ("0.0.0.0", "::", "")


def host_names(host):
    names = ["127.0.0.1", "localhost", "[::1]"]
    if listens_everywhere(host):
        names += [socket.gethostname(), socket.getfqdn(), *_own_addresses()]
    else:
        names.append(f"[{host}]" if ":" in host else host)
    return list(dict.fromkeys(name for name in names if name))


def _own_addresses():
    """The address this machine would send from. Nothing is sent: a UDP socket only looks up the route."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return [probe.getsockname()[0]]
        except OSError:
            return []
