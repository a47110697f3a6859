"""Finds the backend that keeps the state of the present update, as the `pulumi` command finds it.

Input: PULUMI_BACKEND_URL, `backend` in Pulumi.yaml, and the credentials of `pulumi login`, in this order. Output: the
backend's URL without credentials and options. The engine does not tell it to programs or providers.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import yaml


def state_backend() -> str:
    """The URL of the backend, such as `s3://bucket/prefix` or `file:///home/me`; empty where it cannot be found."""
    return _without_options(os.environ.get("PULUMI_BACKEND_URL") or _of_project() or _of_login() or "")


def _of_project() -> str:
    """`backend.url` of the project's file, in the working directory or above it."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        for file in (folder / "Pulumi.yaml", folder / "Pulumi.yml"):
            if file.is_file():
                project = yaml.safe_load(file.read_text(encoding="utf-8"))
                return _text(_mapping(_mapping(project).get("backend")).get("url"))
    return ""


def _of_login() -> str:
    """The backend that `pulumi login` has chosen."""
    home = os.environ.get("PULUMI_CREDENTIALS_PATH") or os.environ.get("PULUMI_HOME") or "~/.pulumi"
    file = Path(home).expanduser() / "credentials.json"
    try:
        return _text(_mapping(json.loads(file.read_text(encoding="utf-8"))).get("current"))
    except (OSError, ValueError):  # who has not logged in has no such file; then the backend is not known
        return ""


def _without_options(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "file":
        folder = url.partition("://")[2].partition("?")[0]
        return Path(folder).expanduser().resolve().as_uri()
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path.rstrip('/')}" if parts.scheme else ""


def _mapping(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
