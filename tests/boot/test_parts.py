"""The small pure parts: settings handed on, words printed, libraries found, answers read."""

import argparse

import pytest

from hls.boot import database, libraries, settings, up
from hls.boot.say import Stop
from hls.boot.services import Services
from hls.boot.valkey import quoted


@pytest.fixture
def bare(monkeypatch):
    """None of the variables that a person might have set."""
    for name in (
        "SECRET_KEY",
        "FIELD_KEYS",
        "ENVIRONMENT",
        "ALLOWED_HOSTS",
        "SITE_URL",
        "MEDIA_ROOT",
        "MAIL_FILE_PATH",
    ):
        monkeypatch.delenv(name, raising=False)
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_settings_of_an_embedded_start(installation, bare):
    found = settings.variables(installation, Services(installation, environ={}), port=8123)
    secrets = installation.secrets()
    assert found["SECRET_KEY"] == secrets["SECRET_KEY"]
    assert found["SITE_URL"] == "http://127.0.0.1:8123"
    assert found["ALLOWED_HOSTS"] == "127.0.0.1,localhost,[::1]"
    assert found["DATABASE_URL"].startswith(f"postgresql://cairn_app:{secrets['app']}@127.0.0.1:")
    assert found["DATABASE_OWNER_URL"].startswith(f"postgresql://cairn_owner:{secrets['owner']}@127.0.0.1:")
    assert found["REDIS_URL"].startswith(f"redis://:{secrets['valkey']}@127.0.0.1:")
    assert settings.OWNER not in settings.without_owner(found)


def test_settings_that_are_given_win(installation, bare):
    bare.setenv("SITE_URL", "https://cairn.example")
    bare.setenv("DATABASE_URL", "postgresql://app@db/cairn")
    found = settings.variables(installation, Services(installation))
    assert found["SITE_URL"] == "https://cairn.example"
    assert found["DATABASE_URL"] == "postgresql://app@db/cairn"
    # The owner defaults to the app's address; an embedded one would be another database.
    assert "DATABASE_OWNER_URL" not in found


def test_settings_from_a_file_don_t_overrule_the_environment(tmp_path, bare):
    (tmp_path / ".env").write_text(
        "# ours\nexport REDIS_URL='redis://file/0'\nSITE_URL=https://file.example\n\nodd line\n"
    )
    bare.setenv("SITE_URL", "https://given.example")
    settings.read_env_file(tmp_path)
    import os

    assert os.environ["REDIS_URL"] == "redis://file/0"
    assert os.environ["SITE_URL"] == "https://given.example"


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::1", "http://[::1]:80"),
        ("cairn.example", "http://cairn.example:80"),
    ],
)
def test_address_is_one_that_opens(host, shown):
    assert settings.address(host, 80) == shown


def test_host_names_hold_the_machine_s_own_when_it_listens_everywhere(monkeypatch):
    monkeypatch.setattr(settings.socket, "gethostname", lambda: "box")
    monkeypatch.setattr(settings.socket, "getfqdn", lambda: "box.example")
    monkeypatch.setattr(settings, "_own_addresses", lambda: ["192.0.2.7"])
    assert settings.host_names("0.0.0.0") == ["127.0.0.1", "localhost", "[::1]", "box", "box.example", "192.0.2.7"]
    assert "*" not in settings.host_names("0.0.0.0")


@pytest.mark.parametrize("word", ["0", "65536", "-1", "http", "80.5", ""])
def test_port_that_is_none_is_refused(word):
    with pytest.raises(argparse.ArgumentTypeError, match="is not a port"):
        up._port(word)


def test_port_comes_from_word_or_environment(monkeypatch):
    monkeypatch.setenv("PORT", "9001")
    assert up.options([]).port == 9001
    assert up.options(["--port", "9002"]).port == 9002
    monkeypatch.delenv("PORT")
    assert up.options([]).port == 8000


PEOPLE = [
    {"role": "Leader", "name": "Grace", "email": "grace@place.example", "password": "one-two"},
    {"role": "Leader", "name": "Imran", "email": "imran@place.example", "password": "three"},
    {"role": "Recorder", "name": "Rowan", "email": "rowan@place.example", "password": "four"},
]


def test_sign_ins_one_for_each_role_in_straight_columns():
    rows = list(up.sign_in_rows(up.one_per_role(PEOPLE)))
    assert rows[2:] == [
        "  Role      Name   E-mail               Password",
        "  Leader    Grace  grace@place.example  one-two",
        "  Recorder  Rowan  rowan@place.example  four",
    ]
    assert list(up.sign_in_rows([])) == []


def test_sign_ins_are_read_from_the_command_s_answer():
    assert database.sign_ins('[{"role": "Leader"}]') == [{"role": "Leader"}]
    assert database.sign_ins("") == []
    with pytest.raises(Stop, match="can't be read"):
        database.sign_ins("Traceback")


def test_demo_is_never_loaded_into_a_given_database(tmp_path, installation, monkeypatch):
    """With the control that an embedded one is asked to load it."""
    asked = []
    monkeypatch.setattr(database.say, "run", lambda what, command, **_: asked.append(command) or (0, "[]", ""))
    given = Services(installation, environ={"DATABASE_URL": "postgresql://app@db/cairn"})
    database.load_demo(tmp_path, installation, given, {})
    assert asked == []
    embedded = Services(installation, environ={})
    database.load_demo(tmp_path, installation, embedded, {})
    database.load_demo(tmp_path, installation, embedded, {})
    assert [command[2:] for command in asked] == [["load_demo", "--if-empty", "--json"]]


def test_demo_whose_passwords_were_lost_says_what_to_do(tmp_path, installation, monkeypatch, capsys):
    """The start that filled it was killed before it could write them down."""
    monkeypatch.setattr(database.say, "run", lambda what, command, **_: (0, "[]", ""))
    installation.note(demo_begun=True)
    database.load_demo(tmp_path, installation, Services(installation, environ={}), {})
    assert "python3 manage.py reset" in capsys.readouterr().err
    assert installation.notes()["demo"] == []


def test_valkey_path_keeps_spaces_and_quotes():
    assert quoted('/a b/"c"\\d') == '"/a b/\\"c\\"\\\\d"'


def test_unpacked_libraries_are_named_for_the_loader(tmp_path, monkeypatch):
    monkeypatch.setenv("LD_LIBRARY_PATH", "/already/there")
    assert libraries.unpacked_variables(tmp_path) == {}
    folder = tmp_path / "usr/lib/x86_64-linux-gnu"
    folder.mkdir(parents=True)
    (folder / "libpango-1.0.so.0").touch()
    (tmp_path / "fonts.conf").touch()
    assert libraries.unpacked_variables(tmp_path) == {
        "LD_LIBRARY_PATH": f"{folder}:/already/there",
        "FONTCONFIG_FILE": str(tmp_path / "fonts.conf"),
    }


def test_missing_libraries_are_asked_for_by_name_and_once_a_day(installation, monkeypatch, capsys):
    tries = []
    monkeypatch.setattr(libraries, "pdf_is_possible", lambda: False)
    monkeypatch.setattr(libraries, "apt_install", lambda *words: bool(tries.append(1)))
    monkeypatch.setattr(libraries, "unpack", lambda target: bool(tries.append(1)))
    assert libraries.for_pdf(installation) == {}
    said = capsys.readouterr().err
    assert "everything works except the PDF" in said
    assert all(package in said for package in libraries.PDF_PACKAGES)
    assert libraries.for_pdf(installation) == {}
    assert len(tries) == 1


def test_browser_that_is_required_and_missing_ends_the_run(monkeypatch):
    from hls.boot import testing

    monkeypatch.setattr(libraries, "for_browser_tests", lambda: None)
    for name in ("CI", "REQUIRE_BROWSER", "CHROMIUM"):
        monkeypatch.delenv(name, raising=False)
    assert testing.find_browser() is None
    monkeypatch.setenv("CI", "true")
    with pytest.raises(Stop, match="A browser is required"):
        testing.find_browser()


@pytest.mark.parametrize(("ci", "works", "asked", "found"), [
    ("", True, [], "/bin/chromium"),
    ("true", True, ["chromium-headless-shell"], "/bin/chromium-headless-shell"),
    ("true", False, ["chromium-headless-shell"], "/bin/chromium"),
])  # fmt: skip
def test_lighter_browser_is_fetched_in_ci_and_never_needed(monkeypatch, ci, works, asked, found):
    there, tried = ["chromium"], []

    def install(what, packages):
        tried.append(packages[0])
        there.extend(packages[:1] if works else [])
        return works

    monkeypatch.setenv("CI", ci)
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(libraries, "apt_install", install)
    monkeypatch.setattr(libraries, "has_library", lambda name: True)
    monkeypatch.setattr(libraries.shutil, "which", lambda name: f"/bin/{name}" if name in there else None)
    assert (libraries.for_browser_tests(), tried) == (found, asked)


def test_test_run_ignores_servers_a_person_has_set(installation, monkeypatch):
    from hls.boot import testing

    monkeypatch.setenv("DATABASE_URL", "postgresql://real@production/cairn")
    monkeypatch.setenv("REDIS_URL", "redis://production/0")
    monkeypatch.setenv("MAIL_URL", "smtp://production")
    monkeypatch.delenv("CAIRN_TEST_EXTERNAL", raising=False)
    found = testing.variables(installation, {"DATABASE_URL": "postgresql://test/cairn"})
    assert found["DATABASE_URL"] == "postgresql://test/cairn"
    assert "production" not in str({name: found.get(name) for name in ("DATABASE_URL", "REDIS_URL", "MAIL_URL")})
    monkeypatch.setenv("CAIRN_TEST_EXTERNAL", "1")
    assert testing.variables(installation, {})["REDIS_URL"] == "redis://production/0"


def test_run_finds_every_test_file_compiled(installation, monkeypatch, tmp_path):
    from hls.boot import testing

    for room in ("access", "boot", "cycles"):
        (tmp_path / "tests" / room).mkdir(parents=True)
        (tmp_path / "tests" / room / f"test_{room}.py").write_text("def test_it():\n    assert 1\n")
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = '-p no:django'\n")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    for process in testing.read_ahead(tmp_path, installation):
        assert process.wait(60) == 0
    assert len(list(tmp_path.glob("tests/*/__pycache__/test_*pytest*.pyc"))) == 3
