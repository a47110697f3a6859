"""Answers the server's own routes below /_localaws: health, faults, calls, jobs."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from localaws.server.state import State

PREFIX = "/_localaws/"


def health(state: State, _body: Any) -> Any:
    """Process, port, version and start, as in the state file."""
    return state.identity


def read_faults(state: State, _body: Any) -> Any:
    """The faults in force."""
    return state.faults.read()


def add_faults(state: State, body: Any) -> Any:
    """Adds faults: a list of rules, or one."""
    state.faults.add(body)
    return state.faults.read()


def clear_faults(state: State, _body: Any) -> Any:
    """Removes all faults."""
    state.faults.clear()
    return []


def read_calls(state: State, _body: Any) -> Any:
    """How often each operation was called."""
    return state.counts.read()


def reset_calls(state: State, _body: Any) -> Any:
    """Resets the counts."""
    state.counts.reset()
    return {}


def read_jobs(state: State, _body: Any) -> Any:
    """Every training job: name, account, Region, status."""
    now = time.time()
    return [
        {
            "name": job.name,
            "account": job.account,
            "region": job.region,
            "status": job.status(now),
            "secondary": job.secondary(now),
        }
        for job in state.jobs.all()
    ]


ROUTES: Mapping[tuple[str, str], Callable[[State, Any], Any]] = {
    ("GET", "health"): health,
    ("GET", "faults"): read_faults,
    ("POST", "faults"): add_faults,
    ("DELETE", "faults"): clear_faults,
    ("GET", "calls"): read_calls,
    ("DELETE", "calls"): reset_calls,
    ("GET", "jobs"): read_jobs,
}


def answer(state: State, method: str, path: str, body: bytes) -> Response:
    """The answer of a route: JSON, or 404 or 400 with an error message."""
    route = ROUTES.get((method, path.removeprefix(PREFIX)))
    if route is None:
        known = ", ".join(f"{verb} {PREFIX}{name}" for verb, name in ROUTES)
        return as_json({"error": f"there is no {method} {path}; there is {known}"}, 404)
    try:
        return as_json(route(state, json.loads(body) if body else None), 200)
    except ValueError as error:
        return as_json({"error": str(error)}, 400)
    except RecursionError:
        return as_json({"error": "the body is nested too deeply"}, 400)


def as_json(value: Any, status: int) -> Response:
    """A JSON response."""
    return Response(json.dumps(value), status=status, content_type="application/json")
