"""Notes which jobs run, so that a server that starts after another was killed knows them.

Input: a job as its containers start. Output: a file; from the files of an earlier server, its jobs, as failed.
"""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from localaws.server.training.job import Job
from localaws.server.training.plan_changes import failed
from localaws.server.training.timeline import Phase, Plan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE = "job.json"
LOST = (
    "InternalServerError: The local AWS has ended while the training job was running, and its processes with it. "
    "Start another training job."
)


def note(job: Job, folder: Path) -> None:
    """Writes a job into the folder of its run."""
    folder.mkdir(parents=True)
    phases = [(phase.status, phase.start) for phase in job.plan.entered(time.time())]
    told = {"account": job.account, "region": job.region, "request": job.request, "created": job.created}
    (folder / FILE).write_text(json.dumps(told | {"tags": job.tags, "phases": phases}))


def lost(root: Path) -> Iterator[Job]:
    """The jobs that were running when the server that had this folder was killed."""
    for file in sorted(root.glob(f"*/{FILE}")):
        with suppress(ValueError, KeyError, TypeError):  # it was killed while it wrote
            told = json.loads(file.read_text())
            phases = tuple(Phase(*phase) for phase in told.pop("phases"))
            now = time.time()
            job = Job(**told, plan=failed(Plan(phases), now, LOST), modified=now, simulated="")
            job.settled = len(job.plan.phases)
            yield job
