"""The models of services as botocore itself loads them, and where it looks for them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import DataNotFoundError
from botocore.loaders import Loader
from botocore.session import Session

from sagemaker_constructs.aws.service_models import ServiceModels, use_service_models

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("kind", ["service-2", "paginators-1", "endpoint-rule-set-1"])
@pytest.mark.parametrize("service", ["iam", "s3", "sagemaker", "sts"])
def test_a_model_is_that_of_botocore(service: str, kind: str) -> None:
    """With what botocore adds to it."""
    assert ServiceModels([]).load_service_model(service, kind) == Loader().load_service_model(service, kind)


def test_a_service_that_there_is_not_is_not_found() -> None:
    """As by botocore."""
    with pytest.raises(DataNotFoundError):
        ServiceModels([]).load_service_model("sage-maker", "service-2")


def test_a_folder_of_the_users_own_is_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS_DATA_PATH."""
    model = tmp_path / "private" / "2026-11-01" / "service-2.json"
    model.parent.mkdir(parents=True)
    model.write_text(json.dumps({"metadata": {"serviceId": "Private"}}))
    monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
    session = Session()
    use_service_models(session)
    loader: Any = session.get_component("data_loader")
    assert loader.load_service_model("private", "service-2") == {"metadata": {"serviceId": "Private"}}
