"""Mocks for unit tests of a stack: `StackMocks`.

Input: the resources that a program registers. Output: what AWS would make of them: jobs under their planned names,
which the providers validate and start in a `FakeTrainingJobs`, their results, and names and ARNs of everything else.
`StackMocks.run` runs a whole program with them.
"""

from __future__ import annotations

import asyncio
import runpy
import sys
import warnings
from contextlib import contextmanager
from contextvars import copy_context
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi.runtime import mocks, rpc

from sagemaker_constructs.api.mistakes import DeclarationError
from sagemaker_constructs.guardrails.file import KEY as GUARDRAILS
from sagemaker_constructs.guardrails.file import project_folder
from sagemaker_constructs.providers import (
    StateIdentityProvider,
    TrainingFallbackProvider,
    TrainingJobProvider,
    TrainingResultProvider,
)
from sagemaker_constructs.testing import FakeTrainingJobs

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

_PROVIDERS = {
    "pulumi-python:dynamic/sagemaker:TrainingJob": TrainingJobProvider,
    "pulumi-python:dynamic/sagemaker:TrainingFallback": TrainingFallbackProvider,
    "pulumi-python:dynamic/sagemaker:TrainingResult": TrainingResultProvider,
    "pulumi-python:dynamic/sagemaker:StateIdentity": StateIdentityProvider,
}
_RUNS = ("TrainingJob", "TrainingFallback")
"""The types of resources that have a run."""
_GLOBAL = {"iam": "arn:aws:iam::{account}:{kind}/{name}", "s3": "arn:aws:s3:::{name}"}
"""ARNs without a Region."""


class StackMocks(mocks.Mocks):
    """Pulumi's mocks, with training jobs that end as the test chooses. `run` runs a program with them.

    They can be passed to `pulumi.runtime.set_mocks` too, which holds until the next `set_mocks`, for all tests. A job
    that is not mentioned completes, without metrics. A mistake in a request is raised, as in a preview; so is what a
    guardrail forbids, where the configuration names their file (`sagemaker-constructs:guardrails`).

    Args:
        metrics: final metrics, by the name of the job's or the fallback's resource. Here and in `failures`, `run`
            refuses a name that no job has.
        failures: AWS's FailureReason of jobs that fail, by the name of the resource. One that begins with
            `CapacityError` lets a fallback start.
        prices: US dollars by usage, such as `{"ml.m5.large": "0.115", "VolumeUsage.gp2": "0.14"}`, for guardrails that
            limit costs; what has no price exceeds every limit. No other prices are read.
        answers: answers to look-ups of pulumi-aws, by token, such as `aws:ec2/getVpc:getVpc`, under the names of its
            schema. Region, account, partition and Availability Zones are answered anyway, any other look-up with
            nothing, which the constructs accept.
        region: AWS Region.
        account: AWS account.
    """

    def __init__(
        self,
        *,
        metrics: Mapping[str, Mapping[str, float]] | None = None,
        failures: Mapping[str, str] | None = None,
        prices: Mapping[str, str] | None = None,
        answers: Mapping[str, Mapping[str, Any]] | None = None,
        region: str = "eu-west-1",
        account: str = "123456789012",
    ) -> None:
        self._metrics = metrics or {}
        self._failures = failures or {}
        self._prices = prices or {}
        self._folder: Path | None = None
        self._region = region
        self._account = account
        self._answers = {
            "aws:index/getRegion:getRegion": {"region": region},
            "aws:index/getPartition:getPartition": {"partition": "aws"},
            "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": account},
            "aws:index/getAvailabilityZones:getAvailabilityZones": {"names": [f"{region}{each}" for each in "abc"]},
            **(answers or {}),
        }
        self.jobs = FakeTrainingJobs(f"arn:aws:sagemaker:{region}:{account}:training-job/")
        """The jobs that were started; `jobs.add` gives one that `TrainingJob.get` can read."""
        self.inputs: dict[tuple[str, str], dict[str, Any]] = _Inputs()
        """The inputs of every resource, by the last part of its type and its name: `inputs["Bucket", "data"]`. Secrets
        are shown. A KeyError has the keys that are meant, or that there are."""
        self._refused: dict[tuple[str, str], str] | None = None
        """Why jobs are refused, by name and type, in a preview that goes on to its end."""

    def run(
        self,
        program: str | Path | Callable[[], object],
        *,
        config: Mapping[str, str] | None = None,
        project: str = "project",
        stack: str = "test",
        preview: bool = False,
    ) -> dict[str, Any]:
        """Run a program from its beginning, wait for all that it does, and return what it exports.

        Nothing of it is left for the next run: neither these mocks and the configuration, nor the modules that the
        program imports from its own folder. A second run with the same mocks finds the jobs of the first.

        Args:
            program: the program's file, such as `__main__.py`, or its folder, or a function.
            config: the stack's configuration by full name, such as `{"penguins:max_depth": "8"}`; `aws:region` is the
                Region of the mocks.
            project: the name of the Pulumi project, to which `pulumi.Config()` without a name belongs.
            stack: the name of the stack.
            preview: whether it is a preview: no job starts, and what is wrong with several jobs is raised together.

        Returns:
            The exported values by name, without those that a preview does not know yet.

        Raises:
            DeclarationError: AWS would refuse the request of a job, or a guardrail forbids it.
            NoResultError: a result of a job that fails.
            ValueError: `metrics` or `failures` have a name that no job has.
        """
        exports: dict[str, Any] = {}
        self._folder = None if callable(program) else _file(program).parent

        def body() -> pulumi.Output[Any]:
            _load(program)
            stack_of_run: Any = pulumi.runtime.get_root_resource()
            values = [
                pulumi.Output.from_input(value).apply(lambda known, name=name: exports.update({name: known}))
                for name, value in stack_of_run.outputs.items()
            ]
            return pulumi.Output.all(*values)

        def isolated() -> None:
            pulumi.runtime.reset_options()
            pulumi.runtime.set_mocks(self, project, stack, preview=preview)
            pulumi.runtime.set_all_config({"aws:region": self._region, **(config or {})})
            pulumi.runtime.test(body)()

        with self._refusals_together(preview=preview), _event_loop():
            copy_context().run(isolated)
        self._require_jobs()
        return exports

    @contextmanager
    def _refusals_together(self, *, preview: bool) -> Generator[None]:
        """Raise what is wrong with the jobs of a preview when all of them are known."""
        refused = self._refused = dict[tuple[str, str], str]() if preview else None
        try:
            yield
        finally:
            self._refused = None
        if refused:
            raise DeclarationError("\n".join(refused[job] for job in sorted(refused)))  # the SDK registers in any order

    def _require_jobs(self) -> None:
        names = sorted({name for kind, name in self.inputs if kind in _RUNS})
        for argument, given in (("metrics", self._metrics), ("failures", self._failures)):
            if unknown := sorted(set(given) - set(names)):
                raise ValueError(f"{argument}: no job has the name {unknown[0]!r}; the jobs are {names}")

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        """The id and the outputs of a resource.

        Raises:
            DeclarationError: AWS would refuse the request of a job, or a guardrail forbids it.
            NoResultError: a result of a job that fails.
        """
        given = {name: _plain(value) for name, value in args.inputs.items() if name != "__provider"}
        self.inputs[args.typ.rpartition(":")[2], args.name] = given
        if args.typ not in _PROVIDERS:
            return f"{args.name}-id", {**self._added(args.typ, args.name), **args.inputs}
        id_, outputs = self._made(args, given)
        secret = {name for name, value in args.inputs.items() if name in outputs and _has_secret(value)}
        return id_, {name: rpc.wrap_rpc_secret(value) if name in secret else value for name, value in outputs.items()}

    def call(self, args: mocks.MockCallArgs) -> Any:
        """The answer to a look-up."""
        return self._answers.get(args.token, {})

    def _made(self, args: mocks.MockResourceArgs, given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """What the provider of a job, a fallback or a result makes of its inputs."""
        namespace, _, key = GUARDRAILS.partition(":")
        rules = pulumi.Config(namespace).get(key)
        guardrails = project_folder(self._folder or Path.cwd()) / rules if rules else None
        provider = self.jobs.provider(
            _PROVIDERS[args.typ], region=self._region, guardrails=guardrails, prices=self._prices
        )
        if args.resource_id:
            found = provider.read(args.resource_id, given)
            return found.id or args.resource_id, found.outs or {}
        checked = provider.check({}, given)
        if checked.failures:
            why = "\n".join(f"{args.name!r}: {each.reason}" for each in checked.failures)
            if self._refused is None:
                raise DeclarationError(why)
            self._refused[args.name, args.typ] = why
            return "", {}
        if pulumi.runtime.is_dry_run():
            return "", checked.inputs
        made = provider.create(checked.inputs)
        if made.id in self.jobs.jobs and self.jobs.jobs[made.id].status == "InProgress":
            self._end(made.id, args.name)
        return made.id, made.outs or {}

    def _end(self, job: str, resource: str) -> None:
        if reason := self._failures.get(resource):
            self.jobs.becomes(job, "Failed", failure_reason=reason)
        else:
            self.jobs.becomes(job, "Completed", metrics=self._metrics.get(resource))

    def _added(self, type_: str, name: str) -> dict[str, Any]:
        """What AWS adds to the inputs of a resource of pulumi-aws."""
        service, _, kind = type_.removeprefix("aws:").partition("/")
        kind = kind.partition(":")[0]
        regional = "arn:aws:{service}:{region}:{account}:{kind}/{name}"
        arn = _GLOBAL.get(service, regional).format(
            service=service, region=self._region, account=self._account, kind=kind, name=name
        )
        return {"arn": arn, "name": name, "bucket": name, "keyId": name}


class _Inputs(dict[tuple[str, str], dict[str, Any]]):
    """Inputs by type and name, whose KeyError helps."""

    def __missing__(self, key: tuple[str, str]) -> dict[str, Any]:
        names = [" ".join(each) for each in self]
        near = get_close_matches(" ".join(key), names, n=3)
        raise KeyError(
            f"no resource {' '.join(key)}; {'near it are' if near else 'there are'}: {', '.join(near or names)}"
        )


@contextmanager
def _event_loop() -> Generator[None]:
    """An event loop for this thread, which may have none: after `asyncio.run`, and from Python 3.14 on."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            before = asyncio.get_event_loop()
        except RuntimeError:
            before = None
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        yield
    finally:
        asyncio.set_event_loop(before)
        loop.close()


def _load(program: str | Path | Callable[[], object]) -> None:
    """Run it as Pulumi does: a file as `__main__`, with its folder on the path of imports."""
    if callable(program):
        program()
        return
    file = _file(program)
    with _imports_from(file):
        runpy.run_path(str(file), run_name="__main__")


def _file(program: str | Path) -> Path:
    """The file of a program of which the file or the folder is given."""
    given = Path(program).resolve()
    return given / "__main__.py" if given.is_dir() else given


@contextmanager
def _imports_from(file: Path) -> Generator[None]:
    """What the program imports from its folder is forgotten in the end, for it made resources."""
    before = {*sys.modules}
    sys.path.insert(0, str(file.parent))
    try:
        yield
    finally:
        sys.path.remove(str(file.parent))
        for name in {*sys.modules} - before:
            origin = Path(getattr(sys.modules[name], "__file__", None) or sys.prefix)
            if origin.is_relative_to(file.parent) and not origin.is_relative_to(sys.prefix):
                del sys.modules[name]


def _plain(value: Any) -> Any:
    """The value with its secrets unwrapped, at any depth."""
    value = rpc.unwrap_rpc_secret(value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _has_secret(value: Any) -> bool:
    if rpc.is_rpc_secret(value):
        return True
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(map(_has_secret, items))
