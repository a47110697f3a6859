"""ECR repositories."""

from typing import Final

from localaws.plugin.aws import Aws, found
from localaws.plugin.names import AutoName
from localaws.plugin.resource import Resource
from localaws.plugin.shapes import camel
from localaws.plugin.tags import Tags, listed, mapped
from localaws.plugin.values import Properties


def _create(aws: Aws, repository: Properties) -> str:
    encryption = [
        {
            key: value
            for key, value in {"encryptionType": each.get("encryptionType"), "kmsKey": each.get("kmsKey")}.items()
            if value
        }
        for each in repository.get("encryptionConfigurations", ())
    ]
    optional = {
        "encryptionConfiguration": encryption[0] if encryption else None,
        "imageScanningConfiguration": repository.get("imageScanningConfiguration"),
        "tags": listed(repository.get("tags")),
    }
    answer = aws.client("ecr").create_repository(
        repositoryName=repository["name"],
        imageTagMutability=repository["imageTagMutability"],
        **{key: value for key, value in optional.items() if value},
    )
    return str(answer["repository"]["repositoryName"])


def _read(aws: Aws, name: str, _repository: Properties) -> Properties | None:
    ecr = aws.client("ecr")
    if not (answer := found(ecr.describe_repositories, repositoryNames=[name])):
        return None
    repository = answer["repositories"][0]
    encryption = repository.get("encryptionConfiguration", {"encryptionType": "AES256"})
    return {
        "arn": repository["repositoryArn"],
        "encryptionConfigurations": [camel(encryption)],
        "imageScanningConfiguration": repository.get("imageScanningConfiguration"),
        "imageTagMutability": repository["imageTagMutability"],
        "name": name,
        "registryId": repository["registryId"],
        "repositoryUrl": repository["repositoryUri"],
        "tags": mapped(ecr.list_tags_for_resource(resourceArn=repository["repositoryArn"])["tags"]),
    }


def _update_mutability(aws: Aws, name: str, repository: Properties) -> None:
    aws.client("ecr").put_image_tag_mutability(repositoryName=name, imageTagMutability=repository["imageTagMutability"])


def _update_scanning(aws: Aws, name: str, repository: Properties) -> None:
    scanning = repository.get("imageScanningConfiguration", {"scanOnPush": False})
    aws.client("ecr").put_image_scanning_configuration(repositoryName=name, imageScanningConfiguration=scanning)


def _delete(aws: Aws, name: str, repository: Properties) -> None:
    aws.client("ecr").delete_repository(repositoryName=name, force=bool(repository.get("forceDelete")))


def _retag(aws: Aws, repository: Properties, tags: Tags, removed: list[str]) -> None:
    ecr = aws.client("ecr")
    if removed:
        ecr.untag_resource(resourceArn=repository["arn"], tagKeys=removed)
    if tags:
        ecr.tag_resource(resourceArn=repository["arn"], tags=listed(tags))


ROWS: Final = (
    Resource(
        type_name="aws:ecr/repository:Repository",
        create=_create,
        read=_read,
        delete=_delete,
        replaces=("encryptionConfigurations",),
        updates={"imageTagMutability": _update_mutability, "imageScanningConfiguration": _update_scanning},
        settings=("forceDelete",),
        outputs=("arn", "encryptionConfigurations", "registryId", "repositoryUrl"),
        defaults={"imageTagMutability": "MUTABLE"},
        name=AutoName(limit=256, lower=True, prefixed=False),
        patterns={"name": r"(?=.{2,256}$)([a-z0-9]+([._-][a-z0-9]+)*/)*[a-z0-9]+([._-][a-z0-9]+)*"},
        retag=_retag,
    ),
)
