"""Rules about those who look at a running job: Debugger, the profiler, remote sessions."""

from __future__ import annotations

from sagemaker_constructs.api.rules.rule import Rule, api_reference, developer_guide

_INTERVAL = "profiler_config.profiling_interval_in_milliseconds"
_INTERVALS = frozenset({100, 200, 500, 1000, 5000, 60000})
_REMOTE = "remote_debug_config.enable_remote_debug"


def _rule_names_differ(rules: str) -> Rule:
    return Rule(
        name=f"{rules.replace('_', '-')}-differ",
        reads=(f"{rules}[].rule_configuration_name",),
        says="a name that no earlier rule has",
        source=api_reference("DebugRuleConfiguration"),
        broken=lambda rule: rule.repeats(rules, "rule_configuration_name"),
    )


RULES = (
    _rule_names_differ("debug_rule_configurations"),
    _rule_names_differ("profiler_rule_configurations"),
    Rule(
        name="profiling-interval-offered",
        reads=(_INTERVAL,),
        says="100, 200, 500, 1000, 5000 or 60000",
        source=api_reference("ProfilerConfig"),
        broken=lambda job: job(_INTERVAL) is not None and job(_INTERVAL) not in _INTERVALS,
    ),
    Rule(
        name="profiler-rules-need-profiler",
        reads=("profiler_rule_configurations", "profiler_config.disable_profiler"),
        says="none while disable_profiler is true: there is nothing to watch",
        source=api_reference("ProfilerConfig"),
        broken=lambda job: (
            bool(job("profiler_rule_configurations")) and job("profiler_config.disable_profiler") is True
        ),
        refused=False,
    ),
    Rule(
        name="isolation-without-remote-debug",
        reads=(_REMOTE, "enable_network_isolation"),
        says="false with enable_network_isolation: no session reaches a container that has no network",
        source=developer_guide("train-remote-debugging"),
        broken=lambda job: job(_REMOTE) is True and job("enable_network_isolation") is True,
        refused=False,
    ),
)
