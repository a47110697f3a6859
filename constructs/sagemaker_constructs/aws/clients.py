"""Makes the clients of AWS's services by the stack's AWS settings, and turns their exceptions into `ServiceError`s.

Input: `AwsSettings` and a Region. Output: one client per service.
"""

from __future__ import annotations

import re
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from sagemaker_constructs.aws.errors import FORBIDDEN_ACCOUNT, UNREADABLE, ReconcileError, ServiceError
from sagemaker_constructs.aws.responses import UnreadableResponseError, check_response, member

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from pydantic import SecretStr

    from sagemaker_constructs.aws.settings import AssumeRole, AwsSettings, WebIdentity

_ATTEMPTS = 10
"""Attempts of one call, with back-off between them; `Pace` spaces those of SageMaker."""
_TIMEOUT = 60
"""Seconds until a call without an answer fails."""
_DISPENSABLE = {"pricing": (2, 5)}
"""Attempts and seconds of the services whose answer can be done without."""
_SERVER_ERROR = 500
"""The lowest HTTP status of a failure on the side of the service."""
_ENDPOINT_NAMES: Mapping[str, tuple[str, ...]] = {
    "logs": ("logs", "cloudwatchlogs", "cloudwatchlog"),
    "service-quotas": ("servicequotas",),
}
"""Names under `aws:endpoints` that differ from boto3's name of the service."""


class AwsClients:
    """The clients of one account and Region. botocore is imported with the first call: most runs make none."""

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
        if self._session is None:
            self._session = _session(self._settings, self._region)
        region = self._settings.sts_region if service == "sts" else None
        return _client(self._session, self._settings, service, region or self._region)


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


def _client(session: Any, settings: AwsSettings, service: str, region: str) -> Any:
    from botocore.config import Config  # noqa: PLC0415  not before it is needed

    s3 = {
        "addressing_style": "path" if settings.s3_use_path_style else None,
        "us_east_1_regional_endpoint": settings.s3_us_east1_regional_endpoint,
    }
    proxies = {"http": settings.http_proxy, "https": settings.https_proxy}
    names = _ENDPOINT_NAMES.get(service, (service,))
    attempts, timeout = _DISPENSABLE.get(
        service, (_ATTEMPTS if settings.max_retries is None else settings.max_retries + 1, _TIMEOUT)
    )
    client = session.create_client(
        service,
        region_name=region or None,
        endpoint_url=next((settings.endpoints[name] for name in names if name in settings.endpoints), None),
        verify=False if settings.insecure else settings.custom_ca_bundle,
        config=Config(
            retries={
                "mode": settings.retry_mode or "standard",
                "total_max_attempts": attempts,
            },
            connect_timeout=timeout,
            read_timeout=timeout,
            max_pool_connections=64,
            use_fips_endpoint=settings.use_fips_endpoint,
            use_dualstack_endpoint=settings.use_dualstack_endpoint,
            proxies={scheme: url for scheme, url in proxies.items() if url} or None,
            s3=cast("Any", {name: value for name, value in s3.items() if value} or None),
        ),
    )
    client.meta.events.register("before-parse", check_response)
    return client


def _session(settings: AwsSettings, region: str) -> Any:
    """A session by the settings; allowed and forbidden accounts are checked here, before the first call."""
    with asking("GetCallerIdentity", "the configured credentials"):
        session = _configured_session(settings, region)
        if settings.assume_role_with_web_identity:
            session = _assumed_by_token(session, settings.assume_role_with_web_identity, settings, region)
        for role in settings.assume_roles:
            session = _assumed(session, role, settings, region)
        if settings.allowed_account_ids or settings.forbidden_account_ids:
            sts = _client(session, settings, "sts", settings.sts_region or region)
            _check_account(settings, member(sts.get_caller_identity(), "Account", str))
    return session


def _configured_session(settings: AwsSettings, region: str) -> Any:
    """With the credentials of the settings, and where botocore looks for those that they do not contain."""
    variables = {
        "config_file": next(iter(settings.shared_config_files), None),
        "credentials_file": next(iter(settings.shared_credentials_files), None),
        "ec2_metadata_service_endpoint": settings.ec2_metadata_service_endpoint,
        "ec2_metadata_service_endpoint_mode": settings.ec2_metadata_service_endpoint_mode,
    }
    session = _new_session(region, variables, settings.profile)
    keys = tuple(map(_plain, (settings.access_key, settings.secret_key, settings.token)))
    if any(keys):
        session.set_credentials(*keys)
    if settings.skip_metadata_api_check:
        session.get_component("credential_provider").remove("iam-role")
    return session


def _new_session(region: str, variables: Mapping[str, str | None], profile: str | None = None) -> Any:
    """A session of botocore: boto3's would only load more."""
    from botocore.session import Session  # noqa: PLC0415  not before it is needed

    from sagemaker_constructs.aws.service_models import use_service_models  # noqa: PLC0415

    session = Session(profile=profile)
    for name, value in {"region": region, **variables}.items():
        if value:
            session.set_config_variable(name, value)
    use_service_models(session)
    return session


def _assumed(session: Any, role: AssumeRole, settings: AwsSettings, region: str) -> Any:
    optional = {
        "ExternalId": role.external_id,
        "SourceIdentity": role.source_identity,
        "Tags": [{"Key": key, "Value": value} for key, value in role.tags.items()],
        "TransitiveTagKeys": list(role.transitive_tag_keys),
        **_session_limits(role),
    }
    sts = _client(session, settings, "sts", settings.sts_region or region)
    with asking("AssumeRole", role.role_arn):
        answer = sts.assume_role(
            RoleArn=role.role_arn,
            RoleSessionName=role.session_name,
            **{name: value for name, value in optional.items() if value},
        )
        return _session_of(member(answer, "Credentials", dict), region)


def _assumed_by_token(session: Any, role: WebIdentity, settings: AwsSettings, region: str) -> Any:
    sts = _client(session, settings, "sts", settings.sts_region or region)
    with asking("AssumeRoleWithWebIdentity", role.role_arn):
        answer = sts.assume_role_with_web_identity(
            RoleArn=role.role_arn,
            RoleSessionName=role.session_name,
            WebIdentityToken=_web_identity_token(role),
            **{name: value for name, value in _session_limits(role).items() if value},
        )
        return _session_of(member(answer, "Credentials", dict), region)


def _web_identity_token(role: WebIdentity) -> str:
    if role.web_identity_token_file is None:
        return _plain(role.web_identity_token) or ""
    try:
        return Path(role.web_identity_token_file).expanduser().read_text().strip()
    except OSError as error:
        said = f"{role.web_identity_token_file} cannot be read: {error.strerror}"
        raise ServiceError("AssumeRoleWithWebIdentity", role.role_arn, "NoCredentials", said) from None


def _session_limits(role: AssumeRole | WebIdentity) -> dict[str, Any]:
    """What both ways to assume a role take."""
    return {
        "Policy": role.policy,
        "PolicyArns": [{"arn": arn} for arn in role.policy_arns],
        "DurationSeconds": _seconds(role.duration) if role.duration else None,
    }


def _session_of(keys: Mapping[str, Any], region: str) -> Any:
    session = _new_session(region, {})
    session.set_credentials(*(member(keys, name, str) for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")))
    return session


def _plain(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


def _seconds(duration: str) -> int:
    units = {"h": 3600, "m": 60, "s": 1}
    return sum(int(number) * units[unit] for number, unit in re.findall(r"(\d+)([hms])", duration))


def _check_account(settings: AwsSettings, account: str) -> None:
    if account in settings.forbidden_account_ids:
        raise ServiceError(
            "GetCallerIdentity", "the stack", FORBIDDEN_ACCOUNT, f"aws:forbiddenAccountIds has {account}"
        )
    if settings.allowed_account_ids and account not in settings.allowed_account_ids:
        allowed = ", ".join(settings.allowed_account_ids)
        raise ServiceError(
            "GetCallerIdentity",
            "the stack",
            FORBIDDEN_ACCOUNT,
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
