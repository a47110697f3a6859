"""Concludes a result from a job that ended, or reports why there is none.

Input: the properties of a result and the jobs. Output: the outputs of the result. A job that ended without success is
tagged as settled where its end was accepted or a fallback took its place: the next `up` then starts no new run for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sagemaker_constructs.api.deferred import is_deferred
from sagemaker_constructs.api.masking import masked
from sagemaker_constructs.api.tag_keys import SETTLED_TAG
from sagemaker_constructs.aws.answers import ExistingJob
from sagemaker_constructs.aws.errors import ReconcileError, ServiceError
from sagemaker_constructs.reconcile.identity import Identity
from sagemaker_constructs.reconcile.job_tags import belongs_to
from sagemaker_constructs.reconcile.presence import found_within, is_new
from sagemaker_constructs.results.endings import POLICY_OF, WORDS, Ending, Policy, counts, ended_by, lacked_capacity
from sagemaker_constructs.results.logs import line_of
from sagemaker_constructs.results.outputs import LAST_LINES, failure_report, outputs
from sagemaker_constructs.results.status_message import status_remark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.aws.protocols import Say, TrainingJobs
    from sagemaker_constructs.reconcile.bag import Properties


class NoResultError(ReconcileError):
    """The job has no result. The text tells why, and what to do."""


@dataclass(frozen=True, slots=True)
class ResultProperties:
    """The property bag of a result, by its parts."""

    bag: Mapping[str, Any]

    @property
    def training_job_name(self) -> str:
        """The run whose result it is."""
        return self.bag["training_job_name"]

    @property
    def runs(self) -> list[str]:
        """Every run that was made for the result."""
        return self.bag.get("runs") or [self.training_job_name]

    @property
    def region(self) -> str:
        """The jobs' Region."""
        return self.bag["region"]

    @property
    def claim(self) -> str | None:
        """What the job's claim tag says; absent for a job by its name, and where there are several runs."""
        return self.bag.get("claim")

    @property
    def aws_settings(self) -> str | None:
        """AWS settings of the job's explicit provider; None where they are the stack's."""
        return self.bag.get("aws_settings")

    @property
    def owner(self) -> str:
        """The stack, `organization/project/stack`: only its own jobs are tagged or stopped."""
        return self.bag.get("owner") or ""

    @property
    def state(self) -> str:
        """The state, by its identity."""
        return Identity.parse(self.bag.get("state_identity")).state

    @property
    def secret_members(self) -> list[str]:
        """Paths of the job's members that the program marked as secrets."""
        return self.bag.get("secret_members") or []

    @property
    def policies(self) -> dict[str, Policy]:
        """The policies by the name of their option."""
        return {option: cast("Policy", self.bag.get(option) or "fail") for option in POLICY_OF.values()}

    @property
    def by_name(self) -> bool:
        """Whether the job is given by its name, and not declared in the program."""
        return bool(self.bag.get("by_name"))

    @property
    def cut_short(self) -> str | None:
        """Why the wait ended before the job; None where it did not."""
        return self.bag.get("cut_short")

    @property
    def stops_on_timeout(self) -> bool:
        """Whether the job is stopped after the timeout."""
        return bool(self.bag.get("stop_on_timeout"))

    def with_outputs(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """What is stored: the inputs without the planned model, and the outputs."""
        return {**{name: value for name, value in self.bag.items() if name != "model_artifacts"}, **found}


def no_job(urn: str) -> str:
    """What to do about a result whose job this update leaves out."""
    name = urn.rpartition("::")[2]
    return (
        f"its job {name!r} does not exist, and this update does not create it (--target, --exclude): add "
        f"--target '{urn}', or leave the option out"
    )


def as_before(olds: Mapping[str, Any], news: dict[str, Any]) -> dict[str, Any]:
    """The inputs of a recorded result, without differences that are none.

    A preview does not know the outputs of a job that changes, and so not which of several runs counts; but while the
    first run is the one that counted and stays the same, no fallback is needed. Neither how the wait ended nor other
    credentials change a result that is recorded.
    """
    first = news.get("first")
    if is_deferred(news["training_job_name"]) and first and first == olds.get("first") == olds["training_job_name"]:
        news |= {name: olds[name] for name in ("training_job_name", "runs") if name in olds}
    if olds["training_job_name"] == news["training_job_name"]:
        news.pop("cut_short", None)
        if is_deferred(news.get("claim")) and "claim" in olds:
            news["claim"] = olds["claim"]
    return dict(olds) if _without_settings(olds) == _without_settings(news) else news


def _without_settings(bag: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in bag.items() if name not in ("aws_settings", "state_identity")}


def conclude(jobs: TrainingJobs, declared: ResultProperties, say: Say) -> dict[str, Any]:
    """The outputs of a result.

    Raises:
        NoResultError: the job failed, was stopped and no policy accepts that, still runs, or does not exist.
        ServiceError: AWS returned an error.
    """
    attempts = [job for name in declared.runs if (job := jobs.describe(name)) is not None]
    job = next((each for each in attempts if each.name == declared.training_job_name), None)
    if job is None and is_new(declared.claim):
        job = found_within(jobs, lambda: jobs.describe(declared.training_job_name))
        attempts += [job] if job else []
    if job is None:
        raise _missing(declared)
    ending = ended_by(job)
    if ending is None:
        raise _still_running(jobs, declared, job)
    secrets = _secrets(jobs, declared, job)
    if not counts(ending, declared.policies):
        for each in attempts:
            _tag_settled(jobs, declared, each, None, say)
        text = failure_report(
            job, ending, _last_lines(jobs, job), secrets, [each for each in attempts if each is not job]
        )
        follows = "The job stays in the state; the next `up` starts a new run, unless its on_failure is 'keep'."
        raise NoResultError(text if declared.by_name else f"{text}\n  {follows}")
    if ending is not Ending.COMPLETED:
        _tag_settled(jobs, declared, job, "accepted", say)
        say(f"job {job.name} {WORDS[ending]}: accepted because of {POLICY_OF[ending]}='accept'")
    if remark := status_remark(job):
        say(masked(f"job {job.name}: {remark}", secrets))
    return outputs(job, attempts, secrets)


def _secrets(jobs: TrainingJobs, declared: ResultProperties, job: ExistingJob) -> frozenset[str]:
    """The job's secrets; those of its tags only ListTags has. A missing permission must not hide the result."""
    tags: dict[str, str] = {}
    if any(path.partition(".")[0] == "tags" for path in declared.secret_members):
        try:
            tags = jobs.tags(job.arn)
        except ServiceError as error:
            if not error.no_access:
                raise
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    return ExistingJob({**job.answer, "Tags": listed}).secrets(declared.secret_members)


def reconsider(jobs: TrainingJobs, recorded: Mapping[str, Any], declared: ResultProperties, say: Say) -> None:
    """Apply changed policies to a recorded result. Raises NoResultError where they do not accept it any more."""
    ending = Ending(recorded["ended_by"])
    if counts(ending, declared.policies):
        return
    job = jobs.describe(declared.training_job_name)
    if job is not None:
        _tag_settled(jobs, declared, job, None, say)
    raise NoResultError(
        f"training job {declared.training_job_name} {WORDS[ending]}, and {POLICY_OF[ending]} is 'fail' now. "
        "The next `up` follows the job's on_failure."
    )


def continues(jobs: TrainingJobs, declared: Properties, name: str, say: Say) -> bool:
    """Whether a fallback is due because the job found no capacity; the job is then tagged as settled."""
    job = jobs.describe(name)
    if job is None or not lacked_capacity(job):
        return False
    say(f"job {name} found no capacity: starting the fallback")
    _tag_settled(jobs, ResultProperties(declared.bag), job, "continued", say)
    return True


def _tag_settled(jobs: TrainingJobs, declared: ResultProperties, job: ExistingJob, how: str | None, say: Say) -> None:
    """Tag a job of the stack that ended without success as settled, or remove the tag (None).

    A missing permission is only reported: the next `up` then starts a new run.
    """
    if ended_by(job) is Ending.COMPLETED or not declared.owner:
        return
    try:
        tags = jobs.tags(job.arn)
        if not belongs_to(tags, declared.owner, declared.state) or tags.get(SETTLED_TAG) == how:
            return  # a job of another stack is never tagged
        if how is None:
            jobs.delete_tags(job.arn, [SETTLED_TAG])
        else:
            jobs.add_tags(job.arn, {SETTLED_TAG: how})
    except ServiceError as error:
        if not error.no_access:
            raise
        say(f"job {job.name} cannot be tagged as settled, so that the next `up` may run it again: {error}")


def _last_lines(jobs: TrainingJobs, job: ExistingJob) -> list[str]:
    """The end of the log; where it cannot be read, why: that must not hide the reason of the failure."""
    try:
        return [line_of(event, job) for event in jobs.last_log_events(job.name, LAST_LINES)]
    except ServiceError as error:
        return [f"the log cannot be read: {error}"]


def _missing(declared: ResultProperties) -> NoResultError:
    name = declared.training_job_name
    if declared.by_name:
        return NoResultError(
            f"training job {name} does not exist in {declared.region}: check the name, and set region=… if it is in "
            "another Region"
        )
    return NoResultError(
        f"training job {name} does not exist: it was deleted. With on_missing='retrain' its resource trains again in "
        "the next `up`; with 'keep', the default, there will be no result."
    )


def _still_running(jobs: TrainingJobs, declared: ResultProperties, job: ExistingJob) -> NoResultError:
    text = f"training job {job.name} is still {job.secondary_status}"
    if declared.cut_short == "timeout":
        text += f" after the timeout of {declared.bag['timeout']:g} seconds."
        if declared.stops_on_timeout:
            if not declared.owner or not belongs_to(jobs.tags(job.arn), declared.owner, declared.state):
                return NoResultError(f"{text} It was not stopped, because this stack did not start it.")
            jobs.stop(job.name)
            return NoResultError(f"{text} It was stopped because of stop_on_timeout.")
    else:
        text += f". {declared.cut_short or 'It was not awaited.'}"
    kept = "It keeps running" if declared.by_name else "It keeps running and stays in the state"
    return NoResultError(f"{text} {kept}; the next `up` continues to wait.")
