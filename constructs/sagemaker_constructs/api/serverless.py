"""Defines serverless jobs: the base model, the customisation technique, and the resulting model package."""

from typing import Annotated, Literal, TypeAlias

from sagemaker_constructs.api.constraints import Text
from sagemaker_constructs.api.deferred import Input
from sagemaker_constructs.api.shape import Shape

BaseModelArn: TypeAlias = Annotated[
    str,
    Text(
        1,
        2048,
        r"(arn:[a-z0-9-\.]{1,63}:sagemaker:\w+(?:-\w+)+:(\d{12}|aws):hub-content\/)"
        r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}\/Model\/[a-zA-Z0-9](-*[a-zA-Z0-9]){0,63}(\/\d{1,4}.\d{1,4}.\d{1,4})?",
    ),
]
EvaluatorArn: TypeAlias = Annotated[str, Text(pattern=r".*")]
SequenceLength: TypeAlias = Annotated[str, Text(1, 50, r"\d+K")]
ModelPackageGroupArn: TypeAlias = Annotated[
    str, Text(1, 2048, r"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]{9,16}:[0-9]{12}:model-package-group/[\S]{1,2048}")
]
ModelPackageArn: TypeAlias = Annotated[
    str, Text(1, 2048, r"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]{9,16}:[0-9]{12}:model-package/[\S]{1,2048}")
]


class ServerlessJobConfig(Shape):
    """Customisation or evaluation of a base model on instances that SageMaker chooses."""

    base_model_arn: Input[BaseModelArn]
    """ARN of a model in the public hub; SageMaker uses its newest version."""
    accept_eula: Input[bool] | None = None
    """True accepts the model's end-user licence agreement."""
    job_type: Input[Literal["FineTuning", "Evaluation"]]
    """Customise the model, or evaluate it."""
    customization_technique: Input[Literal["SFT", "DPO", "RLVR", "RLAIF"]] | None = None
    """Customisation technique: supervised, by preferences, or by rewards."""
    peft: Input[Literal["LORA"]] | None = None
    """Parameter-efficient fine-tuning, instead of training all parameters."""
    evaluation_type: Input[Literal["LLMAJEvaluation", "CustomScorerEvaluation", "BenchmarkEvaluation"]] | None = None
    """Type of evaluation; required if `job_type` is `Evaluation`."""
    evaluator_arn: Input[EvaluatorArn] | None = None
    """ARN of the evaluator that is used as reward function or reward prompt."""
    sequence_length: Input[SequenceLength] | None = None
    """Maximum sequence length in thousands of tokens, from `1K` to `1024K`."""


class ModelPackageConfig(Shape):
    """The model package that a serverless job creates."""

    model_package_group_arn: Input[ModelPackageGroupArn]
    """ARN of the group that the new package is added to."""
    source_model_package_arn: Input[ModelPackageArn] | None = None
    """ARN of the package to customise further, or to evaluate."""
