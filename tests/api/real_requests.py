"""Loads real requests from a folder next to the repository, of which they are not part."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

_FOLDER = Path(__file__).parents[3] / "shared" / "requests"


def real_requests() -> list[Any]:
    """One parameter per request; a single skipped one where the folder is absent."""
    files = sorted(_FOLDER.glob("*.json"))
    if not files:
        reason = "the folder ../shared/requests with the real requests is absent"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason))]
    return [pytest.param(json.loads(file.read_text())["request"], id=file.stem) for file in files]
