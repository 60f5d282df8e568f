"""One installation's own folder: its secrets, its data, its logs."""

import base64
import contextlib
import fcntl
import hashlib
import json
import os
import pwd
import secrets
import stat
from pathlib import Path

from .say import Stop

SHARED_HOMES = ("/var/lib", "/var/tmp")


class Installation:
    """Where a checkout keeps what must not be in the checkout."""

    def __init__(self, project, folder=None):
        self.project = Path(project).resolve()
        chosen = folder or os.environ.get("CAIRN_STATE")
        self.folder = Path(chosen).resolve() if chosen else _default_folder(self.project)

    def make(self):
        """Make the folder, or refuse one that somebody else laid out for us."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        own_folder(self.folder, 0o711 if is_root() else 0o700)
        for name in ("log", "media", "mail"):
            own_folder(self.folder / name, 0o700)
        note = self.folder / "project"
        if not note.exists():
            note.write_text(f"{self.project}\n")
        return self

    def exists(self):
        return self.folder.is_dir()

    @contextlib.contextmanager
    def lock(self, name, *, shared=False, wait=True):
        """Hold a lock of this installation; gives None at once if it's taken and we won't wait."""
        handle = open_private(self.folder / f"{name}.lock")
        how = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
        try:
            try:
                fcntl.flock(handle, how)
            except BlockingIOError:
                yield None
                return
            yield handle
        finally:
            handle.close()

    # What is remembered from one start to the next.

    @property
    def notes_file(self):
        return self.folder / "state.json"

    def notes(self):
        try:
            text = self.notes_file.read_text()
        except FileNotFoundError:
            return {}
        try:
            return json.loads(text)
        except ValueError as wrong:
            raise Stop(
                f"{self.notes_file} can't be read: {wrong}. It holds the passwords of this installation."
            ) from wrong

    def note(self, **changes):
        with self.lock("state"):
            notes = {**self.notes(), **changes}
            write_private(self.notes_file, json.dumps(notes, indent=1))
        return notes

    def secrets(self):
        """Made once for each installation; on disk before anything is locked with them."""
        with self.lock("state"):
            notes = self.notes()
            known = notes.get("secrets", {})
            made = {name: make() for name, make in MAKERS.items() if name not in known}
            if made:
                notes["secrets"] = {**known, **made}
                write_private(self.notes_file, json.dumps(notes, indent=1))
        return {**known, **made}

    def log(self, name):
        """A log file, cut down to its newer half when it has grown large."""
        path = self.folder / "log" / f"{name}.log"
        if path.exists() and path.stat().st_size > 5_000_000:
            path.replace(path.with_suffix(".log.old"))
        return path


def _password():
    return secrets.token_urlsafe(24)


def _field_key():
    """What cryptography's Fernet takes as a key."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


MAKERS = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "FIELD_KEYS": _field_key,
    "super": _password,
    "owner": _password,
    "app": _password,
    "valkey": _password,
}


def is_root():
    return os.geteuid() == 0


def servers_user():
    """PostgreSQL refuses to run as root, so as root the servers run as nobody."""
    if not is_root():
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise Stop(
            "PostgreSQL can't run as root, and this system has no user called nobody. Run Cairn as an ordinary user."
        ) from None
    return nobody.pw_uid, nobody.pw_gid


def _default_folder(project):
    """Beside the code; as root outside it, because nobody may not read a home folder of root."""
    if not is_root():
        return project / ".local"
    key = hashlib.sha256(os.fsencode(project)).hexdigest()[:12]
    home = next((place for place in SHARED_HOMES if os.access(place, os.W_OK)), SHARED_HOMES[-1])
    return Path(home) / f"cairn-{key}"


def own_folder(path, mode, owner=None):
    """Make a folder, or check that the one there is ours and no link to somewhere else."""
    try:
        path.mkdir(mode=mode)
    except FileExistsError:
        pass
    except OSError as wrong:
        raise Stop(
            f"The folder {path} can't be made: {wrong.strerror}. Set CAIRN_STATE to a folder that you may write."
        ) from wrong
    facts = path.lstat()
    expected = {os.geteuid()} | ({owner[0]} if owner else set())
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in expected:
        raise Stop(
            f"{path} belongs to somebody else, so Cairn won't use it. Remove it, or set CAIRN_STATE to another folder."
        )
    if owner and facts.st_uid != owner[0]:
        os.chown(path, *owner)
    if stat.S_IMODE(facts.st_mode) != mode:
        path.chmod(mode)
    return path


def open_private(path):
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600), "r+")


def write_private(path, text):
    """Write whole or not at all, for our eyes only."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)
