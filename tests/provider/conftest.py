"""An account without jobs in the place of AWS, and what the user is told."""

from __future__ import annotations

import pytest

from sagemaker_constructs import provider_steps
from sagemaker_constructs.providers import DEBUG, TrainingJobProvider
from sagemaker_constructs.reconcile import removal, starting
from sagemaker_constructs.testing import FakeTrainingJobs
from tests.samples import Sentences


@pytest.fixture(autouse=True)
def _tracebacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stay: `configure` would cut them off in this process, and Pulumi itself reads them."""
    monkeypatch.setenv(DEBUG, "1")


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> FakeTrainingJobs:
    """The jobs that the provider finds; nobody waits for them for long."""
    fake = FakeTrainingJobs()
    monkeypatch.setattr(TrainingJobProvider, "connect", fake.connect)
    monkeypatch.setattr(removal, "PAUSE", 0)
    monkeypatch.setattr(starting, "ROLE_PAUSE", 0)
    return fake


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Sentences:
    """What the user is told."""
    sentences = Sentences()
    monkeypatch.setattr(provider_steps, "report", sentences)
    return sentences
