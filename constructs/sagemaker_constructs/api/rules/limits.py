"""Rules about time, spot capacity and tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sagemaker_constructs.api.rules.rule import Rule, api_reference, developer_guide

if TYPE_CHECKING:
    from sagemaker_constructs.api.rules.rule import Reader

_DAY = 24 * 60 * 60
_RUNTIME = "stopping_condition.max_runtime_in_seconds"
_WAIT = "stopping_condition.max_wait_time_in_seconds"
_SPOT = "enable_managed_spot_training"
_MOST_TAGS = 50


def _wait_below_runtime(job: Reader) -> bool:
    wait, runtime = job(_WAIT), job(_RUNTIME)
    return job(_SPOT) is True and wait is not None and wait < (_DAY if runtime is None else runtime)


RULES = (
    Rule(
        name="runtime-within-28-days",
        reads=(_RUNTIME,),
        says="at most 2419200 (28 days)",
        source=api_reference("StoppingCondition"),
        broken=lambda job: (job(_RUNTIME) or 0) > 28 * _DAY,
    ),
    Rule(
        name="spot-needs-wait-limit",
        reads=(_WAIT, _SPOT),
        says="a limit of waiting and running together, for enable_managed_spot_training is on",
        source=developer_guide("model-managed-spot-training"),
        broken=lambda job: job(_SPOT) is True and job(_WAIT) is None,
    ),
    Rule(
        name="wait-not-below-runtime",
        reads=(_WAIT, _RUNTIME, _SPOT),
        says="at least max_runtime_in_seconds (one day when absent): waiting and running count together",
        source=api_reference("StoppingCondition"),
        broken=_wait_below_runtime,
    ),
    Rule(
        name="wait-limit-needs-spot",
        reads=(_WAIT, _SPOT),
        says="none, or enable_managed_spot_training",
        source="the service's answer: https://github.com/Kenza-AI/sagify/issues/111",
        broken=lambda job: job(_WAIT) is not None and job(_SPOT) is not True,
    ),
    Rule(
        name="spot-wants-checkpoints",
        reads=("checkpoint_config", _SPOT),
        says="a place for checkpoints: an interrupted spot job starts over without, and AWS's own algorithms then wait "
        "at most one hour",
        source=developer_guide("model-managed-spot-training"),
        broken=lambda job: job(_SPOT) is True and job("checkpoint_config") is None,
        refused=False,
    ),
    Rule(
        name="tags-at-most-50",
        reads=("tags",),
        says="at most 50 tags, the resource's own among them",
        source=api_reference("CreateTrainingJob"),
        broken=lambda job: len(job("tags") or ()) + job.context.added_tags > _MOST_TAGS,
    ),
    Rule(
        name="tag-keys-not-reserved",
        reads=("tags[].key",),
        says="a key that does not begin with aws:, which is AWS's own",
        source="https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html",
        broken=lambda tag: tag("key").lower().startswith("aws:"),
    ),
    Rule(
        name="tag-keys-differ",
        reads=("tags[].key",),
        says="a key that no earlier tag has",
        source=api_reference("Tag"),
        broken=lambda tag: tag.repeats("tags", "key"),
    ),
)
