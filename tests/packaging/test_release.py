"""``make release-check``: what would be published, built twice and used with the oldest and the newest dependencies."""

from __future__ import annotations

import email.parser
import re
import shutil
import sys
import threading
import time
import tomllib
import zipfile
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from environments import ROOT, Environment, run

import fake_webflow

pytestmark = pytest.mark.acceptance

PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")
EXTRA = "pytest"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def built_twice(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two folders with the distributions, each built of a copy of the checkout at a place of its own."""
    folders = []
    for name in ("first", "second"):
        folder = tmp_path_factory.mktemp(name)
        shutil.copytree(ROOT, folder / "checkout", ignore=shutil.ignore_patterns(".*_cache", ".venv", ".hypothesis"))
        command = (sys.executable, "-m", "build", "--no-isolation", "--outdir", folder / "dist", folder / "checkout")
        run(*command, cwd=folder)
        folders.append(folder / "dist")
    return folders


@pytest.fixture(scope="module")
def wheel(built_twice: list[Path]) -> Path:
    (wheel,) = built_twice[0].glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def oldest(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Constraints that have of each dependency the oldest version that is allowed."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = email.parser.BytesParser().parsebytes(archive.read(name))
    lines = []
    for requirement in metadata.get_all("Requires-Dist"):
        text, _, marker = requirement.partition(";")
        if not marker.strip() or f"extra == '{EXTRA}'" in marker.replace('"', "'"):
            package, lowest = re.fullmatch(r"([\w-]+)[^>]*>=([\d.]+).*", text.strip()).groups()
            lines.append(f"{package}=={lowest}")
    assert len(lines) > 8
    file = tmp_path_factory.mktemp("oldest") / "constraints.txt"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def index(wheel: Path, oldest: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an index that has the distributions and what they require, and nothing else."""
    folder = tmp_path_factory.mktemp("index")
    files = folder / "files"
    download = (*PIP, "download", "--quiet", "--dest", files, f"fake-webflow[{EXTRA}] @ {wheel.as_uri()}")
    run(*download, cwd=folder)
    run(*download, "--constraint", oldest, cwd=folder)
    run(*PIP, "download", "--quiet", "--dest", files, *_build_requirements(), cwd=folder)  # of the sdist
    for file in [*files.iterdir(), *wheel.parent.iterdir()]:
        name = re.sub(r"[-_.]+", "-", re.split(r"-\d", file.name)[0]).lower()
        place = folder / "simple" / name
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, place)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/simple/"
    server.shutdown()
    server.server_close()


def _build_requirements() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    requirements: list[str] = project["build-system"]["requires"]
    return requirements


def test_it_is_built_alike_twice(built_twice: list[Path]) -> None:
    first, second = (
        {file.name: sha256(file.read_bytes()).hexdigest() for file in each.iterdir()} for each in built_twice
    )
    version = fake_webflow.__version__
    assert first == second
    assert set(first) == {f"fake_webflow-{version}-py3-none-any.whl", f"fake_webflow-{version}.tar.gz"}
    for name, digest in first.items():
        print(f"{name}: {(built_twice[0] / name).stat().st_size:,} bytes, sha256 {digest}")


@pytest.mark.parametrize("versions", ["oldest", "newest"])
@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_the_first_test_is_green(versions: str, kind: str, index: str, oldest: Path, tmp_path: Path) -> None:
    started = time.monotonic()
    environment = Environment.create(tmp_path / "environment")
    variables = {"PIP_INDEX_URL": index, "PIP_EXTRA_INDEX_URL": "", "PIP_NO_INDEX": ""}
    if versions == "oldest":
        variables["PIP_CONSTRAINT"] = str(oldest)
    environment.install(
        f"fake-webflow[{EXTRA}]=={fake_webflow.__version__}",
        no_binary="fake-webflow" if kind == "sdist" else "",
        **variables,
    )
    (example, *_) = re.findall(r"```python\n(import pytest.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    (tmp_path / "test_first.py").write_text(example, encoding="utf-8")
    assert "1 passed" in environment.run("-m", "pytest", "-q", "test_first.py", cwd=tmp_path).stdout
    assert "--state" in environment.run("-m", "fake_webflow", "serve", "--help", cwd=tmp_path).stdout
    run(*PIP, "--python", environment.python, "check", cwd=tmp_path)
    frozen = run(*PIP, "--python", environment.python, "freeze", cwd=tmp_path).stdout.split()
    print(f"{kind}, {versions}: {time.monotonic() - started:.0f} s, {' '.join(frozen)}")
