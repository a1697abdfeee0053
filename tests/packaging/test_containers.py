"""The image, the compose example, the manifest and the action, as far as they go without an engine.

What the Dockerfile installs is installed in a clean folder from the files that it copies, and its command runs as its
user with its environment and nothing else. No image is built here: .github/workflows/containers.yml does.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import urlopen

import pytest
import yaml
from environments import PATIENCE, ROOT, Environment, run

from fake_webflow.cli.serve import serve_command

OPTIONS = {f"FAKE_WEBFLOW_{option.name.upper()}" for option in serve_command.params}
TOKEN = "the-control-token-of-this-run"


def read_dockerfile() -> list[tuple[str, str]]:
    """Its instructions with their arguments."""
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines if line and not line.startswith("#")]


def arguments_of(instruction: str) -> list[str]:
    return [argument for name, argument in read_dockerfile() if name == instruction]


def environment_of_image() -> dict[str, str]:
    return dict(argument.split("=", 1) for argument in arguments_of("ENV"))


def read_yaml(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text("utf-8"))


def test_every_variable_is_an_option_of_serve() -> None:
    compose = read_yaml("compose.yaml")["services"]
    _, deployment, _ = yaml.safe_load_all((ROOT / "docs/containers/kubernetes.yaml").read_text("utf-8"))
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    named = {*environment_of_image(), *compose["fake"]["environment"], *(one["name"] for one in container["env"])}
    assert {name for name in named if name.startswith("FAKE_WEBFLOW_")} <= OPTIONS


def test_the_manifest_has_one_pod_at_a_time_that_keeps_its_volume() -> None:
    claim, deployment, service = yaml.safe_load_all((ROOT / "docs/containers/kubernetes.yaml").read_text("utf-8"))
    spec, pod = deployment["spec"], deployment["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert (spec["replicas"], spec["strategy"]["type"], pod["enableServiceLinks"]) == (1, "Recreate", False)
    assert pod["securityContext"]["runAsUser"] == int(arguments_of("USER")[0].partition(":")[0])
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert {one["mountPath"] for one in container["volumeMounts"]} == {"/data", "/tmp"}
    assert pod["volumes"][0]["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
    assert service["spec"]["selector"] == spec["template"]["metadata"]["labels"] == spec["selector"]["matchLabels"]
    assert {container[probe]["httpGet"]["path"] for probe in ("readinessProbe", "livenessProbe")} == {"/_fake/health"}


def test_what_is_copied_is_not_ignored() -> None:
    rules = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    copied = {name for line in arguments_of("COPY") if "--from" not in line for name in line.split()[:-1]}
    assert copied == {rule.removeprefix("!") for rule in rules if rule.startswith("!")}


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that other users can reach, which those of pytest are not."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


# The image's user, where this one may become another.
USER: dict[str, Any] = {"user": 10001, "group": 10001, "extra_groups": []} if os.getuid() == 0 else {}


def find_interpreter() -> str:
    """A Python that the image's user can run: the one of these tests may lie in somebody's home."""
    for path in (getattr(sys, "_base_executable", sys.executable), "/usr/local/bin/python3", "/usr/bin/python3"):
        code = "import sys; sys.exit(sys.version_info < (3, 11))"
        try:
            if subprocess.run([path, "-c", code], cwd="/", env={}, **USER).returncode == 0:
                return path
        except OSError:
            continue
    raise LookupError("no Python 3.11 or newer here can be run by other users")


@pytest.fixture(scope="module")
def installed(folder: Path) -> Environment:
    """The install step: what the Dockerfile copies, installed into an environment."""
    source = folder / "source"
    source.mkdir()
    for line in arguments_of("COPY"):
        names = line.split()
        for name in names[:-1] if "--from" not in line else ():
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, source / name)
    run(find_interpreter(), "-m", "venv", "--without-pip", folder / "fake-webflow", cwd=folder)
    environment = Environment(folder / "fake-webflow")
    environment.install(str(source))
    run("chmod", "-R", "a+rX", environment.folder, cwd=folder)
    return environment


class Container:
    """The command of the image, run with its environment as its user, where this one may become another.

    Args:
        installed: The install step.
        data: What is mounted at /data.
        variables: Those that are set beside the image's, with paths below /data.
    """

    def __init__(self, installed: Environment, data: Path, variables: Mapping[str, str]) -> None:
        self._bin = installed.folder / "bin"
        own = {**environment_of_image(), **variables}
        self.environment = {name: value.replace("/data", str(data)) for name, value in own.items()}
        self.environment["PATH"] = f"{self._bin}:/usr/local/bin:/usr/bin:/bin"

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Starts a command of the image."""
        program, *rest = arguments
        command = [str(self._bin / program), *rest]
        pipes: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(command, cwd="/", env=self.environment, text=True, **pipes, **USER)

    @contextmanager
    def serve(self) -> Iterator[subprocess.Popen[str]]:
        """Its entry point with its command, healthy."""
        entry, command = json.loads(arguments_of("ENTRYPOINT")[0]), json.loads(arguments_of("CMD")[0])
        process = self.start(*entry, *command)
        try:
            until = time.monotonic() + PATIENCE
            while self.check_health() != 0:
                assert process.poll() is None, process.communicate()
                assert time.monotonic() < until
            yield process
        finally:
            process.kill()
            process.communicate()

    def check_health(self) -> int:
        """What its health check exits with."""
        _, _, command = arguments_of("HEALTHCHECK")[0].partition("CMD ")
        process = self.start(*json.loads(command))
        process.communicate()
        return process.returncode


@pytest.fixture
def data(folder: Path) -> Path:
    """What a volume is: a folder of the image's user."""
    data = folder / "data"
    data.mkdir(mode=0o700, exist_ok=True)
    if os.getuid() == 0:
        os.chown(data, 10001, 10001)
    return data


def own_address() -> str:
    """An address of this machine that is not loopback, so that a caller there is another machine to the fake."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # which sends nothing
        address: str = probe.getsockname()[0]
    return address


def free_port() -> str:
    with socket.create_server(("0.0.0.0", 0)) as listening:
        return str(listening.getsockname()[1])


@pytest.mark.acceptance
def test_the_compose_example_ends_green_and_its_state_stays(installed: Environment, data: Path, tmp_path: Path) -> None:
    services = read_yaml("compose.yaml")["services"]
    given = {"FAKE_WEBFLOW_CONTROL_TOKEN": TOKEN}
    port = free_port()
    variables = {**services["fake"]["environment"], **given, "FAKE_WEBFLOW_PORT": port}
    container = Container(installed, data, variables)
    tests = tmp_path / "tests"
    shutil.copytree(ROOT / "docs" / "containers", tests)
    program, *arguments = services["tests"]["command"]
    variables = {**services["tests"]["environment"], **given, "FAKE_WEBFLOW_URL": f"http://{own_address()}:{port}"}
    for _ in range(2):  # the second one goes on from the state of the first, which was killed
        with container.serve():
            done = subprocess.run(
                [shutil.which(program) or sys.executable, *arguments], cwd=tests, env=variables,
                capture_output=True, text=True, timeout=PATIENCE,
            )  # fmt: skip
            assert (done.returncode, "OK" in done.stderr) == (0, True), done.stderr
    (state, *_) = sorted(data.iterdir())
    assert (state.name, state.stat().st_mode & 0o777) == ("state.db", 0o600)
    if os.getuid() == 0:
        assert state.stat().st_uid == 10001


@pytest.mark.acceptance
def test_the_container_stops_when_it_is_told_to(installed: Environment, data: Path) -> None:
    container = Container(installed, data, {"FAKE_WEBFLOW_PORT": free_port()})
    with container.serve() as process:
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    assert container.check_health() != 0


@pytest.mark.acceptance
def test_the_action_starts_a_fake_and_hands_it_out(tmp_path: Path) -> None:
    action = read_yaml("action.yml")
    output = tmp_path / "output"
    variables = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_WORKSPACE": str(tmp_path),
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_OUTPUT": str(output),
        "PYTHON": action["inputs"]["python"]["default"],
        "ARGUMENTS": "--rate-limit off --scenario timeline",
        **{name: value for name, value in os.environ.items() if name.startswith("PIP_") or name.endswith("_proxy")},
    }
    for step in action["runs"]["steps"]:
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=PATIENCE)
        assert done.returncode == 0, done.stderr
    outputs = dict(line.split("=", 1) for line in output.read_text("utf-8").splitlines())
    assert set(outputs) == set(action["outputs"])
    process = int(
        next(
            line
            for line in shlex.split(
                run("pgrep", "-f", f"{tmp_path}/fake-webflow/bin/fake-webflow serve", cwd=tmp_path).stdout
            )
        )
    )
    try:
        with urlopen(f"{outputs['control-url']}/health", timeout=30) as answer:
            assert json.load(answer)["status"] == "ok"
    finally:
        os.kill(process, signal.SIGTERM)
