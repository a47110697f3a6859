"""Plans, creates, reads, updates and deletes a resource with the functions of its row."""

import threading
import time
from dataclasses import dataclass
from typing import Final

from . import diff
from .aws import Aws
from .errors import RefusedError, code_of, is_missing
from .inputs import DEFAULTS
from .resource import Resource
from .values import UNKNOWN, Properties

STILL_IN_USE: Final = frozenset({"DependencyViolation", "InvalidGroup.InUse"})
"""Codes with which EC2 refuses to delete what a network interface still uses, if only for some seconds."""
PATIENCE: Final = 90.0
"""Seconds that a deletion is tried again while something still uses the resource."""
PAUSE: Final = 1.0
"""Seconds between two attempts."""


class IncompleteError(Exception):
    """The resource was created, but a later step of its creation failed.

    Attributes:
        resource_id: Its id.
        cause: What failed.
    """

    def __init__(self, resource_id: str, cause: Exception) -> None:
        super().__init__(str(cause))
        self.resource_id = resource_id
        self.cause = cause


@dataclass(frozen=True)
class Reading:
    """The live state of a resource.

    Attributes:
        properties: Its outputs.
        inputs: The inputs that would declare it so.
    """

    properties: Properties
    inputs: Properties


def planned(row: Resource, state: Properties, news: Properties) -> Properties:
    """The properties after a creation or an update, as far as a preview can know them."""
    computed = {key: value for key, value in state.items() if key not in row.inputs or key in row.outputs}
    unknown = dict.fromkeys(row.renewed if state else row.outputs, UNKNOWN)
    tags = {"tagsAll": news.get("tags", {})} if row.retag else {}
    return {**computed, **unknown, **tags, **_declared(news)}


def create(row: Resource, aws: Aws, news: Properties) -> tuple[str, Properties]:
    """Create the resource; returns its id and its properties.

    Raises:
        IncompleteError: It was created, and a later step failed; it must be recorded nevertheless.
    """
    resource_id = row.create(aws, news)
    try:
        _apply(row, aws, resource_id, {}, news, changed=set(row.afterwards) & news.keys())
        return resource_id, _recorded(row, aws, resource_id, {}, news)
    except Exception as error:
        raise IncompleteError(resource_id, error) from error


def read(row: Resource, aws: Aws, resource_id: str, state: Properties, recorded: Properties) -> Reading | None:
    """Read the resource; None if it does not exist. Without recorded inputs (an import) all are taken from AWS."""
    live = _live(row, aws, resource_id, {**recorded, **state})
    if live is None:
        return None
    if not recorded:
        known = {key: live[key] for key in row.inputs if live.get(key) is not None}
        news = {**{key: row.defaults[key] for key in row.settings if key in row.defaults}, **known}
        return Reading(_outputs(resource_id, live, news), news)
    for key in row.shared - recorded.keys():
        live[key] = state.get(key)
    news = diff.refreshed(row, recorded, live)
    return Reading({**_untold(row, state, live), **_outputs(resource_id, live, news)}, news)


def update(
    row: Resource, aws: Aws, resource_id: str, *, olds: Properties, news: Properties, state: Properties
) -> Properties:
    """Apply the inputs that changed, or complete what a creation left incomplete; returns the properties."""
    changed = {change.property for change in diff.changes(row, olds, news)} or set(row.afterwards)
    _apply(row, aws, resource_id, {**state, "tags": olds.get("tags")}, news, changed=changed)
    return _recorded(row, aws, resource_id, state, news)


def delete(
    row: Resource,
    aws: Aws,
    resource_id: str,
    state: Properties,
    *,
    patience: float = PATIENCE,
    cancelled: threading.Event | None = None,
) -> None:
    """Delete the resource; a missing one is not an error, one that is still in use is tried again.

    Args:
        row: The resource's type.
        aws: Its region.
        resource_id: Its id.
        state: Its recorded properties.
        patience: Seconds to try.
        cancelled: Ends the waiting.
    """
    cancelled = cancelled or threading.Event()
    deadline = time.monotonic() + patience
    while True:
        try:
            row.delete(aws, resource_id, state)
        except Exception as error:
            if is_missing(error):
                return
            in_use = code_of(error) in STILL_IN_USE and time.monotonic() < deadline
            if not in_use or cancelled.wait(PAUSE):
                raise
        else:
            return


def _apply(row: Resource, aws: Aws, resource_id: str, olds: Properties, news: Properties, *, changed: set[str]) -> None:
    removed = row.updates.keys() - news.keys()
    properties = {**{key: value for key, value in olds.items() if key not in removed}, **news, "id": resource_id}
    for apply in dict.fromkeys(function for key, function in row.updates.items() if key in changed):
        apply(aws, resource_id, properties)
    if row.retag and "tags" in changed:
        before, after = olds.get("tags") or {}, news.get("tags") or {}
        added = {key: value for key, value in after.items() if before.get(key) != value}
        row.retag(aws, properties, added, sorted(before.keys() - after.keys()))


def _recorded(row: Resource, aws: Aws, resource_id: str, state: Properties, news: Properties) -> Properties:
    live = _live(row, aws, resource_id, {**state, **news})
    if live is None:
        raise RefusedError(f"AWS created it as {resource_id}, and does not find it")
    return _outputs(resource_id, live, news)


def _live(row: Resource, aws: Aws, resource_id: str, known: Properties) -> Properties | None:
    live = row.read(aws, resource_id, known)
    return {**live, "region": aws.region} if live is not None and row.regional else live


def _outputs(resource_id: str, live: Properties, news: Properties) -> Properties:
    tags = {"tagsAll": live["tags"] or {}} if "tags" in live else {}
    return {**live, **tags, **_declared(news), "id": resource_id}


def _untold(row: Resource, state: Properties, live: Properties) -> Properties:
    """Recorded properties that AWS does not return."""
    return {key: value for key, value in state.items() if key not in live and key not in row.inputs}


def _declared(news: Properties) -> Properties:
    return {key: value for key, value in news.items() if key != DEFAULTS}
