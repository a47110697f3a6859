"""The reference in Markdown."""

from __future__ import annotations

import pytest

from sagemaker_constructs.algorithms.xgboost import XGBOOST
from sagemaker_constructs.api.members import all_members
from sagemaker_constructs.api.reference import hyper_parameter_table, limits_text, member_table, rule_table, type_text
from sagemaker_constructs.api.rules import RULES
from sagemaker_constructs.api.spec import TrainingJobSpec

MEMBERS = dict(all_members(TrainingJobSpec))


def cells(table: str) -> list[list[str]]:
    """The cells of the table's rows, without its head."""
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()[2:]]


def test_every_member_has_a_row() -> None:
    """The table has each member once, in the order of the API, in five columns."""
    rows = cells(member_table({}))

    assert [f"`{path}`" for path in MEMBERS] == [row[0] for row in rows]
    assert {5} == {len(row) for row in rows}


def test_effect_counts_for_what_lies_below() -> None:
    """The longest path decides; members of list items are found without their brackets."""
    effects = {
        "input_data_config": "defines",
        "resource_config": "defines",
        "resource_config.volume_size_in_gb": "operates",
    }
    found = {row[0]: row[3] for row in cells(member_table(effects))}

    assert found["`input_data_config[].channel_name`"] == "defines"
    assert found["`resource_config.instance_type`"] == "defines"
    assert found["`resource_config.volume_size_in_gb`"] == "operates"
    assert found["`tags`"] == ""


@pytest.mark.parametrize(
    ("path", "kind", "limits"),
    [
        ("training_job_name", "string", "1 to 63 characters"),
        ("hyper_parameters", "mapping to string", "at most 100 pairs"),
        ("input_data_config", "list of Channel", "1 to 20 items"),
        ("tags", "list of Tag", "at most 50 items"),
        ("output_data_config", "OutputDataConfig", "required"),
        ("output_data_config.compression_type", "`GZIP` or `NONE`", ""),
        ("resource_config.keep_alive_period_in_seconds", "whole number", "0 to 21600"),
        ("stopping_condition.max_runtime_in_seconds", "whole number", "at least 1"),
        ("enable_network_isolation", "true or false", ""),
    ],
)
def test_type_and_limits(path: str, kind: str, limits: str) -> None:
    """Types and bounds read as words."""
    assert (kind, limits) == (type_text(MEMBERS[path].kind), limits_text(MEMBERS[path]))


def test_every_rule_has_a_row() -> None:
    """The table says of each rule whether it refuses or advises."""
    rows = cells(rule_table())

    assert [f"`{rule.name}`" for rule in RULES] == [row[0] for row in rows]
    assert {"refused", "advice"} == {row[3] for row in rows}


def test_every_hyperparameter_has_a_row() -> None:
    """With its alias, its range, and what it requires."""
    rows = {row[0]: row[1:] for row in cells(hyper_parameter_table())}

    assert len(rows) == len(XGBOOST.rows)
    assert rows["`eta`"] == ["`learning_rate`", "a number in [0, 1]", ""]
    assert rows["`num_round`"] == ["", "a whole number in [1, +inf), required", ""]
    assert rows["`objective`"][2] == "requires num_class for several classes"
