"""The workflows, and what is in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS: dict[str, Any] = {file.name: yaml.safe_load(file.read_text()) for file in sorted(FOLDER.glob("*.yml"))}
JOBS = {f"{name}: {job}": body for name, workflow in WORKFLOWS.items() for job, body in workflow["jobs"].items()}
SCRIPTS = [step["run"] for job in JOBS.values() for step in job.get("steps", ()) if "run" in step]
