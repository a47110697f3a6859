"""The server's own routes, below /_localaws: health, faults, calls, jobs."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from localaws.server.application import Application

PREFIX = "/_localaws/"


def health(application: Application, _body: Any) -> Any:
    """What the state file says, too."""
    return application.identity


def read_faults(application: Application, _body: Any) -> Any:
    """The faults in force."""
    return application.faults.read()


def add_faults(application: Application, body: Any) -> Any:
    """More faults: a list of rules, or one."""
    application.faults.add(body)
    return application.faults.read()


def clear_faults(application: Application, _body: Any) -> Any:
    """No faults any more."""
    application.faults.clear()
    return []


def read_calls(application: Application, _body: Any) -> Any:
    """How often each operation was called."""
    return application.counts.read()


def reset_calls(application: Application, _body: Any) -> Any:
    """Counts from nothing again."""
    application.counts.reset()
    return {}


def read_jobs(application: Application, _body: Any) -> Any:
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
        for job in application.training.jobs.all()
    ]


ROUTES: Mapping[tuple[str, str], Callable[[Application, Any], Any]] = {
    ("GET", "health"): health,
    ("GET", "faults"): read_faults,
    ("POST", "faults"): add_faults,
    ("DELETE", "faults"): clear_faults,
    ("GET", "calls"): read_calls,
    ("DELETE", "calls"): reset_calls,
    ("GET", "jobs"): read_jobs,
}


def answer(application: Application, method: str, path: str, body: bytes) -> Response:
    """The answer of one of the routes: JSON, or 404 or 400 with a sentence."""
    route = ROUTES.get((method, path.removeprefix(PREFIX)))
    if route is None:
        known = ", ".join(f"{verb} {PREFIX}{name}" for verb, name in ROUTES)
        return as_json({"error": f"there is no {method} {path}; there is {known}"}, 404)
    try:
        return as_json(route(application, json.loads(body) if body else None), 200)
    except ValueError as error:
        return as_json({"error": str(error)}, 400)


def as_json(value: Any, status: int) -> Response:
    """A JSON response."""
    return Response(json.dumps(value), status=status, content_type="application/json")
