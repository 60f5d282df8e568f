import shutil
import tempfile
from pathlib import Path

import pytest

from hls.boot.state import Installation


@pytest.fixture(scope="module")
def open_folder():
    """A folder with a space in its name that the servers' own user may reach, as pytest's tmp_path is not."""
    outer = Path(tempfile.mkdtemp(prefix="cairn-test-", dir="/var/tmp"))
    outer.chmod(0o711)
    yield outer / "a place"
    shutil.rmtree(outer, ignore_errors=True)


@pytest.fixture
def installation(tmp_path):
    return Installation(tmp_path, tmp_path / "state").make()
