"""Runs a Pulumi project on an AWS of its own, in a test.

Input: a program as text. Output: what `pulumilocal` printed, the state, the jobs, the calls that were made.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import textwrap
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import boto3
import yaml

from localaws.environment import find_project, for_server, make_folders
from localaws.plugin.values import is_secret
from localaws.stack_files import project_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    from localaws.environment import Project

REGION = "eu-west-1"
_PROJECT = f"""\
name: trial
runtime: python
config:
  aws:region: {{value: {REGION}}}
"""

QUICK = {"LOCALAWS_JOB_SECONDS": "0.5", "LOCALAWS_STOP_SECONDS": "0.2", "LOCALAWS_LINGER_SECONDS": "0.3"}
"""An environment for a trial whose jobs take half a second."""
TRUST = """{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "sagemaker.amazonaws.com"}}]}"""
"""The trust policy of a role that SageMaker may assume."""

_SERVERS = multiprocessing.get_context("forkserver")
"""Forks servers from a process that has loaded one: to load moto takes two seconds, and each trial has a server."""
_SERVERS.set_forkserver_preload(["localaws.server.__main__", "localaws.server.preloaded"])


@dataclass(frozen=True)
class Outcome:
    """The exit code and the output of a command."""

    code: int
    text: str
    """Everything that it printed, stdout and stderr in order."""


class Trial:
    """One Pulumi project on its own local AWS.

    Args:
        root: an empty folder, which becomes the project.
        environment: variables for every command and for the server, such as `LOCALAWS_JOB_SECONDS`.
        prelude: the lines that every program starts with.
    """

    def __init__(self, root: Path, environment: Mapping[str, str], *, prelude: str = "") -> None:
        self.root = root
        self._prelude = prelude
        self._environment = {**os.environ, "NO_COLOR": "1", **environment}
        self._server: BaseProcess | None = None
        (root / "Pulumi.yaml").write_text(_PROJECT)

    def program(self, source: str) -> None:
        """Make `source` the program, after the prelude."""
        (self.root / "__main__.py").write_text(self._prelude + textwrap.dedent(source))

    def copied(self, root: Path) -> Trial:
        """The same program in another folder."""
        other = Trial(root, self._environment, prelude=self._prelude)
        shutil.copy(self.root / "__main__.py", root)
        return other

    def command(self, *words: str) -> list[str]:
        """The command line of `pulumilocal` with these words."""
        return [sys.executable, "-m", "localaws", *words]

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment of a command."""
        return {**self._environment, **(extra or {})}

    def start(self) -> None:
        """Start the local AWS, unless the project has one. The first command does that, too."""
        project = self._project
        if project.server_file.exists():
            return
        make_folders(project)
        where = str(project.server_file), str(project.server_log)
        self._server = _SERVERS.Process(
            target=_serve, args=(*where, for_server(self._environment, project)), daemon=True
        )
        self._server.start()
        while not project.server_file.exists():
            if self._server.exitcode is not None:
                raise AssertionError(f"the local AWS could not start:\n{project.server_log.read_text()}")
            time.sleep(0.01)

    def run(self, *words: str, expect: int | None = 0, env: Mapping[str, str] | None = None) -> Outcome:
        """Run `pulumilocal`, and check its exit code unless `expect` is None."""
        self.start()
        done = subprocess.run(
            self.command(*words),
            cwd=self.root,
            env=self.environment(env),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        if expect is not None and done.returncode != expect:
            raise AssertionError(f"{' '.join(words)} exited with {done.returncode}, not {expect}:\n{done.stdout}")
        return Outcome(done.returncode, done.stdout)

    def up(self, *words: str, expect: int | None = 0, env: Mapping[str, str] | None = None) -> Outcome:
        """`pulumi up` without its preview."""
        return self.run("up", "--stack", "trial", "--yes", "--skip-preview", *words, expect=expect, env=env)

    def preview(self, *words: str, expect: int | None = 0, env: Mapping[str, str] | None = None) -> Outcome:
        """`pulumi preview`."""
        return self.run("preview", "--stack", "trial", *words, expect=expect, env=env)

    def refresh(self, *words: str, expect: int | None = 0) -> Outcome:
        """`pulumi refresh`."""
        return self.run("refresh", "--stack", "trial", "--yes", "--skip-preview", *words, expect=expect)

    def destroy(self, *words: str, expect: int | None = 0) -> Outcome:
        """`pulumi destroy`."""
        return self.run("destroy", "--stack", "trial", "--yes", "--skip-preview", *words, expect=expect)

    def config(self, key: str, value: str) -> None:
        """A setting of the stack, in its file."""
        file = self.root / "Pulumi.trial.yaml"
        settings = (yaml.safe_load(file.read_text()) if file.exists() else None) or {}
        settings.setdefault("config", {})[key if ":" in key else f"{project_name(self._project)}:{key}"] = value
        file.write_text(yaml.safe_dump(settings))

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, secrets hidden."""
        stack = next((each for each in self.resources() if each["type"] == "pulumi:pulumi:Stack"), {})
        return {name: "[secret]" if is_secret(value) else value for name, value in stack.get("outputs", {}).items()}

    def state(self) -> str:
        """The state as `pulumi stack export` writes it, whole and as text."""
        return self.run("stack", "export", "--stack", "trial").text

    def resources(self) -> list[dict[str, Any]]:
        """The resources in the state, read from its file: a command would take as long as a preview of nothing."""
        stacks = self._project.state / ".pulumi" / "stacks" / project_name(self._project)
        return json.loads((stacks / "trial.json").read_text())["checkpoint"]["latest"].get("resources", [])

    @property
    def _project(self) -> Project:
        return find_project(self.root, self._environment)

    @property
    def endpoint(self) -> str:
        """The URL of the local AWS."""
        return f"http://127.0.0.1:{self._started()['port']}"

    @property
    def server_process(self) -> int:
        """The process of the local AWS."""
        return self._started()["pid"]

    def _started(self) -> dict[str, Any]:
        return json.loads((self.root / ".localaws" / "server.json").read_text())

    def aws(self, service: str) -> Any:
        """A boto3 client of the local AWS."""
        return boto3.client(  # pyright: ignore[reportCallIssue]
            service,  # pyright: ignore[reportArgumentType]
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id="trial",
            aws_secret_access_key="trial",  # noqa: S106  of no account
        )

    def furnish(self, *, bucket: str = "trial-data", role: str = "trial") -> None:
        """Start the local AWS, and create a bucket and a role that SageMaker may assume."""
        self.start()
        self.aws("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        self.aws("iam").create_role(RoleName=role, AssumeRolePolicyDocument=TRUST)

    def jobs(self) -> dict[str, str]:
        """The training jobs that exist, with their statuses."""
        return {job["name"]: job["status"] for job in self._ask("GET", "jobs")}

    def await_job(self, name: str, status: str, *, seconds: float = 20.0) -> None:
        """Return when the job has the status, or the secondary status. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while status not in (statuses := self._statuses(name)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"job {name} is {' and '.join(statuses) or 'not there'}, not {status}")
            time.sleep(0.05)

    def _statuses(self, name: str) -> tuple[str, ...]:
        jobs = self._ask("GET", "jobs")
        return next(((job["status"], job["secondary"]) for job in jobs if job["name"] == name), ())

    def calls(self) -> dict[str, int]:
        """How often each operation was called since the last `forget_calls`."""
        return self._ask("GET", "calls")

    def forget_calls(self) -> None:
        """Reset the counts."""
        self._ask("DELETE", "calls")

    def fault(self, kind: str, operation: str = "CreateTrainingJob", *, times: int = 1, **parameters: Any) -> None:
        """Inject a fault."""
        self._ask("POST", "faults", [{"kind": kind, "operation": operation, "times": times, "parameters": parameters}])

    def clear_faults(self) -> None:
        """Remove all faults."""
        self._ask("DELETE", "faults")

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.endpoint}/_localaws/{path}", data=data, method=method)  # noqa: S310  ours
        with urlopen(request, timeout=20) as answer:  # noqa: S310  ours
            text = answer.read()
            return json.loads(text) if text else None

    def end(self) -> None:
        """Stop the local AWS."""
        if self._server is None:
            self.run("stop", expect=None)
        else:
            self._server.terminate()
            self._server.join()


def _serve(state_file: str, log_file: str, environment: Mapping[str, str]) -> None:
    """Be the server that `pulumilocal start` starts, with its environment and its log."""
    from localaws.server.__main__ import main  # noqa: PLC0415  it has been loaded where this process comes from

    os.environ.clear()
    os.environ.update(environment)
    log = os.open(log_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(log, stream.fileno())
    sys.exit(main(["--state-file", state_file]))
