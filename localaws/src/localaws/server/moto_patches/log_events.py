"""Answers FilterLogEvents as CloudWatch does: streams chosen by the prefix of their names, events in order of time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from moto.logs.responses import LogsResponse

NO_STREAM = ":"
"""A name that no stream can have. An empty list of names means every stream to moto."""


def matching(streams: Iterable[str], names: Iterable[str], prefix: str) -> list[str]:
    """The names of the streams that a call asks for, by name or by prefix."""
    wanted = set(names)
    return [name for name in streams if name.startswith(prefix) and (not wanted or name in wanted)] or [NO_STREAM]


def filter_log_events(response: LogsResponse) -> str:
    """One page of the events of the streams that are asked for, in the order of time."""
    asked: Any = response._get_param  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  moto's way to the request
    group = response.logs_backend.groups.get(asked("logGroupName"))
    streams = matching(group.streams if group else (), asked("logStreamNames", []), asked("logStreamNamePrefix", ""))
    times = asked("startTime"), asked("endTime")
    page = asked("limit"), asked("nextToken"), asked("filterPattern")
    found = response.logs_backend.filter_log_events(asked("logGroupName"), streams, *times, *page, interleaved=True)
    events, following, _ = found
    return json.dumps({"events": events, "searchedLogStreams": [], **({"nextToken": following} if following else {})})
