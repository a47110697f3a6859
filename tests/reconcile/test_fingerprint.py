"""Names made of what defines a job."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi import UNKNOWN

from sagemaker_constructs.api.defaults import DEFAULTS
from sagemaker_constructs.reconcile.effects import EFFECTS, Effect
from sagemaker_constructs.reconcile.fingerprint import (
    LONGEST_NAME,
    LONGEST_PREFIX,
    candidate_names,
    fingerprint_of,
    planned_name,
)
from tests.samples import FULL, SMALL

API_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")


def turned(value: Any) -> Any:
    """The same tree with the keys of every mapping in the opposite order."""
    if isinstance(value, dict):
        return {key: turned(value[key]) for key in reversed(value)}
    return [turned(item) for item in value] if isinstance(value, list) else value


def with_written_out(path: str, value: Any) -> dict[str, Any]:
    """A job of which a member is set, in the first item of every list on the way."""
    *way, last = path.split(".")
    members: Any = {**SMALL, "environment": {"STAGE": "test"}}
    container = members
    for name in way:
        container[name] = (
            [dict(item) for item in container[name]] if name == "input_data_config" else dict(container.get(name, {}))
        )
        container = container[name][0] if name == "input_data_config" else container[name]
    container[last] = value
    return members


def test_the_fingerprint_of_a_job_never_changes() -> None:
    """An upgrade of this library that changed it would rename every job there is, and train it again."""
    assert fingerprint_of(SMALL) == "6abd13146b07"
    assert (
        fingerprint_of({**SMALL, "environment": {"STAGE": "tést"}, "tags": [{"key": "a", "value": "b"}]})
        == "6073b3449302"
    )
    assert (
        fingerprint_of({**SMALL, "stopping_condition": {"max_runtime_in_seconds": 60}}, strict=True) == "00ed993cac83"
    )


@pytest.mark.parametrize("members", FULL)
def test_the_order_of_keys_means_nothing(members: dict[str, Any]) -> None:
    """Two programs that say the same name the same job."""
    assert fingerprint_of(turned(members)) == fingerprint_of(members)


def test_the_order_of_channels_means_nothing() -> None:
    """They are told apart by their names."""
    channels = FULL[0]["input_data_config"]
    assert fingerprint_of({**FULL[0], "input_data_config": channels[::-1]}) == fingerprint_of(FULL[0])


@pytest.mark.parametrize("row", sorted(row for row, effect in EFFECTS.items() if effect is not Effect.DEFINES))
def test_what_does_not_define_the_model_is_not_in_it(row: str) -> None:
    """A job with another role, network or limit is the same job."""
    assert fingerprint_of(with_written_out(row, "another")) == fingerprint_of(with_written_out(row, "one"))


@pytest.mark.parametrize("row", sorted(row for row, effect in EFFECTS.items() if effect is Effect.OPERATES))
def test_strict_takes_in_what_operates(row: str) -> None:
    """Where such a change means a new job, the new job needs a name of its own."""
    one, another = (with_written_out(row, value) for value in ("one", "another"))
    assert fingerprint_of(one, strict=True) != fingerprint_of(another, strict=True)
    assert fingerprint_of(one, [row.split(".", maxsplit=1)[0]]) != fingerprint_of(
        another, [row.split(".", maxsplit=1)[0]]
    )
    assert fingerprint_of(one, ["tags"]) == fingerprint_of(another, ["tags"])


def test_strict_leaves_the_order_of_subnets_out() -> None:
    """It means nothing to AWS either."""
    one, other = ({**SMALL, "vpc_config": {"subnets": each}} for each in (["a", "b"], ["b", "a"]))
    assert fingerprint_of(one, strict=True) == fingerprint_of(other, strict=True)


@pytest.mark.parametrize("path", sorted(DEFAULTS))
def test_a_written_out_default_is_the_same_job(path: str) -> None:
    """Also with `strict`."""
    written = with_written_out(path, DEFAULTS[path].value)
    plain = with_written_out(path, None)
    assert fingerprint_of(written) == fingerprint_of(plain)
    assert fingerprint_of(written, strict=True) == fingerprint_of(plain, strict=True)


def test_the_name_itself_is_not_in_it() -> None:
    """A job is found again under another name."""
    assert fingerprint_of({**SMALL, "training_job_name": "a-job"}) == fingerprint_of(SMALL)


def test_an_unknown_member_that_defines_leaves_it_unknown() -> None:
    """One that operates does not."""
    assert fingerprint_of({**SMALL, "hyper_parameters": {"depth": UNKNOWN}}) is None
    assert fingerprint_of({**SMALL, "role_arn": UNKNOWN}) == fingerprint_of(SMALL)
    assert fingerprint_of({**SMALL, "role_arn": UNKNOWN}, strict=True) is None


@given(st.text(max_size=80))
def test_every_prefix_makes_names_that_the_api_takes(prefix: str) -> None:
    """Also with the longest suffix."""
    fingerprint = fingerprint_of(SMALL)
    assert fingerprint is not None
    names = list(candidate_names(planned_name(prefix, fingerprint), fingerprint))
    assert len(names) == len(set(names)) == 99
    assert [name for name in names if not API_NAME.fullmatch(name) or len(name) > LONGEST_NAME] == []


def test_a_fitting_prefix_is_kept_and_a_long_one_cut() -> None:
    """The fingerprint always stands whole at the end."""
    assert planned_name("model", "0123456789ab") == "model-0123456789ab"
    assert planned_name("my_model.v2", "0123456789ab") == "my-model-v2-0123456789ab"
    assert planned_name("m" * 80, "0123456789ab") == f"{'m' * LONGEST_PREFIX}-0123456789ab"
    assert planned_name("«»", "0123456789ab") == "0123456789ab"


def test_suffixes_count_from_two() -> None:
    """The first run has none; whoever has one already goes on from there."""
    assert list(islice(candidate_names("a-0f", "0f"), 3)) == ["a-0f", "a-0f-2", "a-0f-3"]
    assert list(islice(candidate_names("a-0f-9", "0f"), 3)) == ["a-0f-9", "a-0f-10", "a-0f-11"]
    assert list(islice(candidate_names("a-12", "12"), 2)) == ["a-12", "a-12-2"]


@pytest.mark.parametrize(
    ("secret", "same"),
    [
        (["hyper_parameters.depth"], {"hyper_parameters": {"depth": "9"}}),
        (["hyper_parameters"], {"hyper_parameters": {"depth": "9", "more": "1"}}),
        (["environment.TOKEN"], {"environment": {"TOKEN": "other"}}),
        (["input_data_config.data_source.s3_data_source.s3_uri"], {}),
    ],
)
def test_a_secret_does_not_enter_the_name(secret: list[str], same: dict[str, Any]) -> None:
    """A digest that everybody sees can be compared with those of guesses."""
    members = {**SMALL, "environment": {"TOKEN": "hidden"}}
    left_out = fingerprint_of(members, secret=secret)
    assert left_out == fingerprint_of({**members, **same}, secret=secret)
    assert left_out != fingerprint_of(members)
    assert left_out != fingerprint_of({**members, "resource_config": {"instance_count": 9}}, secret=secret)
