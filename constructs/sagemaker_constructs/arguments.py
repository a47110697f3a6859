"""The arguments of the constructs: those that take several values, and the options that a mapping names.

Input: arguments by name, as a program gave them. Output: a list for each that takes several, and what is wrong with
them, a sentence each, so that a construct can refuse them together before it makes anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

from pulumi import Output
from pydantic import TypeAdapter, ValidationError

from sagemaker_constructs.api.mistakes import Mistake, mistakes_of, shown


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
            yield Mistake(
                (name,),
                "one Output",
                f"a list of {row.expected}, each of which may be an Output: how many there are decides what is made, "
                "such as [ids[0], ids[1]] of an Output ids",
            )
    elif value is not None:
        yield Mistake((name,), shown(value, (name,)), f"a list of {row.expected}")


def _wrong_items(name: str, items: list[Any], row: Several) -> Iterator[Mistake]:
    for position, item in enumerate(items):
        fits = row.text and ((isinstance(item, str) and item.strip()) or isinstance(item, Output))
        if not fits and not (row.attribute and isinstance(getattr(item, row.attribute, None), str | Output)):
            yield Mistake((name, position), shown(item, (name,)), f"one of {row.expected}")


def wrong_options(names: type, given: Mapping[str, Any]) -> list[str]:
    """What is wrong with options, a sentence each: Python itself looks at none that come as `**options`.

    Args:
        names: the TypedDict that has the options with their types.
        given: the options.
    """
    known = tuple(get_type_hints(names))
    strange = [
        Mistake((name,), "an option of this name", f"one of {', '.join(known)}") for name in given if name not in known
    ]
    try:
        TypeAdapter(names).validate_python({name: given[name] for name in known if name in given}, strict=True)
    except ValidationError as error:
        strange += mistakes_of(error)
    return [str(each) for each in strange]


def refuse(error: type[Exception], construct: str, sentences: Iterable[str]) -> None:
    """Raise the error with everything that is wrong, if anything is."""
    wrong = list(sentences)
    if wrong:
        count = f"{len(wrong)} mistake{'s' if len(wrong) != 1 else ''}"
        raise error("\n".join([f"{construct}: {count}", *(f"  - {each}" for each in wrong)]))
