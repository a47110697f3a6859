"""Reads the provider's configuration and creates its boto3 clients, one for each service and Region."""

import json
import os
import threading
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from sagemaker_constructs.addresses.arns import Arn
from sagemaker_constructs.addresses.partitions import PARTITIONS, Partition, partition_of

from . import sdk_version
from .errors import RefusedError, is_missing
from .values import Properties, contains_unknown

RETRIES = 4
"""Attempts after the first, unless `aws:maxRetries` says otherwise: a local server answers at once or not at all."""
REGION_VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION")
ENDPOINT_NAMES = {"logs": ("logs", "cloudwatchlogs", "cloudwatchlog")}
"""Names under `aws:endpoints` that differ from boto3's name of the service."""
AWS_DOMAINS = tuple(f".{domain}" for each in PARTITIONS for domain in (each.dns_suffix, each.dual_stack))
"""What the hosts of AWS end in."""


@dataclass(frozen=True)
class Configuration:
    """The `aws:` settings that the plugin honours; every other official setting is accepted and ignored.

    Attributes:
        settings: The provider's inputs, decoded: nested values are dictionaries and lists.
    """

    settings: Properties = field(default_factory=dict)

    @classmethod
    def of(cls, inputs: Properties) -> "Configuration":
        """Parse provider inputs, in which the engine writes everything that is not a string as JSON."""
        parsed = {key: _parsed(value) for key, value in inputs.items() if not key.startswith("__")}
        return cls({key: value for key, value in parsed.items() if not contains_unknown(value)})

    @property
    def region(self) -> str | None:
        """The default region: of the settings, else of the environment."""
        return self.settings.get("region") or next(filter(None, map(os.environ.get, REGION_VARIABLES)), None)

    @property
    def default_tags(self) -> dict[str, str]:
        """Tags that every resource gets (`aws:defaultTags`)."""
        return dict(self.settings.get("defaultTags", {}).get("tags", {}))

    def endpoint(self, service: str) -> str | None:
        """The service's address under `aws:endpoints`; without one, AWS_ENDPOINT_URL counts."""
        names = ENDPOINT_NAMES.get(service, (service,))
        entries: list[Properties] = self.settings.get("endpoints", [])
        return next((entry[name] for entry in entries for name in names if entry.get(name)), None)


class Session:
    """Clients for one configuration, made on first use and shared by all requests."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()

    def region(self, name: str | None = None) -> "Aws":
        """AWS as seen from a region.

        Raises:
            RefusedError: No region is given and none is configured.
        """
        region = name or self.configuration.region
        if not region:
            raise RefusedError("no AWS region: run `pulumi config set aws:region …` or set AWS_REGION")
        return Aws(self, region)

    def client(self, service: str, region: str) -> Any:
        """The boto3 client of a service in a region."""
        with self._lock:
            if (service, region) not in self._clients:
                self._clients[service, region] = self._new_client(service, region)
            return self._clients[service, region]

    @cached_property
    def account(self) -> str:
        """The number of the account that the credentials belong to."""
        return str(self.region().client("sts").get_caller_identity()["Account"])

    def check_account(self) -> None:
        """Compare the account with `allowedAccountIds` and `forbiddenAccountIds`, if the settings have them.

        Raises:
            RefusedError: The account is not one that the stack may touch.
        """
        allowed = list(map(str, self.configuration.settings.get("allowedAccountIds", [])))
        forbidden = list(map(str, self.configuration.settings.get("forbiddenAccountIds", [])))
        if allowed and self.account not in allowed:
            raise RefusedError(f"the credentials belong to account {self.account}; allowed are {', '.join(allowed)}")
        if forbidden and self.account in forbidden:
            raise RefusedError(f"the credentials belong to account {self.account}, which is forbidden")

    @cached_property
    def _boto3(self) -> Any:
        import boto3  # noqa: PLC0415  a preview of known things needs no client, and should start at once

        settings = self.configuration.settings
        session = boto3.Session(
            aws_access_key_id=settings.get("accessKey"),
            aws_secret_access_key=settings.get("secretKey"),
            aws_session_token=settings.get("token"),
            profile_name=settings.get("profile"),
        )
        for role in settings.get("assumeRoles", []):
            sts = self._client_of(session, "sts", self.region().region)
            answer = sts.assume_role(
                RoleArn=role.get("roleArn") or role["role_arn"],
                RoleSessionName=role.get("sessionName") or role.get("session_name") or "pulumi",
            )
            keys = answer["Credentials"]
            session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
        return session

    def _new_client(self, service: str, region: str) -> Any:
        return self._client_of(self._boto3, service, region)

    def _client_of(self, session: Any, service: str, region: str) -> Any:
        from botocore.config import Config  # noqa: PLC0415  as above

        settings = self.configuration.settings
        config = Config(
            max_pool_connections=64,
            retries={"total_max_attempts": int(settings.get("maxRetries", RETRIES)) + 1, "mode": "standard"},
            s3={"addressing_style": "path"},
        )
        client = session.client(
            service, region_name=region, endpoint_url=self.configuration.endpoint(service), config=config
        )
        host = urlsplit(client.meta.endpoint_url).hostname or ""
        if host.endswith(AWS_DOMAINS):
            raise RefusedError(
                f"the emulated aws plugin does not talk to {host}: set AWS_ENDPOINT_URL or aws:endpoints to a local "
                f"server, or install the official plugin with `pulumi plugin install resource aws {sdk_version()}`"
            )
        return client


@dataclass(frozen=True)
class Aws:
    """AWS as seen from one region."""

    session: Session
    region: str

    def client(self, service: str) -> Any:
        """The boto3 client of a service in this region."""
        return self.session.client(service, self.region)

    @property
    def account(self) -> str:
        """The number of the account."""
        return self.session.account

    @property
    def partition(self) -> Partition:
        """The partition that the Region is in; `aws` for a Region that fits none."""
        return partition_of(self.region) or PARTITIONS[0]

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource in this region and account."""
        return Arn(self.partition.name, service, self.region, self.account, resource).text

    def bucket_arn(self, bucket: str) -> str:
        """The ARN of a bucket in this partition."""
        return Arn(self.partition.name, "s3", "", "", bucket).text


def found(call: Any, **request: Any) -> Any:
    """The answer of a describing call, or None if AWS answers that it does not exist."""
    try:
        return call(**request)
    except Exception as error:
        if is_missing(error):
            return None
        raise


def only(items: list[Any]) -> Any:
    """The one item of a describing answer, or None if the answer is empty."""
    return items[0] if items else None


def _parsed(value: Any) -> Any:
    if not isinstance(value, str) or (value[:1] not in {"{", "["} and value not in {"true", "false"}):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
