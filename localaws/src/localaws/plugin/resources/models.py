"""SageMaker models and endpoint configurations."""

from typing import Any, Final

from localaws.plugin.aws import Aws, found
from localaws.plugin.names import AutoName
from localaws.plugin.resource import Resource
from localaws.plugin.shapes import camel, pascal
from localaws.plugin.tags import Tags, listed, mapped
from localaws.plugin.values import Properties

NAME: Final = r"(?=.{1,63}$)[a-zA-Z0-9](-*[a-zA-Z0-9])*"
CONTAINER: Final = {
    "image": "Image",
    "mode": "Mode",
    "modelDataUrl": "ModelDataUrl",
    "modelPackageName": "ModelPackageName",
    "containerHostname": "ContainerHostname",
    "environment": "Environment",
}


def _container(container: Properties) -> Properties:
    return {member: container[key] for key, member in CONTAINER.items() if container.get(key)}


def _container_read(container: Properties) -> Properties:
    return {key: container[member] for key, member in CONTAINER.items() if container.get(member)}


def _create_model(aws: Aws, model: Properties) -> str:
    request: Properties = {
        "PrimaryContainer": _container(model["primaryContainer"]) if "primaryContainer" in model else None,
        "Containers": [_container(each) for each in model.get("containers", ())],
        "EnableNetworkIsolation": model.get("enableNetworkIsolation"),
        "Tags": listed(model.get("tags")),
    }
    if "vpcConfig" in model:
        vpc = model["vpcConfig"]
        request["VpcConfig"] = {"SecurityGroupIds": vpc["securityGroupIds"], "Subnets": vpc["subnets"]}
    aws.client("sagemaker").create_model(
        ModelName=model["name"],
        ExecutionRoleArn=model["executionRoleArn"],
        **{key: value for key, value in request.items() if value},
    )
    return str(model["name"])


def _read_model(aws: Aws, name: str, _model: Properties) -> Properties | None:
    sagemaker = aws.client("sagemaker")
    if not (model := found(sagemaker.describe_model, ModelName=name)):
        return None
    primary = model.get("PrimaryContainer")
    return {
        "arn": model["ModelArn"],
        "containers": [_container_read(each) for each in model.get("Containers", ())],
        "enableNetworkIsolation": bool(model.get("EnableNetworkIsolation")),
        "executionRoleArn": model["ExecutionRoleArn"],
        "name": name,
        "primaryContainer": _container_read(primary) if primary else None,
        "tags": mapped(sagemaker.list_tags(ResourceArn=model["ModelArn"]).get("Tags")),
        "vpcConfig": camel(model["VpcConfig"]) if model.get("VpcConfig") else None,
    }


def _delete_model(aws: Aws, name: str, _model: Properties) -> None:
    aws.client("sagemaker").delete_model(ModelName=name)


def _create_configuration(aws: Aws, configuration: Properties) -> str:
    optional = {
        "AsyncInferenceConfig": pascal(configuration.get("asyncInferenceConfig")),
        "DataCaptureConfig": pascal(configuration.get("dataCaptureConfig")),
        "KmsKeyId": configuration.get("kmsKeyArn"),
        "Tags": listed(configuration.get("tags")),
    }
    aws.client("sagemaker").create_endpoint_config(
        EndpointConfigName=configuration["name"],
        ProductionVariants=[_variant(each, n) for n, each in enumerate(configuration["productionVariants"], 1)],
        **{key: value for key, value in optional.items() if value},
    )
    return str(configuration["name"])


def _variant(variant: Properties, number: int) -> Properties:
    return pascal({"variantName": f"variant-{number}", **variant})


def _read_configuration(aws: Aws, name: str, _configuration: Properties) -> Properties | None:
    sagemaker = aws.client("sagemaker")
    if not (answer := found(sagemaker.describe_endpoint_config, EndpointConfigName=name)):
        return None
    return {
        "arn": answer["EndpointConfigArn"],
        "dataCaptureConfig": _or_none(answer.get("DataCaptureConfig")),
        "kmsKeyArn": answer.get("KmsKeyId"),
        "name": name,
        "productionVariants": [camel(each) for each in answer["ProductionVariants"]],
        "tags": mapped(sagemaker.list_tags(ResourceArn=answer["EndpointConfigArn"]).get("Tags")),
    }


def _or_none(shape: Any) -> Any:
    return camel(shape) if shape else None


def _delete_configuration(aws: Aws, name: str, _configuration: Properties) -> None:
    aws.client("sagemaker").delete_endpoint_config(EndpointConfigName=name)


def _retag(aws: Aws, properties: Properties, tags: Tags, removed: list[str]) -> None:
    sagemaker = aws.client("sagemaker")
    if removed:
        sagemaker.delete_tags(ResourceArn=properties["arn"], TagKeys=removed)
    if tags:
        sagemaker.add_tags(ResourceArn=properties["arn"], Tags=listed(tags))


ROWS: Final = (
    Resource(
        type_name="aws:sagemaker/model:Model",
        create=_create_model,
        read=_read_model,
        delete=_delete_model,
        replaces=("executionRoleArn", "primaryContainer", "containers", "enableNetworkIsolation", "vpcConfig"),
        outputs=("arn",),
        name=AutoName(limit=63, prefixed=False),
        patterns={"name": NAME},
        retag=_retag,
    ),
    Resource(
        type_name="aws:sagemaker/endpointConfiguration:EndpointConfiguration",
        create=_create_configuration,
        read=_read_configuration,
        delete=_delete_configuration,
        replaces=("productionVariants", "asyncInferenceConfig", "dataCaptureConfig", "kmsKeyArn"),
        outputs=("arn",),
        name=AutoName(limit=63),
        patterns={"name": NAME},
        retag=_retag,
    ),
)
