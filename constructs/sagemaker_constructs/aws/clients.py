"""Makes boto3's clients by the stack's AWS settings, and turns their exceptions into `ServiceError`s.

Input: `AwsSettings` and a Region. Output: one client per service.
"""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, cast

from sagemaker_constructs.aws.errors import UNREADABLE, ReconcileError, ServiceError
from sagemaker_constructs.aws.responses import UnreadableResponseError, check_response, member

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from sagemaker_constructs.aws.settings import AssumeRole, AwsSettings

_ATTEMPTS = 10
"""Attempts of one call, with adaptive back-off between them: AWS starts about one training job a second."""
_TIMEOUT = 60
"""Seconds until a call without an answer fails."""
_SERVER_ERROR = 500
"""The lowest HTTP status of a failure on the side of the service."""


class AwsClients:
    """The clients of one account and Region. boto3 is imported with the first call, because most runs make none."""

    def __init__(self, settings: AwsSettings, region: str) -> None:
        self._settings = settings
        self._region = region
        self._lock = threading.Lock()
        self._session: Any = None
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        """The client of a service. Raises ServiceError where credentials are missing, or are of a wrong account."""
        with self._lock:  # clients may be shared by threads, but not made by several at once
            if service not in self._clients:
                try:
                    self._clients[service] = self._make_client(service)
                except ValueError as error:  # botocore's, of a URL
                    raise ReconcileError(f"aws:endpoints: {service}: {error}, expected a URL") from None
            return self._clients[service]

    def _make_client(self, service: str) -> Any:
        from botocore.config import Config  # noqa: PLC0415  not before it is needed

        if self._session is None:
            self._session = _session(self._settings, self._region)
        settings = self._settings
        client = self._session.client(
            service,
            endpoint_url=settings.endpoints.get(service),
            config=Config(
                retries={
                    "mode": settings.retry_mode or "adaptive",
                    "total_max_attempts": _ATTEMPTS if settings.max_retries is None else settings.max_retries + 1,
                },
                connect_timeout=_TIMEOUT,
                read_timeout=_TIMEOUT,
                max_pool_connections=64,
                use_fips_endpoint=settings.use_fips_endpoint,
                use_dualstack_endpoint=settings.use_dualstack_endpoint,
            ),
        )
        client.meta.events.register("before-parse", check_response)
        return client


class Session(Protocol):
    """A boto3 session, or what else makes clients."""

    @property
    def client(self) -> Any:
        """Makes the client of a service."""
        ...


def sagemaker_client(session: Session | None, retries: int) -> Any:
    """A SageMaker client of the user's own session.

    Args:
        session: a boto3 session. None: boto3's default session.
        retries: how often to try again after throttling or a failure of the service.
    """
    import boto3  # noqa: PLC0415  not before it is needed
    from botocore.config import Config  # noqa: PLC0415

    config = Config(retries={"mode": "standard", "total_max_attempts": 1 + retries})
    return (session or cast("Session", boto3)).client("sagemaker", config=config)


def profile_region(profile: str | None) -> str | None:
    """The Region of a profile (None: the default one) in the user's AWS configuration, where it has one."""
    from botocore.session import Session  # noqa: PLC0415  not before it is needed

    return Session(profile=profile).get_config_variable("region")


def is_known_region(region: str) -> bool:
    """Whether the installed boto3 lists SageMaker in a Region. There may be newer ones."""
    from botocore.session import Session  # noqa: PLC0415  not before it is needed

    session = Session()
    partitions = session.get_available_partitions()
    return any(region in session.get_available_regions("sagemaker", each) for each in partitions)


def _session(settings: AwsSettings, region: str) -> Any:
    """A boto3 session by the settings; allowed and forbidden accounts are checked here, before the first call."""
    import boto3  # noqa: PLC0415  not before it is needed

    def secret(value: Any) -> str | None:
        return value.get_secret_value() if value else None

    with asking("GetCallerIdentity", "the configured credentials"):
        session = boto3.Session(
            aws_access_key_id=secret(settings.access_key),
            aws_secret_access_key=secret(settings.secret_key),
            aws_session_token=secret(settings.token),
            profile_name=settings.profile,
            region_name=region or None,
        )
        for role in settings.assume_roles:
            session = _assumed(session, role, settings, region)
        if settings.allowed_account_ids or settings.forbidden_account_ids:
            sts = session.client("sts", endpoint_url=settings.endpoints.get("sts"))
            _check_account(settings, member(sts.get_caller_identity(), "Account", str))
    return session


def _assumed(session: Any, role: AssumeRole, settings: AwsSettings, region: str) -> Any:
    import boto3  # noqa: PLC0415  not before it is needed

    optional = {
        "ExternalId": role.external_id,
        "Policy": role.policy,
        "PolicyArns": [{"arn": arn} for arn in role.policy_arns],
        "SourceIdentity": role.source_identity,
        "Tags": [{"Key": key, "Value": value} for key, value in role.tags.items()],
        "TransitiveTagKeys": list(role.transitive_tag_keys),
        "DurationSeconds": _seconds(role.duration) if role.duration else None,
    }
    sts = session.client("sts", region_name=region, endpoint_url=settings.endpoints.get("sts"))
    with asking("AssumeRole", role.role_arn):
        answer = sts.assume_role(
            RoleArn=role.role_arn,
            RoleSessionName=role.session_name,
            **{name: value for name, value in optional.items() if value},
        )
        keys = member(answer, "Credentials", dict)
        return boto3.Session(
            aws_access_key_id=member(keys, "AccessKeyId", str),
            aws_secret_access_key=member(keys, "SecretAccessKey", str),
            aws_session_token=member(keys, "SessionToken", str),
            region_name=region,
        )


def _seconds(duration: str) -> int:
    units = {"h": 3600, "m": 60, "s": 1}
    return sum(int(number) * units[unit] for number, unit in re.findall(r"(\d+)([hms])", duration))


def _check_account(settings: AwsSettings, account: str) -> None:
    if account in settings.forbidden_account_ids:
        raise ServiceError(
            "GetCallerIdentity", "the stack", "ForbiddenAccount", f"aws:forbiddenAccountIds has {account}"
        )
    if settings.allowed_account_ids and account not in settings.allowed_account_ids:
        allowed = ", ".join(settings.allowed_account_ids)
        raise ServiceError(
            "GetCallerIdentity",
            "the stack",
            "ForbiddenAccount",
            f"the credentials are of account {account}, and aws:allowedAccountIds has only {allowed}",
        )


@contextmanager
def asking(operation: str, subject: str) -> Generator[None]:
    """Turn an exception of botocore, or of an answer that cannot be read, into a ServiceError: one sentence.

    The body of the statement makes the call and takes what it needs from the answer, and nothing else.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  not before it is needed
    from botocore.parsers import ResponseParserError  # noqa: PLC0415

    try:
        yield
    except ReconcileError:
        raise
    except ClientError as error:
        response = cast("dict[str, Any]", error.response)
        details, metadata = response.get("Error", {}), response.get("ResponseMetadata", {})
        raise ServiceError(
            operation,
            subject,
            str(details.get("Code") or metadata.get("HTTPStatusCode") or "Unknown"),
            str(details.get("Message") or ""),
            failed=metadata.get("HTTPStatusCode", 0) >= _SERVER_ERROR,
            retried=metadata.get("RetryAttempts", 0) > 0,
        ) from None
    except BotoCoreError as error:
        kinds = [kind.__name__ for kind in type(error).__mro__]
        code = next((_CODES[kind] for kind in kinds if kind in _CODES), kinds[0])
        raise ServiceError(operation, subject, code, " ".join(str(error).split())) from None
    except UnreadableResponseError as error:
        raise ServiceError(operation, subject, UNREADABLE, str(error)) from None
    except (ResponseParserError, AttributeError, LookupError, TypeError, ValueError) as error:  # of botocore's parsers
        said = f"received an answer that boto3 cannot parse ({type(error).__name__})"
        raise ServiceError(operation, subject, UNREADABLE, said) from error


_CODES: Mapping[str, str] = {
    "ConnectionError": "Unreachable",
    "HTTPClientError": "Unreachable",
    "CredentialRetrievalError": "NoCredentials",
    "LoginError": "NoCredentials",
    "MetadataRetrievalError": "NoCredentials",
    "NoCredentialsError": "NoCredentials",
    "PartialCredentialsError": "NoCredentials",
    "ProfileNotFound": "NoCredentials",
    "SSOError": "NoCredentials",
    "TokenRetrievalError": "NoCredentials",
}
"""Our own codes of exceptions that botocore raises before AWS has answered, by the name of the class or its base."""
