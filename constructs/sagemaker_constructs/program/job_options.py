"""Lists the options of a job for type checkers. Written by `make docs` from `reconcile/options.py`."""

from __future__ import annotations

from typing_extensions import TypedDict

from sagemaker_constructs.reconcile.options import OnDelete, OnFailure, OnMissing, Strict  # noqa: TC001  validated


class JobOptions(TypedDict, total=False):
    """Options of a `TrainingJob` or a `TrainingFallback`."""

    name_prefix: str | None
    """Prefix of the job's name. Default: the resource's name. Ignored where the spec names the job."""
    on_delete: OnDelete
    """What destroying or replacing the resource does with its job: `stop` it if it runs and keep the record, `delete`
    the record too, or `retain` it as it is. Default: 'stop'."""
    on_failure: OnFailure
    """What the next `up` does about a run that failed or was stopped: `retrain` or `keep`. Default: 'retrain'."""
    on_missing: OnMissing
    """What the next `up` does about a job that was deleted elsewhere: `keep` the resource, or `retrain`. Default:
    'keep'."""
    strict: Strict
    """True, or top-level members (a name or several): a change that does not affect the model means a new job too.
    Default: False."""
    retrain_on_new_data: bool
    """Whether other objects under the input prefixes mean a new job. At most 100,000 objects a prefix are compared.
    Default: False."""
    pin_image: bool
    """Whether another image behind the same tag means a new job. Default: False."""
