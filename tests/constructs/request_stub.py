"""Writes `request.pyi`, the fluent builder's methods in full, from the shapes. Run it after a change of the shapes."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

import sagemaker_constructs
from sagemaker_constructs.api.deferred import Deferrable
from sagemaker_constructs.api.members import Member, members_of
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.request import CreateTrainingJob, adding_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sagemaker_constructs.api.shape import Shape

STUB = Path(sagemaker_constructs.__file__).with_name("request.pyi")

_HEAD = """\"\"\"Made by tests/constructs/request_stub.py from the shapes; not written by hand.\"\"\"

# ruff: noqa: E501, PYI021  no person writes this file, and editors show its docstrings

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal, Protocol, final, overload

{imports}

RETRIES: int

class Client(Protocol):
    @property
    def create_training_job(self) -> Any: ...

class Session(Protocol):
    @property
    def client(self) -> Any: ...

def adding_name(member: Member) -> str: ...

@final
class CreateTrainingJob:
    \"\"\"{documentation}\"\"\"

    members: Mapping[str, Any]
    customizations: tuple[Callable[[dict[str, Any]], dict[str, Any]], ...]
    def __init__(self) -> None: ...
    def customize(self, customization: Callable[[dict[str, Any]], dict[str, Any]]) -> CreateTrainingJob:
        \"\"\"{customize}\"\"\"
    def build(self) -> TrainingJobSpec:
        \"\"\"{build}\"\"\"
    def send(self, via: Client | Session | None = None, *, retries: int | None = None) -> Any:
        \"\"\"{send}\"\"\"
"""


def stub() -> str:
    """The stub's text."""
    methods = "\n".join(line for member in members_of(TrainingJobSpec) for line in _methods(member)) + "\n"
    named = {
        Deferrable.__module__: {"Input"},
        Member.__module__: {"Member"},
        TrainingJobSpec.__module__: {"TrainingJobSpec"},
    }
    for shape in _shapes(TrainingJobSpec):
        if re.search(rf"\b{shape.__name__}\b", methods):
            named.setdefault(shape.__module__, set()).add(shape.__name__)
    imports = "\n".join(f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(named.items()))
    documentation = {name: getattr(CreateTrainingJob, name).__doc__ for name in ("customize", "build", "send")}
    return _HEAD.format(imports=imports, documentation=CreateTrainingJob.__doc__, **documentation) + methods


def _shapes(shape: type[Shape]) -> Iterator[type[Shape]]:
    for member in members_of(shape):
        for kind in (member.kind, member.kind.item):
            if kind and kind.shape:
                yield kind.shape
                yield from _shapes(kind.shape)


def _methods(member: Member) -> Iterator[str]:
    annotation = TrainingJobSpec.model_fields[member.name].rebuild_annotation()
    documentation = " ".join(member.documentation.split())
    whole = _text(annotation).removesuffix(" | None")
    yield from _method(member.name, f"value: {whole}, /", documentation, member.kind.shape)
    if member.kind.type == "list" and member.kind.item:
        item = _text(_arguments(annotation, Sequence)[0])
        yield from _method(
            adding_name(member), f"value: {item}, /", f"Add one. {documentation}", member.kind.item.shape
        )
    if member.kind.type == "map":
        value = _text(_arguments(annotation, Mapping)[1])
        yield from _method(adding_name(member), f"key: str, value: {value}", f"Add one. {documentation}", None)


def _method(name: str, value: str, documentation: str, shape: type[Shape] | None) -> Iterator[str]:
    forms = [value] if shape is None else [value, f"*, {_keywords(shape)}"]
    for form in forms:
        if len(forms) > 1:
            yield "    @overload"
        yield f"    def {name}(self, {form}) -> CreateTrainingJob:"
        yield f'        """{documentation}"""'


def _keywords(shape: type[Shape]) -> str:
    return ", ".join(
        f"{name}: {_text(field.rebuild_annotation())}{'' if field.is_required() else ' = None'}"
        for name, field in shape.model_fields.items()
    )


def _text(annotation: Any) -> str:
    """A type as it is written, without limits."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        deferrable = any(isinstance(mark, Deferrable) for mark in arguments[1:])
        return f"Input[{_text(arguments[0])}]" if deferrable else _text(arguments[0])
    if origin in {Union, UnionType}:
        return " | ".join(map(_text, arguments))
    if origin is Literal:
        return f"Literal[{', '.join(map(repr, arguments))}]"
    if origin is not None:
        return f"{origin.__name__}[{', '.join(map(_text, arguments))}]"
    return "None" if annotation is NoneType else annotation.__name__


def _arguments(annotation: Any, collection: type) -> tuple[Any, ...]:
    """The arguments of the collection that is somewhere in the annotation."""
    if get_origin(annotation) is collection:
        return get_args(annotation)
    return next((found for part in get_args(annotation) if (found := _arguments(part, collection))), ())


def formatted() -> str:
    """The stub as the formatter leaves it, which is how it is kept."""
    command = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(STUB), "-"]
    return subprocess.run(command, input=stub(), capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    STUB.write_text(formatted())
