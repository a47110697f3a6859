"""Finds and reads the file of the guardrails.

Input: its path as the stack's configuration has it. Output: `Guardrails`.
"""

from __future__ import annotations

from pathlib import Path

from sagemaker_constructs.guardrails.document import Guardrails, GuardrailsError, parse

KEY = "sagemaker-constructs:guardrails"
"""Configuration key of the file's path, relative to the folder of Pulumi.yaml."""
_PROJECT_FILES = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")


def read_guardrails(path: str, folder: Path | None = None) -> Guardrails:
    """The guardrails of a project.

    Args:
        path: of the file, relative to the project's folder.
        folder: that of the program; the project's is the nearest above it with a Pulumi.yaml. Default: the current one.

    Raises:
        GuardrailsError: the file cannot be read, or is not one of guardrails.
    """
    file = project_folder(folder or Path.cwd()) / path
    try:
        return parse(file.read_text(encoding="utf-8"), path)
    except (OSError, UnicodeError) as error:
        said = getattr(error, "strerror", None) or error
        problem = f"cannot be read: {said}; {KEY} names it, relative to the folder of Pulumi.yaml"
        raise GuardrailsError(path, problem) from None


def project_folder(folder: Path) -> Path:
    """The nearest folder above with a Pulumi.yaml; without one, the folder itself."""
    file = project_file(folder)
    return file.parent if file else folder


def project_file(folder: Path) -> Path | None:
    """The nearest Pulumi.yaml, in the folder or above it."""
    files = (each / name for each in (folder, *folder.parents) for name in _PROJECT_FILES)
    return next(filter(Path.is_file, files), None)
