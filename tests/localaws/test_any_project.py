"""A small Pulumi AWS project that has nothing to do with training, from its first `up` to its `destroy`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from localaws.trial import TRUST, Trial

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.engine

PROGRAM = f"""
import json
import pulumi
import pulumi_aws as aws

failed = aws.sqs.Queue("failed", message_retention_seconds=86400)
redrive = failed.arn.apply(lambda arn: json.dumps({{"deadLetterTargetArn": arn, "maxReceiveCount": 3}}))
work = aws.sqs.Queue("work", redrive_policy=redrive, tags={{"team": "vision"}})
done = aws.sns.Topic("done", display_name="Done")
runs = aws.dynamodb.Table(
    "runs", billing_mode="PAY_PER_REQUEST", hash_key="id", attributes=[{{"name": "id", "type": "S"}}]
)
aws.ssm.Parameter("runs", name="/runs/table", type="SecureString", value=runs.name)
role = aws.iam.Role("worker", assume_role_policy={TRUST!r})
aws.iam.InstanceProfile("worker", role=role.name)
pulumi.export("work", work.url)
"""


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """A project on an AWS of its own."""
    trial = Trial(tmp_path_factory.mktemp("project"), {"LOCALAWS_AWS_PLUGIN": "emulated"})
    yield trial
    trial.end()


def test_a_small_project_lives_and_leaves_nothing(trial: Trial) -> None:
    """Up, quiet with a refresh, usable, and gone."""
    trial.program(PROGRAM)
    trial.up()
    trial.preview("--refresh", "--expect-no-changes")
    sqs, ssm = trial.aws("sqs"), trial.aws("ssm")
    sqs.send_message(QueueUrl=trial.outputs()["work"], MessageBody="1")
    parameter = ssm.get_parameter(Name="/runs/table", WithDecryption=True)["Parameter"]
    tables = trial.aws("dynamodb").list_tables()["TableNames"]
    trial.destroy()

    assert tables == [parameter["Value"]]
    assert "QueueUrls" not in sqs.list_queues()
    assert trial.aws("dynamodb").list_tables()["TableNames"] == []
    assert trial.aws("sns").list_topics()["Topics"] == []


def test_a_type_that_is_not_supported_fails_the_preview(trial: Trial) -> None:
    """Before anything is created."""
    trial.program("import pulumi_aws as aws\naws.ec2.Instance('web', ami='ami-1', instance_type='t3.micro')\n")

    said = " ".join(trial.preview(expect=1).text.split())

    assert "aws:ec2/instance:Instance 'web': not supported by the emulated aws plugin" in said
    assert "docs/local-aws.md lists what is" in said
