"""The names of members in Python and in the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pytest
from pulumi import Output
from service_model import FULL_REQUESTS, Request

from sagemaker_constructs.api.members import all_members
from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.api.wire import member_name, members_form, wire_form, wire_name, wire_path

if TYPE_CHECKING:
    from sagemaker_constructs.api.tree import Path


@pytest.mark.parametrize(
    ("path", "wire"),
    [
        (("resource_config", "volume_size_in_gb"), ("ResourceConfig", "VolumeSizeInGB")),
        (("input_data_config", 0, "data_source"), ("InputDataConfig", 0, "DataSource")),
        (("hyper_parameters", "max_depth"), ("HyperParameters", "max_depth")),
    ],
)
def test_wire_path(path: Path, wire: Path) -> None:
    """Members get the API's names, the user's keys stay."""
    assert wire == wire_path(path)


def test_every_name_has_one_translation() -> None:
    """The shapes' aliases, and back."""
    for _, member in all_members(TrainingJobSpec):
        assert member.wire_name == wire_name(member.name)
        assert member.name == member_name(member.wire_name)


@pytest.mark.parametrize("request_", FULL_REQUESTS, ids=["machines", "groups", "preferences", "warm", "serverless"])
def test_validated_members_need_no_shape_to_be_sent(request_: Request) -> None:
    """What was validated is only named otherwise, in both directions."""
    members = TrainingJobSpec.from_request(request_).to_members()

    assert request_ == wire_form(members)
    assert members == members_form(request_)


def test_the_wire_form_shares_nothing_with_the_members() -> None:
    """A request may be changed before it is sent."""
    members = {"environment": {"A": "1"}, "vpc_config": {"subnets": ["subnet-1"]}}
    wire = wire_form(members)
    wire["Environment"]["A"] = wire["VpcConfig"]["Subnets"][0] = "changed"

    assert members == {"environment": {"A": "1"}, "vpc_config": {"subnets": ["subnet-1"]}}


@pulumi.runtime.test
def test_members_within_outputs_are_renamed() -> Output[None]:
    """And the user's keys within them are not."""
    wire = wire_form(
        {"vpc_config": Output.from_input({"subnets": []}), "environment": Output.from_input({"my_key": "1"})}
    )

    def check(sent: object) -> None:
        assert sent == [{"Subnets": []}, {"my_key": "1"}]

    return Output.all(wire["VpcConfig"], wire["Environment"]).apply(check)
