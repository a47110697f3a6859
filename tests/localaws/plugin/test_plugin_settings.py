"""Changed `aws:` settings of a stack, under the real engine: they count in the very `up` that finds them changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from localaws.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROGRAM = """\
import pulumi
import pulumi_aws as aws
pulumi.export("arn", aws.cloudwatch.LogGroup("log", name="trial").arn)
"""


@pytest.fixture
def trial(tmp_path: Path) -> Iterator[Trial]:
    """A deployed log group, served by the emulated plugin."""
    made = Trial(tmp_path, {"LOCALAWS_AWS_PLUGIN": "emulated"})
    made.program(PROGRAM)
    made.up()
    yield made
    made.end()


@pytest.mark.engine
def test_changed_settings_count_in_the_same_up(trial: Trial) -> None:
    """Default tags reach the resources that are there, another Region replaces them; then all is quiet."""
    trial.config("aws:defaultTags", '{"tags": {"team": "ml"}}')
    trial.up()
    arn = trial.outputs()["arn"]
    tagged = trial.aws("logs").list_tags_for_resource(resourceArn=arn)["tags"]

    trial.config("aws:region", "eu-central-1")
    previewed = trial.preview("--diff").text
    trial.up()

    assert tagged == {"team": "ml"}
    assert '~ region: "eu-west-1" => "eu-central-1"' in previewed
    assert trial.outputs()["arn"] == arn.replace("eu-west-1", "eu-central-1")
    assert trial.aws("logs").describe_log_groups()["logGroups"] == []
    trial.up("--refresh", "--expect-no-changes")
