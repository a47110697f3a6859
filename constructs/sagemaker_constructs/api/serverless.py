"""Training without machines of one's own: a base model, a technique, and the package that comes out."""

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
    """Customisation or evaluation of a base model on capacity that SageMaker chooses."""

    base_model_arn: Input[BaseModelArn]
    """A model of the public hub; SageMaker takes its newest version."""
    accept_eula: Input[bool] | None = None
    """True accepts the model's end-user licence agreement."""
    job_type: Input[Literal["FineTuning", "Evaluation"]]
    """Customise the model, or measure it."""
    customization_technique: Input[Literal["SFT", "DPO", "RLVR", "RLAIF"]] | None = None
    """How the model is customised: supervised, by preferences, or by rewards."""
    peft: Input[Literal["LORA"]] | None = None
    """Train few parameters instead of all."""
    evaluation_type: Input[Literal["LLMAJEvaluation", "CustomScorerEvaluation", "BenchmarkEvaluation"]] | None = None
    """How the model is measured; required when `job_type` is `Evaluation`."""
    evaluator_arn: Input[EvaluatorArn] | None = None
    """Evaluator that serves as reward function or reward prompt."""
    sequence_length: Input[SequenceLength] | None = None
    """Longest sequence in thousands of tokens, from `1K` to `1024K`."""


class ModelPackageConfig(Shape):
    """The model package that a serverless job makes."""

    model_package_group_arn: Input[ModelPackageGroupArn]
    """Group that the new package joins."""
    source_model_package_arn: Input[ModelPackageArn] | None = None
    """Package to go on from, or to evaluate."""
