"""Makes the variables SM_* and the arguments of a script, as SageMaker's training toolkit 5 does. Pure.

Input: a Configuration, and what the machine has. Output: the variables, the arguments. A test compares the variables
with those of the real toolkit on the same folder.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localaws.containers.toolkit.configuration import Configuration

GROUP = "homogeneousCluster"
INFO = 20
"""The default of sagemaker_container_log_level, as Python's logging numbers it."""

DISTRIBUTIONS = (
    "sagemaker_mpi_enabled",
    "sagemaker_parameter_server_enabled",
    "sagemaker_distributed_dataparallel_enabled",
    "sagemaker_pytorch_ddp_enabled",
    "sagemaker_pytorch_xla_multi_worker_enabled",
    "sagemaker_multi_worker_mirrored_strategy_enabled",
    "sagemaker_torch_distributed_enabled",
)
"""The hyperparameters with which a framework's estimator asks for distributed training."""


@dataclass(frozen=True)
class Machine:
    """What the toolkit finds out about the machine and its process.

    Attributes:
        cpus: Processors.
        gpus: GPUs.
        job: TRAINING_JOB_NAME.
        region: The Region, if a client would find one.
    """

    cpus: int
    gpus: int = 0
    job: str | None = None
    region: str | None = None


def arguments(configuration: Configuration) -> list[str]:
    """The script's hyperparameters as a command line, in the order of their names."""
    pairs = ((option(name), argument(value)) for name, value in sorted(configuration.script.items()))
    return list(chain.from_iterable(pairs))


def option(name: str) -> str:
    """`--name`, or `-n`."""
    return f"--{name}" if len(name) > 1 else f"-{name}"


def argument(value: Any) -> str:
    """A value on the command line; a mapping as `a=1,b=2`."""
    if isinstance(value, dict):
        return ",".join(f"{key}={item}" for key, item in sorted(value.items()))
    return "" if value is None else str(value)


def service_variables(configuration: Configuration, machine: Machine) -> dict[str, str]:
    """The variables without SM_ that the toolkit sets."""
    return {
        "CURRENT_HOST": configuration.resources["current_host"],
        "SAGEMAKER_JOB_NAME": str(configuration.own.get("sagemaker_job_name", "")),
        "SAGEMAKER_REGION": str(configuration.own.get("sagemaker_region", machine.region) or ""),
    }


def variables(configuration: Configuration, machine: Machine) -> dict[str, str]:
    """Every variable SM_*."""
    told = description(configuration, machine)
    shown = {name: told[name] for name in told if name not in HIDDEN} | {
        "channels": sorted(told["channel_input_dirs"]),
        "hps": told["hyperparameters"],
        "framework_params": told["additional_framework_parameters"],
        "user_args": arguments(configuration),
        "training_env": told,
        **({"topology": told["topology"]} if told["topology"] else {}),
        **{f"channel_{name}": path for name, path in told["channel_input_dirs"].items()},
        **{f"hp_{name}": value for name, value in configuration.script.items()},
    }
    return {f"SM_{name.upper()}": text(value) for name, value in shown.items()}


def text(value: Any) -> str:
    """A value as a variable: text as it is, nothing as nothing, the rest as compact JSON with sorted keys."""
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


HIDDEN = frozenset(
    {
        "additional_framework_parameters",
        "channel_input_dirs",
        "distribution_hosts",
        "hyperparameters",
        "is_master",
        "is_modelparallel_enabled",
        "is_smddpmprun_installed",
        "is_smddprun_installed",
        "job_name",
        "master_hostname",
        "topology",
    }
)
"""What is in SM_TRAINING_ENV, but is no variable by this name."""


def description(configuration: Configuration, machine: Machine) -> dict[str, Any]:
    """What SM_TRAINING_ENV tells."""
    base, resources = configuration.base, configuration.resources
    groups: list[dict[str, Any]] = resources.get("instance_groups", [])
    group = resources.get("current_group_name", GROUP)
    distributed = distribution_groups(configuration.framework, group)
    hosts = [host for one in groups if one["instance_group_name"] in distributed for host in one["hosts"]]
    master = (hosts or resources["hosts"])[0]
    program = configuration.own.get("sagemaker_program")
    return {
        "additional_framework_parameters": configuration.framework,
        "channel_input_dirs": {name: str(base / "input/data" / name) for name in configuration.channels},
        "current_host": resources["current_host"],
        "current_instance_group": group,
        "current_instance_group_hosts": next(
            (one["hosts"] for one in groups if one["instance_group_name"] == group), []
        ),
        "current_instance_type": resources.get("current_instance_type", "local"),
        "distribution_hosts": hosts if groups else list(resources["hosts"]),
        "distribution_instance_groups": distributed,
        "framework_module": None,
        "hosts": resources["hosts"],
        "hyperparameters": configuration.script,
        "input_config_dir": str(base / "input/config"),
        "input_data_config": configuration.channels,
        "input_dir": str(base / "input"),
        "instance_groups": [one["instance_group_name"] for one in groups],
        "instance_groups_dict": {one["instance_group_name"]: one for one in groups},
        "is_hetero": len(groups) > 1,
        "is_master": resources["current_host"] == master,
        "is_modelparallel_enabled": None,
        "is_smddpmprun_installed": False,
        "is_smddprun_installed": False,
        "job_name": machine.job,
        "log_level": configuration.own.get("sagemaker_container_log_level", INFO),
        "master_hostname": master,
        "model_dir": str(base / "model"),
        "module_dir": str(configuration.own.get("sagemaker_submit_directory", configuration.code)),
        "module_name": str(program).removesuffix(".py"),
        "network_interface_name": resources.get("network_interface_name", "eth0"),
        "num_cpus": machine.cpus,
        "num_gpus": machine.gpus,
        "num_neurons": 0,
        "output_data_dir": str(base / "output/data"),
        "output_dir": str(base / "output"),
        "output_intermediate_dir": str(base / "output/intermediate"),
        "resource_config": resources,
        "topology": resources.get("topology", []),
        "user_entry_point": program,
    }


def distribution_groups(framework: Mapping[str, Any], group: str) -> list[str]:
    """The instance groups that train together: those that are named, or the present one if any distribution is on."""
    named = framework.get("sagemaker_distribution_instance_groups")
    if named is not None:
        return named
    return [group] if any(framework.get(name) for name in DISTRIBUTIONS) else []
