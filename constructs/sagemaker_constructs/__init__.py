"""A SageMaker training job as a declared Pulumi resource, with the role and the network that it runs in.

Each public name stands in `__init__.pyi`, with the module that defines it. Names are resolved when they are used: the
engine's provider process imports this package with every run, and must load neither the constructs nor pulumi_aws.
"""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

_MODULES = {
    name.name: statement.module or ""
    for statement in ast.parse(Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8")).body
    if isinstance(statement, ast.ImportFrom)
    for name in statement.names
}
"""The module that defines each public name."""

__all__ = sorted(_MODULES)  # noqa: PLE0605  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> object:
    """Import the module that defines a public name, when it is first used."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    """The public names."""
    return __all__
