"""How the AWS settings reach boto3: credentials, assumed roles, endpoints, proxies, certificates."""

# pyright: reportPrivateUsage=false
# What is sent depends on how a client is made, which no caller sees.

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pulumi_aws.provider import ProviderArgs
from pydantic.alias_generators import to_camel

from sagemaker_constructs.aws.clients import AwsClients
from sagemaker_constructs.aws.errors import ReconcileError, ServiceError
from sagemaker_constructs.aws.settings import NO_EFFECT, AwsSettings, aws_settings, provider_settings, stored_settings
from sagemaker_constructs.aws.training_jobs import AwsTrainingJobs
from tests.samples import REGION

if TYPE_CHECKING:
    from tests.local_aws import LocalAws

KEYS = {"accessKey": "key", "secretKey": "secret"}
WEB_IDENTITY = {"roleArn": "arn:aws:iam::111111111111:role/web", "webIdentityToken": "token"}


def client(service: str = "sagemaker", **settings: Any) -> Any:
    """The client of a service, made by these settings of a provider."""
    return AwsClients(provider_settings("aws", {**KEYS, **settings}), REGION).client(service)


def test_every_setting_of_pulumi_aws_is_followed_or_has_no_effect_here() -> None:
    """A setting that pulumi-aws gains needs a field of `AwsSettings` or a row in `NO_EFFECT`, and one in the guide."""
    theirs = {to_camel(name) for name in inspect.signature(ProviderArgs).parameters}
    ours = {field.alias for field in AwsSettings.model_fields.values()}
    assert theirs - NO_EFFECT == ours
    guide = Path("docs/accounts-and-regions.md").read_text()
    assert [name for name in theirs if f"`{name}`" not in guide] == []


def test_an_input_that_is_not_understood_is_an_error() -> None:
    """It may decide account or route."""
    with pytest.raises(ReconcileError, match=r"^aws.Provider 'us': sessionBroker may decide account or route"):
        provider_settings("us", {"region": "us-east-1", "sessionBroker": "x", "version": "7.51.1"})


def test_a_wrong_input_of_a_provider_is_named_without_its_value() -> None:
    """With the provider's name."""
    with pytest.raises(ReconcileError, match=r"^aws.Provider 'us': maxRetries: .*correct the provider's arg") as caught:
        provider_settings("us", {"maxRetries": "hidden"})
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"noProxy": "localhost"}, "noProxy: is not supported: set HTTPS_PROXY and NO_PROXY"),
        ({"sharedConfigFiles": '["a", "b"]'}, "sharedConfigFiles: more than one file is not supported"),
        (
            {"assumeRoleWithWebIdentity": '{"roleArn": "arn:aws:iam::111111111111:role/web"}'},
            "assumeRoleWithWebIdentity: requires either webIdentityToken or webIdentityTokenFile",
        ),
    ],
)
def test_what_cannot_be_followed_is_refused_with_the_way_out(inputs: dict[str, str], says: str) -> None:
    """Not dropped in silence."""
    with pytest.raises(ReconcileError, match=says):
        provider_settings("us", inputs)


def test_stored_settings_are_read_as_they_were() -> None:
    """Secrets among them; Region and tags are properties of their own."""
    settings = provider_settings(
        "us",
        {
            **KEYS,
            "region": "us-east-1",
            "defaultTags": '{"tags": {"a": "b"}}',
            "ignoreTags": '{"keys": ["c"]}',
            "assumeRoles": '[{"roleArn": "arn:aws:iam::111111111111:role/a", "tags": {"d": "e"}}]',
            "assumeRoleWithWebIdentity": json.dumps(WEB_IDENTITY),
            "endpoints": '[{"sagemaker": "http://127.0.0.1:1"}]',
            "allowedAccountIds": '["012345678901"]',
            "maxRetries": "3",
            "useFipsEndpoint": "false",
        },
    )
    assert "us-east-1" not in settings.stored()
    elsewhere = AwsSettings().model_dump(include={"region", "default_tags", "ignore_tags"})
    assert stored_settings(settings.stored()) == settings.model_copy(
        update={name: getattr(AwsSettings(), name) for name in elsewhere}
    )


def test_equal_settings_are_stored_equally() -> None:
    """Whatever the order and the form in which they came: a difference would be an update of every job."""
    one = provider_settings("a", {"maxRetries": "3", "assumeRoles": '[{"roleArn": "r", "sessionName": "s"}]'})
    other = provider_settings("b", {"assumeRoles": [{"session_name": "s", "role_arn": "r"}], "maxRetries": 3})
    assert one.stored() == other.stored()
    assert provider_settings("c", {"region": "eu-west-1"}).stored() == "{}"


def test_a_proxy_and_certificates_are_those_of_the_settings() -> None:
    """Of every client, of STS too."""
    for service in ("sagemaker", "sts"):
        made = client(service, httpsProxy="http://127.0.0.1:3128", customCaBundle="/certificates.pem")
        assert made.meta.config.proxies == {"https": "http://127.0.0.1:3128"}
        assert made._endpoint.http_session._verify == "/certificates.pem"
    assert client(insecure="true")._endpoint.http_session._verify is False


def test_sts_has_a_region_of_its_own() -> None:
    """Everything else has the job's."""
    assert client("sts", stsRegion="us-west-2").meta.region_name == "us-west-2"
    assert client(stsRegion="us-west-2").meta.region_name == REGION


def test_addresses_of_s3_follow_the_settings() -> None:
    """Path style, for services that have no host for each bucket."""
    assert client("s3", s3UsePathStyle="true").meta.config.s3["addressing_style"] == "path"


@pytest.mark.parametrize(("service", "name"), [("logs", "cloudwatchlogs"), ("service-quotas", "servicequotas")])
def test_an_endpoint_is_found_under_the_name_that_pulumi_aws_has_for_it(service: str, name: str) -> None:
    """Which is not always that of boto3."""
    assert client(service, endpoints=f'[{{"{name}": "http://127.0.0.1:9"}}]').meta.endpoint_url == "http://127.0.0.1:9"


def test_a_profile_is_looked_up_in_the_given_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And not in those of the user."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    credentials, config = tmp_path / "credentials", tmp_path / "config"
    credentials.write_text("[team]\naws_access_key_id = of-the-file\naws_secret_access_key = x\n")
    config.write_text("[profile team]\nregion = eu-west-1\n")
    files = {"sharedCredentialsFiles": [str(credentials)], "sharedConfigFiles": [str(config)]}
    made = AwsClients(provider_settings("aws", {"profile": "team", **files}), REGION).client("sagemaker")
    assert made._request_signer._credentials.access_key == "of-the-file"


def test_the_metadata_of_an_instance_is_skipped_on_request(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Another account's credentials may be there."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    skipping = provider_settings(
        "aws", {"skipMetadataApiCheck": "true", "sharedCredentialsFiles": [str(tmp_path / "none")]}
    )
    jobs = AwsTrainingJobs(skipping, REGION)
    with pytest.raises(ServiceError, match="NoCredentials"):
        jobs.describe("nobody")
    resolver = jobs._session.get_component("credential_provider")
    assert "iam-role" not in [provider.METHOD for provider in resolver.providers]


def test_a_role_is_assumed_by_a_web_identity_before_the_others(local_aws: LocalAws, tmp_path: Path) -> None:
    """With the token itself or the file that has it; both give credentials of the role's account."""
    token = tmp_path / "token"
    token.write_text("of-the-file\n")
    by_file = {"roleArn": "arn:aws:iam::222222222222:role/web", "webIdentityTokenFile": str(token)}
    for identity, account in ((WEB_IDENTITY, "111111111111"), (by_file, "222222222222")):
        settings = local_aws.settings(
            assumeRoleWithWebIdentity=json.dumps(identity), allowedAccountIds=json.dumps([account])
        )
        assert AwsTrainingJobs(settings, REGION).describe("nobody") is None


def test_a_token_file_that_is_not_there_is_named(local_aws: LocalAws) -> None:
    """As missing credentials, which a preview survives."""
    identity = {"roleArn": "arn:aws:iam::111111111111:role/web", "webIdentityTokenFile": "/no/such/file"}
    settings = local_aws.settings(assumeRoleWithWebIdentity=json.dumps(identity))
    with pytest.raises(ServiceError, match="/no/such/file cannot be read: No such file") as caught:
        AwsTrainingJobs(settings, REGION).describe("nobody")
    assert caught.value.no_access


def test_a_stack_follows_the_same_settings() -> None:
    """Under `aws:`."""
    with pytest.raises(ReconcileError, match=r"^aws:noProxy: is not supported.*pulumi config shows"):
        aws_settings({"aws:noProxy": "localhost"}.get)
