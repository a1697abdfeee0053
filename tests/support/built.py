"""What is built and installed once in a run: two distributions, an empty environment, and a layer upon it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from environments import Distributions, Environment, build, once


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def built(shared_folder: Path) -> Path:
    return once(shared_folder / "built", build)


@pytest.fixture(scope="session")
def distributions(built: Path) -> Distributions:
    (wheel,), (sdist,) = built.glob("fake_webflow-*.whl"), built.glob("fake_webflow-*.tar.gz")
    return Distributions(wheel, sdist)


@pytest.fixture(scope="session")
def empty_environment(shared_folder: Path, distributions: Distributions) -> Environment:
    """The wheel with what it requires at run time, and nothing else."""

    def make(folder: Path) -> None:
        Environment.create(folder).install(str(distributions.wheel))

    return Environment(once(shared_folder / "empty", make))


@pytest.fixture(scope="session")
def downstream_environment(
    shared_folder: Path, built: Path, distributions: Distributions, empty_environment: Environment
) -> Environment:
    """A layer upon the empty environment, which stays empty: the extra ``pytest`` and the sample project."""

    def make(folder: Path) -> None:
        layer = Environment.create(folder)
        (layer.packages / "empty.pth").write_text(f"{empty_environment.packages}\n", encoding="utf-8")
        (newsroom,) = built.glob("newsroom-*.whl")
        layer.install(
            f"fake-webflow[data,pytest] @ {distributions.wheel.as_uri()}", f"newsroom[test] @ {newsroom.as_uri()}"
        )

    return Environment(once(shared_folder / "downstream", make))
