"""Hyperparameters of SageMaker's XGBoost: what its container refuses after paid minutes, a preview refuses."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi import UNKNOWN
from real_requests import real_requests

from sagemaker_constructs.algorithms.xgboost import ALIASES, ROWS, XGBOOST, is_of_these_tables
from sagemaker_constructs.api.hyper_parameters import hyper_parameter_mistakes
from sagemaker_constructs.api.mistakes import Mistake
from sagemaker_constructs.api.spec import TrainingJobSpec

IMAGE = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"


def job(hyper_parameters: Any, **algorithm: Any) -> dict[str, Any]:
    """The members of a job with the algorithm."""
    return {"algorithm_specification": {"training_image": IMAGE, **algorithm}, "hyper_parameters": hyper_parameters}


def sentences(**hyper_parameters: Any) -> list[str]:
    """What a preview says, beside the required hyperparameter."""
    mistakes = hyper_parameter_mistakes(job({"num_round": "10", **hyper_parameters}))
    return [str(each).removeprefix("hyper_parameters.") for each in mistakes]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("eta", "1.5", "eta: got '1.5', expected a number in [0, 1]"),
        ("learning_rate", "-1", "learning_rate: got '-1', expected a number in [0, 1]"),
        ("subsample", "0", "subsample: got '0', expected a number in (0, 1]"),
        ("max_depth", "4.0", "max_depth: got '4.0', expected a whole number in [0, +inf)"),
        ("max_depth", "deep", "max_depth: got 'deep', expected a whole number in [0, +inf)"),
        ("booster", "gbforest", "booster: got 'gbforest', expected one of gbtree, gblinear, dart"),
        ("tweedie_variance_power", "2", "tweedie_variance_power: got '2', expected a number in (1, 2)"),
        ("monotone_constraints", "(1, 2)", "monotone_constraints: got '(1, 2)', expected a number for each column in "),
        (
            "interaction_constraints",
            "[['a']]",
            "interaction_constraints: got \"[['a']]\", expected lists of columns in a list",
        ),
        ("n_estimators", "10", "n_estimators is not a hyperparameter of XGBoost"),
        ("max_dept", "10", "max_dept is not a hyperparameter of XGBoost: did you mean max_depth?"),
        ("silent", "1", "silent is not a hyperparameter of XGBoost"),
        ("objective", "multi:softprob", "objective requires num_class for several classes"),
        ("eval_metric", "auc", "eval_metric has auc, which requires a binary: or rank: objective"),
        ("eval_metric", "aft-nloglik", "eval_metric has aft-nloglik, which requires the objective survival:aft"),
        ("monotone_constraints", "(1, 0)", "monotone_constraints requires tree_method exact or hist"),
        ("interaction_constraints", "[[1, 2]]", "interaction_constraints requires tree_method exact, hist or approx"),
        ("updater", "prune,coord_descent", "updater must be one of shotgun, coord_descent with booster gblinear, and "),
        ("updater", "grow_histmaker,distcol", "updater must have one of grow_colmaker, distcol, "),
    ],
)
def test_what_the_container_refuses_is_refused(name: str, value: str, sentence: str) -> None:
    """With the name as it was given, the value, and what is expected."""
    (found,) = sentences(**{name: value})
    assert found.startswith(sentence)


@pytest.mark.parametrize(
    "hyper_parameters",
    [
        {"eta": "1", "gamma": "0", "subsample": "1", "seed": "-7", "max_depth": "0"},
        {"reg_alpha": "0.1", "reg_lambda": "1e-3", "min_split_loss": "2", "learning_rate": "0.1"},
        {"objective": "multi:softmax", "num_class": "3", "eval_metric": "merror,mlogloss"},
        {"objective": "binary:logistic", "eval_metric": "auc,error@0.3,map@ 5"},
        {"objective": "survival:aft", "eval_metric": "aft-nloglik"},
        {"tree_method": "hist", "monotone_constraints": "(1, 0, -1)", "interaction_constraints": "[[1, 2], [3]]"},
        {"booster": "gblinear", "updater": "shotgun"},
        {"process_type": "update", "updater": "refresh,prune"},
        {"_tuning_objective_metric": "validation:auc", "save_model_on_termination": "true"},
    ],
)
def test_what_the_container_accepts_is_accepted(hyper_parameters: dict[str, str]) -> None:
    """Bounds, aliases, thresholds and combinations among them."""
    assert sentences(**hyper_parameters) == []


def test_every_mistake_is_told_at_once() -> None:
    """The container tells the first."""
    mistakes = hyper_parameter_mistakes(job({"eta": "2", "max_depth": "x"}))

    assert [each.path[-1] for each in mistakes] == ["num_round", "max_depth", "eta"]
    assert mistakes[0] == Mistake(("hyper_parameters", "num_round"), problem="is required")


def test_a_spec_without_any_may_get_them_later() -> None:
    """By `model_copy`; the request of a job that starts must have them."""
    template = {"algorithm_specification": {"training_image": IMAGE}}

    assert hyper_parameter_mistakes(template, complete=False) == []
    assert [str(each) for each in hyper_parameter_mistakes(template)] == ["hyper_parameters.num_round is required"]


def test_a_value_that_is_not_known_yet_is_not_checked() -> None:
    """Neither by itself nor in a combination; its name is."""
    hyper_parameters = {"num_round": UNKNOWN, "eta": "2", "objective": UNKNOWN, "eval_metric": "auc", "depth": UNKNOWN}

    assert [each.path[-1] for each in hyper_parameter_mistakes(job(hyper_parameters))] == ["depth", "eta"]
    assert hyper_parameter_mistakes(job(UNKNOWN)) == []


@pytest.mark.parametrize(
    "members",
    [
        job({"sagemaker_program": "train.py", "layers": "4"}),
        job({"layers": "4"}, container_entrypoint=["python3", "train.py"]),
        {**job({"layers": "4"}), "environment": {"SAGEMAKER_PROGRAM": "train.py"}},
        job({"layers": "4"}, training_image=IMAGE.replace("141502667606", "123456789012")),
        job({"layers": "4"}, training_image=IMAGE.replace("sagemaker-xgboost:1.7-1", "sagemaker-scikit-learn:1.4-2")),
        job({"silent": "0"}, training_image=IMAGE.replace("1.7-1", "0.90-2-cpu-py3")),
        job({"layers": "4"}, training_image=UNKNOWN),
    ],
)
def test_only_the_algorithm_itself_is_checked(members: dict[str, Any]) -> None:
    """Neither a program in its image, nor another image, nor a version with another table."""
    assert hyper_parameter_mistakes(members) == []


@pytest.mark.parametrize("value", ["postgres://me:pass@db/mine", "AKIA" + "ABCDEFGHIJKLMNOP", "x" * 61])
def test_a_value_that_may_be_a_secret_is_not_shown(value: str) -> None:
    """It may stand behind a wrong name."""
    (mistake,) = hyper_parameter_mistakes(job({"num_round": "10", "eta": value}))
    assert mistake.got == "a value that is not shown"


@pytest.mark.parametrize("request_", real_requests())
def test_real_requests_are_accepted(request_: dict[str, Any]) -> None:
    """AWS has run them."""
    assert hyper_parameter_mistakes(TrainingJobSpec.from_request(request_).to_members()) == []


def test_a_spec_refuses_them_with_its_other_mistakes() -> None:
    """As every rule does."""
    request = {
        "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        "HyperParameters": {"num_round": "10", "eta": "2"},
        "OutputDataConfig": {"S3OutputPath": "s3://models"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
    }
    with pytest.raises(ValueError, match=r"HyperParameters\.eta: got '2', expected a number in \[0, 1\]"):
        TrainingJobSpec.from_request(request)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Missing required hyperparameter: num_round"),
        ({"num_round": "1", "depth": "1"}, "Extraneous hyperparameter found: depth"),
        ({"num_round": "x"}, "Hyperparameter num_round: could not parse value (caused by ValueError)"),
        ({"num_round": "0"}, "Hyperparameter num_round: 0 is not in [1, +inf)"),
        ({"num_round": "1", "learning_rate": "2"}, "Hyperparameter eta: 2.0 is not in [0, 1]"),
        ({"num_round": "1", "dsplit": "x"}, "Hyperparameter dsplit: x is not in ['row', 'col']"),
    ],
)
def test_a_container_says_what_awss_says(given: dict[str, str], words: str) -> None:
    """In the same words, which people search for."""
    assert XGBOOST.check(given)[1][0].words == words


def test_the_tables_are_consistent() -> None:
    """Names once, aliases of rows that there are, and the 53 of the newest version, one of an older one besides."""
    names = [row.name for row in ROWS]
    assert len(set(names)) == len(names) == 54
    assert set(ALIASES.values()) <= set(names)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("1.2-1", True),
        ("1.3-1-cpu-py3", True),
        ("3.0-5", True),
        ("1.0-1-cpu-py3", False),
        ("latest", False),
        (None, False),
    ],
)
def test_versions_before_1_2_have_other_tables(tag: str | None, expected: bool) -> None:
    """And of a tag that is no version it is not known."""
    assert is_of_these_tables(tag) is expected
