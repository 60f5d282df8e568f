"""The folder of an installation: whose it is, who can read it, what it remembers."""

import base64
import json
import os
import stat
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet

from hls.boot import state
from hls.boot.say import Stop
from hls.boot.state import Installation, own_folder


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_secrets_are_made_once_and_only_we_can_read_them(installation):
    made = installation.secrets()
    assert set(made) == {"SECRET_KEY", "FIELD_KEYS", "super", "owner", "app", "valkey"}
    assert len(set(made.values())) == 6
    assert min(len(value) for value in made.values()) >= 32
    assert mode(installation.notes_file) == 0o600
    assert Installation(installation.project, installation.folder).secrets() == made


def test_secrets_field_key_is_one_that_encrypts(installation):
    key = installation.secrets()["FIELD_KEYS"]
    assert len(base64.urlsafe_b64decode(key)) == 32
    assert Fernet(key).decrypt(Fernet(key).encrypt(b"words")) == b"words"


def test_secrets_differ_between_installations(tmp_path):
    one, two = (Installation(tmp_path, tmp_path / name).make() for name in ("one", "two"))
    assert not set(one.secrets().values()) & set(two.secrets().values())


def test_secrets_older_than_a_new_kind_are_kept(installation):
    before = installation.secrets()
    notes = installation.notes()
    del notes["secrets"]["valkey"]
    state.write_private(installation.notes_file, json.dumps(notes))
    after = installation.secrets()
    assert {name: after[name] for name in before if name != "valkey"} == {
        name: before[name] for name in before if name != "valkey"
    }
    assert after["valkey"]


def test_folder_is_closed_to_others(installation):
    # As root the servers' own user walks through it, and sees nothing on the way.
    assert mode(installation.folder) == (0o711 if state.is_root() else 0o700)
    assert mode(installation.folder / "media") == 0o700


def test_folder_that_is_a_link_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "state").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Stop, match="belongs to somebody else"):
        own_folder(tmp_path / "state", 0o700)


def test_folder_of_somebody_else_is_refused(tmp_path, monkeypatch):
    own_folder(tmp_path / "state", 0o700)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with pytest.raises(Stop, match="belongs to somebody else"):
        own_folder(tmp_path / "state", 0o700)


def test_folder_keyed_by_project_when_root(tmp_path, monkeypatch):
    monkeypatch.delenv("CAIRN_STATE", raising=False)
    monkeypatch.setattr(state, "is_root", lambda: True)
    one, two = Installation(tmp_path / "one").folder, Installation(tmp_path / "two").folder
    assert one != two
    assert one == Installation(tmp_path / "one").folder
    assert tmp_path not in one.parents
    monkeypatch.setattr(state, "is_root", lambda: False)
    assert Installation(tmp_path / "one").folder == tmp_path / "one" / ".local"


def test_notes_that_are_broken_stop_with_advice(installation):
    installation.notes_file.write_text('{"secrets": ')
    with pytest.raises(Stop, match="can't be read"):
        installation.notes()


def test_notes_keep_what_others_noted(installation):
    installation.note(one=1)
    installation.note(two=2)
    assert (installation.notes()["one"], installation.notes()["two"]) == (1, 2)


HOLD = """
import sys
from hls.boot.state import Installation
with Installation(".", sys.argv[1]).lock("up") as held:
    print("held", flush=True)
    sys.stdin.read()
"""


def test_lock_is_held_by_one_process_and_let_go_when_it_dies(installation):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(installation.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        with installation.lock("up", wait=False) as lock:
            assert lock is None
        holder.kill()
        holder.wait()
        with installation.lock("up", wait=False) as lock:
            assert lock is not None


def test_log_that_has_grown_is_cut(installation):
    path = installation.log("web")
    path.write_bytes(b"x" * 5_000_001)
    assert installation.log("web") == path
    assert not path.exists()
    assert path.with_suffix(".log.old").stat().st_size == 5_000_001
