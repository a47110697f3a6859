"""Rules about Debugger, the profiler and remote debugging."""

from __future__ import annotations

from sagemaker_constructs.api.rules.rule import Rule, api_reference, developer_guide

_INTERVAL = "profiler_config.profiling_interval_in_milliseconds"
_INTERVALS = frozenset({100, 200, 500, 1000, 5000, 60000})
_REMOTE = "remote_debug_config.enable_remote_debug"
_DISABLED = "profiler_config.disable_profiler"


def _rule_names_differ(rules: str) -> Rule:
    return Rule(
        name=f"{rules.replace('_', '-')}-differ",
        reads=(f"{rules}[].rule_configuration_name",),
        expected="a name that no earlier rule has",
        source=api_reference("DebugRuleConfiguration"),
        broken=lambda rule: rule.repeats(rules, "rule_configuration_name"),
    )


RULES = (
    _rule_names_differ("debug_rule_configurations"),
    _rule_names_differ("profiler_rule_configurations"),
    Rule(
        name="profiling-interval-offered",
        reads=(_INTERVAL,),
        expected="100, 200, 500, 1000, 5000 or 60000",
        source=api_reference("ProfilerConfig"),
        broken=lambda job: job(_INTERVAL) not in _INTERVALS,
    ),
    Rule(
        name="profiler-rules-need-profiler",
        reads=("profiler_rule_configurations", _DISABLED),
        problem="cannot be combined with disable_profiler: without the profiler there is nothing to evaluate",
        source=api_reference("ProfilerConfig"),
        broken=lambda job: bool(job("profiler_rule_configurations")) and job(_DISABLED) is True,
        refused=False,
    ),
    Rule(
        name="isolation-without-remote-debug",
        reads=(_REMOTE, "enable_network_isolation"),
        problem="cannot be combined with enable_network_isolation: a container without network accepts no session",
        source=developer_guide("train-remote-debugging"),
        broken=lambda job: job(_REMOTE) is True and job("enable_network_isolation") is True,
        refused=False,
    ),
)
