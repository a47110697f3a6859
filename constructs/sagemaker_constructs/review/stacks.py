"""Refuses to preview a stack that nobody has: `pulumilocal` would create it, and review it with defaults.

Input: names of stacks, and the project of the current folder. Output: nothing, or a `ReviewError`. The engine is asked
only for names without a Pulumi.<name>.yaml.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from sagemaker_constructs.guardrails.file import project_file
from sagemaker_constructs.review.files import ReviewError

if TYPE_CHECKING:
    from collections.abc import Iterable


def require_stacks(names: Iterable[str], pulumi: str) -> None:
    """Refuse names of which the project has neither a file nor a stack.

    Args:
        names: of the stacks.
        pulumi: `pulumi`, or `pulumilocal`.

    Raises:
        ReviewError: there is no such stack.
    """
    file = project_file(Path.cwd())
    if file is None:  # the engine says it
        return
    folder = file.parent / _configured(file)
    unknown = [name for name in names if not any(folder.glob(f"Pulumi.{name}.*"))]
    stacks = _stacks(pulumi) if unknown else None
    if stacks is None:
        return
    for name in unknown:
        if name not in stacks:
            raise ReviewError(
                f"{name}: the project has neither {folder / f'Pulumi.{name}.yaml'} nor a stack of this name"
            )


def _configured(file: Path) -> str:
    """The folder in which the project has the files of its stacks."""
    try:
        read: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, yaml.YAMLError):  # the engine says it
        return ""
    return str(read.get("stackConfigDir") or "") if isinstance(read, dict) else ""


def _stacks(pulumi: str) -> set[str] | None:
    """The names of the project's stacks, without the organization; None where the engine cannot list them."""
    try:
        done = subprocess.run([pulumi, "stack", "ls", "--json"], capture_output=True, text=True, check=False)
        listed: Any = json.loads(done.stdout) if done.returncode == 0 else None
    except (OSError, ValueError):
        return None
    return {str(each.get("name")).rpartition("/")[2] for each in listed} if isinstance(listed, list) else None
