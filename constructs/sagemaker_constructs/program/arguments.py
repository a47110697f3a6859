"""Validates arguments of constructs: single values, lists, specs, tags, and options that are passed as `**options`.

Input: arguments by name, as a program passed them. Output: lists of their items, and a sentence for each mistake, so
that a construct can report all of them before it creates anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from inspect import signature
from typing import Any, get_type_hints

from pulumi import Output
from pydantic import TypeAdapter, ValidationError

from sagemaker_constructs.api.mistakes import Mistake, mistakes_of, shown
from sagemaker_constructs.api.similar_names import closest
from sagemaker_constructs.api.spec import TrainingJobSpec

_NOT_BLANK = r"(?s).*\S.*"


@dataclass(frozen=True, slots=True)
class ValueArgument:
    """What an argument with one value accepts."""

    expected: str
    """Such as `the ARN of a role`."""
    attribute: str = ""
    """Attribute of a resource that may be passed instead of text, such as `arn`."""
    pattern: str = _NOT_BLANK
    """Pattern of a text that is known."""
    required: bool = False
    """Whether None is a mistake."""


@dataclass(frozen=True, slots=True)
class ListArgument:
    """What an argument with several values accepts."""

    item: str
    """Such as `a subnet id`."""
    attribute: str = ""
    """Attribute of a resource that may be an item instead of text, such as `id`."""
    text: bool = True
    """Whether an item may be text."""
    deferred: bool = False
    """Whether the list may be an Output. False where a resource is created for each item."""
    pattern: str = _NOT_BLANK
    """Pattern of an item that is known text."""
    kind: type | None = None
    """Class of which an item may be an instance."""


_SPECS = {"spec": ListArgument("a TrainingJobSpec", text=False, kind=TrainingJobSpec)}
_TAG = ValueArgument("a string, or an Output of one", pattern=r"(?s).*")


def value_mistakes(table: Mapping[str, ValueArgument], given: Mapping[str, Any]) -> list[str]:
    """The mistakes in arguments with one value each.

    Args:
        table: what each argument accepts.
        given: the arguments.
    """
    return [
        str(Mistake((name,), shown(value, (name,)), table[name].expected))
        for name, value in given.items()
        if (value is not None or table[name].required) and not _fits(value, table[name])
    ]


def read_lists(table: Mapping[str, ListArgument], given: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The arguments with several values as lists, and the mistakes in them.

    Args:
        table: what each argument accepts.
        given: the arguments. One that is None stays None.
    """
    lists: dict[str, Any] = {}
    mistakes: list[str] = []
    for name, value in given.items():
        is_list = isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping | Output)
        lists[name] = list(value) if is_list else value
        find = _item_mistakes if is_list else _list_mistakes
        mistakes += [str(each) for each in find(name, lists[name], table[name])]
    return lists, mistakes


def late_list_mistakes(
    table: Mapping[str, ListArgument], given: Mapping[str, Any], known: Mapping[str, Any]
) -> list[str]:
    """The mistakes in lists that contained Outputs, found when these are known. The others are validated already.

    Args:
        table: what each argument accepts.
        given: the lists as `read_lists` returned them.
        known: the same lists with the values of their Outputs.
    """
    return read_lists(table, {name: known[name] for name, value in given.items() if _has_output(value)})[1]


def read_specs(spec: object) -> tuple[list[TrainingJobSpec], list[str]]:
    """One spec or several as a list, and the mistakes in them."""
    if isinstance(spec, TrainingJobSpec):
        return [spec], []
    if spec is None:
        return [], [str(Mistake(("spec",), "None", "a TrainingJobSpec, or a list of them"))]
    lists, mistakes = read_lists(_SPECS, {"spec": spec})
    return ([] if mistakes else lists["spec"]), mistakes


def tag_mistakes(tags: object) -> list[str]:
    """The mistakes in tags."""
    if tags is None:
        return []
    if not isinstance(tags, Mapping):
        return [str(Mistake(("tags",), shown(tags, ("tags",)), "a mapping of strings to strings"))]
    return [
        str(Mistake(("tags", str(key)), shown(value, ("tags",)), _TAG.expected))
        for key, value in tags.items()
        if not (isinstance(key, str) and _fits(value, _TAG))
    ]


def wrong_options(construct: type, names: type, given: Mapping[str, Any]) -> list[str]:
    """The mistakes in options that are passed as `**options`, which Python does not check.

    Args:
        construct: the class that takes them: its other arguments are options, too, to whoever looks for one.
        names: the TypedDict that defines the options.
        given: the options.
    """
    known, options = _options(names)
    unknown = [_unknown_option(name, (*_keywords(construct), *known)) for name in given if name not in known]
    try:
        options.validate_python({name: given[name] for name in known if name in given}, strict=True)
    except ValidationError as error:
        return [*unknown, *map(str, mistakes_of(error))]
    return unknown


def refuse(error: type[Exception], construct: str, sentences: Iterable[str]) -> None:
    """Raise the error with all mistakes, if there are any."""
    mistakes = list(sentences)
    if mistakes:
        count = f"{len(mistakes)} mistake{'s' if len(mistakes) != 1 else ''}"
        raise error("\n".join([f"{construct}: {count}", *(f"  - {each}" for each in mistakes)]))


def _list_mistakes(name: str, value: object, row: ListArgument) -> Iterator[Mistake]:
    """The mistakes in an argument that is no list."""
    expected = f"a list, each item {row.item}"
    if isinstance(value, Output):
        if not row.deferred:
            items = f"; items may be Outputs, as in {name}=[ids[0], ids[1]]" if row.text else ""
            yield Mistake((name,), "one Output", f"{expected}{items}: a resource is created for each item")
    elif value is not None:
        yield Mistake((name,), shown(value, (name,)), expected)


def _item_mistakes(name: str, items: list[Any], row: ListArgument) -> Iterator[Mistake]:
    for position, item in enumerate(items):
        text = isinstance(item, str | Output)
        fits = _fits(item, row) and (row.text or not text)
        if not fits and not (row.kind and isinstance(item, row.kind)):
            yield Mistake((name, position), shown(item, (name,)), row.item)


def _fits(value: object, row: ValueArgument | ListArgument) -> bool:
    """Whether a value is text that matches, an Output, or a resource with the attribute."""
    if row.attribute and not isinstance(value, str | Output):
        return isinstance(getattr(value, row.attribute, None), str | Output)
    return isinstance(value, Output) or (isinstance(value, str) and re.fullmatch(row.pattern, value) is not None)


def _has_output(value: object) -> bool:
    return isinstance(value, Output) or (isinstance(value, list) and any(isinstance(each, Output) for each in value))


def _unknown_option(name: str, known: tuple[str, ...]) -> str:
    meant = closest(name, known)
    suggestion = f" (did you mean {meant}?)" if meant else ""
    return f"{name} is an unknown option{suggestion}, must be one of {', '.join(known)}"


@cache
def _keywords(construct: type) -> tuple[str, ...]:
    """The arguments of a construct that are passed by their names."""
    parameters = signature(construct.__init__).parameters.values()
    return tuple(each.name for each in parameters if each.kind is each.KEYWORD_ONLY)


@cache
def _options(names: type) -> tuple[tuple[str, ...], TypeAdapter[Any]]:
    """The names of a TypedDict's options and their validator, created once for all results of a program."""
    return tuple(get_type_hints(names)), TypeAdapter(names)
