"""The arguments of the constructs: those that take several values, and the options that a mapping names.

Input: arguments by name, as a program gave them. Output: a list for each that takes several, and what is wrong with
them, a sentence each, so that a construct can refuse them together before it makes anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_type_hints

from pulumi import Output
from pydantic import TypeAdapter, ValidationError

from sagemaker_constructs.api.mistakes import Mistake, mistakes_of, shown
from sagemaker_constructs.api.spec import TrainingJobSpec


@dataclass(frozen=True, slots=True)
class Several:
    """What an argument takes several of."""

    expected: str
    """Such as `subnet ids`."""
    attribute: str = ""
    """What a resource has that may stand for one of them, such as `id`."""
    text: bool = True
    """Whether text may stand for one of them."""
    deferred: bool = False
    """Whether the list may be one Output. Not where a resource is made for each item."""
    pattern: str = r"(?s).*\S.*"
    """What a text that is known matches."""
    kind: type | None = None
    """What an item may be an object of."""


@dataclass(frozen=True, slots=True)
class One:
    """What an argument takes one of."""

    expected: str
    """Such as `the ARN of a role`."""
    attribute: str = ""
    """What a resource has that may stand for it, such as `id`."""
    pattern: str = r"(?s).*\S.*"
    """What a text that is known matches."""
    required: bool = False
    """Whether None is wrong, too."""


_SPECS = {"spec": Several("TrainingJobSpecs", text=False, kind=TrainingJobSpec)}
_TAG = One("text, or an Output of it", pattern=r"(?s).*")


def wrong_ones(table: Mapping[str, One], given: Mapping[str, Any]) -> list[str]:
    """What is wrong with arguments that take one value each, a sentence each.

    Args:
        table: what each argument takes.
        given: the arguments.
    """
    return [
        str(Mistake((name,), shown(value, (name,)), table[name].expected))
        for name, value in given.items()
        if (value is not None or table[name].required) and not _fits(value, table[name])
    ]


def listed_specs(spec: object) -> tuple[list[TrainingJobSpec], list[str]]:
    """One job or several as a list, and what is wrong with them."""
    if isinstance(spec, TrainingJobSpec):
        return [spec], []
    if spec is None:
        return [], [str(Mistake(("spec",), "None", "a TrainingJobSpec, or a list of them"))]
    lists, wrong = several(_SPECS, {"spec": spec})
    return ([] if wrong else lists["spec"]), wrong


def wrong_tags(tags: object) -> list[str]:
    """What is wrong with tags, a sentence each."""
    if tags is None:
        return []
    if not isinstance(tags, Mapping):
        return [str(Mistake(("tags",), shown(tags, ("tags",)), "a mapping of texts to texts"))]
    return [
        str(Mistake(("tags", str(key)), shown(value, ("tags",)), _TAG.expected))
        for key, value in tags.items()
        if not (isinstance(key, str) and _fits(value, _TAG))
    ]


def several(table: Mapping[str, Several], given: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The arguments as lists, and what is wrong with them.

    Args:
        table: what each argument takes.
        given: the arguments. One that is None stays None.
    """
    lists: dict[str, Any] = {}
    wrong: list[str] = []
    for name, value in given.items():
        is_list = isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping | Output)
        lists[name] = list(value) if is_list else value
        mistakes = _wrong_items(name, lists[name], table[name]) if is_list else _wrong_whole(name, value, table[name])
        wrong += [str(each) for each in mistakes]
    return lists, wrong


def _wrong_whole(name: str, value: object, row: Several) -> Iterator[Mistake]:
    if isinstance(value, Output):
        if not row.deferred:
            each = ", each of which may be an Output" if row.text else ""
            example = ", such as [ids[0], ids[1]] of an Output ids" if row.text else ""
            expected = f"a list of {row.expected}{each}: how many there are decides what is made{example}"
            yield Mistake((name,), "one Output", expected)
    elif value is not None:
        yield Mistake((name,), shown(value, (name,)), f"a list of {row.expected}")


def _wrong_items(name: str, items: list[Any], row: Several) -> Iterator[Mistake]:
    for position, item in enumerate(items):
        text = isinstance(item, str | Output)
        fits = _fits(item, row) and (row.text or not text)
        if not fits and not (row.kind and isinstance(item, row.kind)):
            yield Mistake((name, position), shown(item, (name,)), f"one of {row.expected}")


def _fits(value: object, row: One | Several) -> bool:
    """Whether it is text that matches, or something with text; an Output may yet be."""
    if row.attribute and not isinstance(value, str | Output):
        return isinstance(getattr(value, row.attribute, None), str | Output)
    return isinstance(value, Output) or (isinstance(value, str) and re.fullmatch(row.pattern, value) is not None)


def wrong_options(names: type, given: Mapping[str, Any]) -> list[str]:
    """What is wrong with options, a sentence each: Python itself looks at none that come as `**options`.

    Args:
        names: the TypedDict that has the options with their types.
        given: the options.
    """
    known, options = _options(names)
    strange = [
        Mistake((name,), "an option of this name", f"one of {', '.join(known)}") for name in given if name not in known
    ]
    try:
        options.validate_python({name: given[name] for name in known if name in given}, strict=True)
    except ValidationError as error:
        strange += mistakes_of(error)
    return [str(each) for each in strange]


@cache
def _options(names: type) -> tuple[tuple[str, ...], TypeAdapter[Any]]:
    """The names of a TypedDict's options and what looks at them, made once: every result of a program is looked at."""
    return tuple(get_type_hints(names)), TypeAdapter(names)


def refuse(error: type[Exception], construct: str, sentences: Iterable[str]) -> None:
    """Raise the error with everything that is wrong, if anything is."""
    wrong = list(sentences)
    if wrong:
        count = f"{len(wrong)} mistake{'s' if len(wrong) != 1 else ''}"
        raise error("\n".join([f"{construct}: {count}", *(f"  - {each}" for each in wrong)]))
