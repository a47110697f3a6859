"""Rules about time limits, spot capacity and tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sagemaker_constructs.api.rules.rule import ALWAYS, Rule, api_reference, developer_guide

if TYPE_CHECKING:
    from sagemaker_constructs.api.rules.rule import Reader

_DAY = 24 * 60 * 60
_RUNTIME = "stopping_condition.max_runtime_in_seconds"
_WAIT = "stopping_condition.max_wait_time_in_seconds"
_SPOT = "enable_managed_spot_training"
_MOST_TAGS = 50


def _wait_below_runtime(job: Reader) -> bool:
    wait, runtime = job(_WAIT), job(_RUNTIME)
    return job(_SPOT) is True and wait < (_DAY if runtime is None else runtime)


RULES = (
    Rule(
        name="runtime-within-28-days",
        reads=(_RUNTIME,),
        expected="at most 2419200 (28 days)",
        source=api_reference("StoppingCondition"),
        broken=lambda job: job(_RUNTIME) > 28 * _DAY,
    ),
    Rule(
        name="spot-needs-wait-limit",
        reads=(_WAIT, _SPOT),
        problem="is required with enable_managed_spot_training: it limits the time of waiting and running together",
        source=developer_guide("model-managed-spot-training"),
        given=_SPOT,
        broken=lambda job: job(_SPOT) is True and job(_WAIT) is None,
    ),
    Rule(
        name="wait-not-below-runtime",
        reads=(_WAIT, _RUNTIME, _SPOT),
        expected="at least max_runtime_in_seconds (one day when absent): it limits waiting and running together",
        source=api_reference("StoppingCondition"),
        broken=_wait_below_runtime,
    ),
    Rule(
        name="wait-limit-needs-spot",
        reads=(_WAIT, _SPOT),
        problem="requires enable_managed_spot_training",
        source="the service's answer: https://github.com/Kenza-AI/sagify/issues/111",
        broken=lambda job: job(_SPOT) is not True,
    ),
    Rule(
        name="spot-wants-checkpoints",
        reads=("checkpoint_config", _SPOT),
        problem="should be set with enable_managed_spot_training: without checkpoints, an interrupted job starts "
        "over, and jobs of AWS's built-in algorithms may wait at most one hour",
        source=developer_guide("model-managed-spot-training"),
        given=_SPOT,
        broken=lambda job: job(_SPOT) is True and job("checkpoint_config") is None,
        refused=False,
    ),
    Rule(
        name="tags-at-most-50",
        reads=("tags",),
        problem="must not be more than 50, including those that the resource adds",
        source=api_reference("CreateTrainingJob"),
        given=ALWAYS,
        broken=lambda job: len(job("tags") or ()) + job.context.added_tags > _MOST_TAGS,
    ),
    Rule(
        name="tag-keys-not-reserved",
        reads=("tags[].key",),
        expected="a key that does not begin with aws:, which AWS reserves",
        source="https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html",
        broken=lambda tag: tag("key").lower().startswith("aws:"),
    ),
    Rule(
        name="tag-keys-differ",
        reads=("tags[].key",),
        expected="a key that no earlier tag has",
        source=api_reference("Tag"),
        broken=lambda tag: tag.repeats("tags", "key"),
    ),
)
