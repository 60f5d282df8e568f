"""The files others run us by: lock files, the compose file, the image, the checks."""

import copy
import json
import re
from importlib import resources

import jsonschema
import pytest
import yaml

from hls.boot import lint
from tests.boot.running import PROJECT

COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
OURS = ("web", "worker", "beat", "migrate")


@pytest.fixture(scope="module")
def published():
    """The compose specification's own schema, as check-jsonschema ships it."""
    folder = resources.files("check_jsonschema") / "builtin_schemas" / "vendor"
    return jsonschema.validators.validator_for({})(json.loads((folder / "compose-spec.json").read_text()))


def test_compose_file_meets_the_published_schema(published):
    assert list(published.iter_errors(COMPOSE)) == []


@pytest.mark.parametrize(
    ("where", "wrong"),
    [("ports", {"8000": "8000"}), ("healthchek", {}), ("depends_on", {"database": {"condition": "up"}})],
)
def test_compose_schema_finds_faults(published, where, wrong):
    """The control: the same check fails on a file with a fault."""
    faulty = copy.deepcopy(COMPOSE)
    faulty["services"]["web"][where] = wrong
    assert list(published.iter_errors(faulty))


def test_compose_runs_everything_cairn_is_made_of():
    assert set(COMPOSE["services"]) == {"web", "worker", "beat", "migrate", "database", "redis"}


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_compose_service_is_checked_and_not_root(name):
    service = COMPOSE["services"][name]
    assert service["user"] not in ("root", "0", "0:0")
    assert name == "migrate" or service["healthcheck"]["test"]
    assert service.get("privileged") is None


@pytest.mark.parametrize("name", OURS)
def test_compose_only_migrate_may_own_the_tables(name):
    service = COMPOSE["services"][name]
    assert ("DATABASE_OWNER_URL" in service["environment"]) == (name == "migrate")
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    if name != "migrate":
        assert service["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}


def test_compose_holds_no_secret_of_its_own():
    """Every password and key is asked of the environment, and a missing one stops the start, but for what may be off."""
    for service in COMPOSE["services"].values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|KEY|AUTH|_URL", name):
                assert "${" in value, name
                assert ":?" in value or (name, value) == ("NOTIFY_KEY", "${NOTIFY_KEY:-}"), name


def test_compose_keeps_data_in_volumes():
    kept = {entry.partition(":")[0] for service in COMPOSE["services"].values() for entry in service.get("volumes", [])}
    assert kept == set(COMPOSE["volumes"]) == {"database", "redis", "media", "beat"}


def test_image_runs_as_the_user_that_compose_names():
    dockerfile = (PROJECT / "Dockerfile").read_text()
    last_user = re.findall(r"^USER (\S+)", dockerfile, re.M)[-1]
    assert last_user == COMPOSE["services"]["web"]["user"] == "10001:10001"
    assert "collectstatic" in dockerfile


def test_image_installs_what_the_pdf_needs():
    from hls.boot.libraries import PDF_PACKAGES

    dockerfile = (PROJECT / "Dockerfile").read_text()
    assert [package for package in PDF_PACKAGES if package not in dockerfile] == []


def test_image_leaves_out_secrets_and_what_is_made_here():
    ignored = (PROJECT / ".dockerignore").read_text().split()
    assert {".env", ".git", ".venv", ".local", ".tools"} <= set(ignored)


@pytest.mark.parametrize("name", lint.DEPENDENCY_FILES)
def test_dependency_file_holds_no_address(name):
    assert "://" not in (PROJECT / name).read_text()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_file_pins_every_package_by_hash(name):
    packages = re.split(r"\n(?=\S)", (PROJECT / name).read_text().strip())
    assert len(packages) > 50
    assert [package for package in packages if "==" not in package or "--hash=sha256:" not in package] == []


def test_lock_for_tests_holds_all_that_runs():
    def pins(name):
        return set(re.findall(r"^[\w.-]+==\S+", (PROJECT / name).read_text(), re.M))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_lint_finds_an_address_in_a_dependency_file(tmp_path, capsys):
    for name in lint.DEPENDENCY_FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("django==5.2\n")
    assert lint.no_addresses(tmp_path)
    (tmp_path / "requirements.lock").write_text("--index-url https://packages.example/simple\n")
    assert not lint.no_addresses(tmp_path)
    assert "requirements.lock holds an address" in capsys.readouterr().out


def test_lint_types_the_rules_of_every_room():
    typed = lint.typed_files(PROJECT)
    assert "hls" in typed
    assert {
        "issues/log/actions/raising.py",
        "cycles/stack/actions.py",
        "issues/log/permissions.py",
        "debriefs/plans/tasks.py",
    } <= set(typed)


def test_pre_commit_runs_the_same_check_and_names_no_address():
    text = (PROJECT / ".pre-commit-config.yaml").read_text()
    (hook,) = yaml.safe_load(text)["repos"][0]["hooks"]
    assert hook["entry"] == "python3 manage.py lint"
    assert "://" not in text
