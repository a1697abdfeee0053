"""The contract suite, which an extra of the package brings."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from .parsing import CommandError

_PACKAGE = Path(__file__).resolve().parent.parent


def suite_module(name: str) -> Any:
    """A module of the suite: of ``fake_webflow.contracts`` where it is installed, of ``contracts`` in a checkout.

    Raises:
        CommandError: What it needs is not installed.
    """
    installed = (_PACKAGE / "contracts").is_dir()
    try:
        module = importlib.import_module(f"{'fake_webflow.' * installed}contracts.{name}")
    except ModuleNotFoundError as error:
        raise CommandError(
            f'{error.name} is not installed; this command needs: pip install "fake-webflow[contracts]"'
        ) from error
    if not Path(str(module.__file__)).is_relative_to(_PACKAGE if installed else _PACKAGE.parent):
        raise CommandError(f"{module.__file__} stands in the way of the contract suite: another package of that name")
    return module
