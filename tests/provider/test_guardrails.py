"""What the guardrails of the project refuse before anything is made, and the costs that they read."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from pulumi import UNKNOWN
from pulumi.dynamic import Config, ConfigureRequest
from steps import Refused, marshalled

from sagemaker_constructs.aws.answers import ExistingJob
from sagemaker_constructs.aws.errors import ReconcileError
from sagemaker_constructs.aws.prices import PriceLists
from sagemaker_constructs.decision_file import DECISIONS
from sagemaker_constructs.guardrails.file import KEY
from sagemaker_constructs.providers import TrainingJobProvider
from sagemaker_constructs.reconcile.bag import Properties
from sagemaker_constructs.reconcile.compliance import Compliance
from sagemaker_constructs.reconcile.decision_record import DecisionRecord
from tests.cost.price_lists import price_list
from tests.samples import SMALL, program

if TYPE_CHECKING:
    from pathlib import Path

    from sagemaker_constructs.cost.prices import PriceList
    from sagemaker_constructs.testing import FakeTrainingJobs
    from tests.samples import Sentences

WHO = "(guardrail {} of stack; @acme/ml may change it, or waive it for model)"


class Prices(PriceLists):
    """The price list of the tests."""

    def of(self, settings: Any, region: str) -> Any:
        """The list, as of today."""
        del settings, region
        return price_list(datetime.now(UTC).date())


@pytest.fixture(autouse=True)
def _prices(monkeypatch: pytest.MonkeyPatch) -> None:
    """No other list is read."""
    monkeypatch.setattr(TrainingJobProvider, "price_lists", Prices)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a project, in which the process runs."""
    (tmp_path / "Pulumi.yaml").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def provider(project: Path | None, rules: str = "{}") -> TrainingJobProvider:
    """A provider of a project with these rules; without a project, of one without guardrails."""
    keys = {}
    if project:
        (project / "guardrails.yaml").write_text(f"owners: '@acme/ml'\nrules: {rules}\n")
        keys = {KEY: "guardrails.yaml"}
    made = TrainingJobProvider()
    made.configure(ConfigureRequest(Config(keys, "project")))
    return made


def checked(one: TrainingJobProvider, **others: Any) -> dict[str, Any]:
    """The inputs of a new job."""
    result = one.check({}, marshalled(program(**others)))
    if result.failures:
        raise Refused([each.reason for each in result.failures])
    return marshalled(result.inputs)


def refusals(one: TrainingJobProvider, **others: Any) -> list[str]:
    """Why a new job is refused."""
    with pytest.raises(Refused) as caught:
        checked(one, **others)
    return caught.value.args[0]


def test_violations_come_with_all_other_mistakes(project: Path, jobs: FakeTrainingJobs) -> None:
    """What is wrong in itself is not judged."""
    one = provider(project, "{instance_types: [ml.c5.*], require_vpc: true, max_instance_count: 1}")
    wrong = {**SMALL["resource_config"], "instance_count": -1}
    assert refusals(one, resource_config=wrong, on_delete="remove") == [
        "resource_config.instance_count: got -1, expected at least 0",
        "on_delete: got 'remove', expected one of 'stop', 'delete' or 'retain'",
        f"resource_config.instance_type: got 'ml.m5.large', expected ml.c5.* {WHO.format('instance_types')}",
        f"vpc_config: got nothing, expected a VPC {WHO.format('require_vpc')}",
    ]
    assert jobs.calls == []


def test_guardrails_are_no_input(project: Path, jobs: FakeTrainingJobs) -> None:
    """Other rules are no change of a job."""
    assert checked(provider(project, "{max_instance_count: 4}")) == checked(provider(None))
    assert jobs.named("create") == []


def test_a_job_that_exists_is_refused_too(project: Path, jobs: FakeTrainingJobs) -> None:
    """Its next run would break the rule."""
    first = provider(None)
    made = first.create(checked(first))
    result = provider(project, "{require_spot: true}").check(marshalled(made.outs or {}), marshalled(program()))
    assert len(result.failures) == 1
    assert len(jobs.named("create")) == 1


def test_the_default_tags_count(project: Path, jobs: FakeTrainingJobs) -> None:
    """As they do in the request."""
    one = provider(project, "{required_tags: [team, cost]}")
    assert checked(one, tags={"team": "a"}, default_tags={"cost": "b"})
    assert refusals(one, tags={"team": "a"}) == [
        f"tags: got no cost, expected the tags team, cost {WHO.format('required_tags')}"
    ]
    assert jobs.named("create") == []


@pytest.mark.usefixtures("jobs")
def test_a_maximum_cost_is_compared(project: Path) -> None:
    """24 hours of one ml.m5.large: 3.0763; its volume: 0.0508."""
    assert checked(provider(project, "{max_cost_per_job: 3.13}"))
    (refusal,) = refusals(provider(project, "{max_cost_per_job: 3.12}"))
    assert refusal.startswith("resource_config: got a maximum cost of $3.13, expected at most $3.12 (guardrail max_")


def test_the_cost_of_a_new_job_is_said(project: Path, jobs: FakeTrainingJobs, said: Sentences) -> None:
    """With the likely one, as soon as there was a run: 60 s of one ml.m5.large."""
    one = provider(project, "{max_cost_per_job: 4}")
    made = one.create(checked(one))
    assert said == ["costs, if it starts: at most $3.13"]
    jobs.becomes(made.id, "Completed", "Completed", BillableTimeInSeconds=60)
    said.clear()
    checked(provider(project, "{max_cost_per_job: 4}"))
    assert said[0] == "costs, if it starts: at most $3.13, probably $0.01 (median of 1 run)"


def test_what_is_not_known_yet_is_said_once_and_decided_in_up(
    project: Path, jobs: FakeTrainingJobs, said: Sentences
) -> None:
    """The engine calls `check` again when it is known."""
    one = provider(project, "{instance_types: [ml.c5.*]}")
    unknown = {**SMALL["resource_config"], "instance_type": UNKNOWN}
    for _ in range(2):
        checked(one, resource_config=unknown)
    (sentence,) = said
    assert (
        sentence == "guardrail instance_types is decided in `up` for model: resource_config.instance_type not known yet"
    )
    assert len(refusals(one)) == 1
    assert jobs.named("create") == []


def test_what_a_policy_makes_of_a_job_is_refused_before_it_starts(project: Path, jobs: FakeTrainingJobs) -> None:
    """The engine applies policies after `check`."""
    one = provider(project, "{instance_types: [ml.m5.*]}")
    changed = checked(one) | {"resource_config": {**SMALL["resource_config"], "instance_type": "ml.p4d.24xlarge"}}
    with pytest.raises(ReconcileError, match=r"resource_config.instance_type: got 'ml.p4d.24xlarge', expected ml.m5"):
        one.create(changed)
    assert jobs.named("create") == []


@pytest.mark.usefixtures("jobs")
def test_a_waiver_is_said(project: Path, said: Sentences) -> None:
    """Of each job, for everybody to see."""
    waivers = [f"{{rule: require_vpc, job: {job}, reason: a trial, until: 2999-12-31}}" for job in ("a", "b")]
    one = provider(project, f"{{require_vpc: true}}\nwaivers: [{', '.join(waivers)}]")
    for job in ("a", "b"):
        checked(one, name_prefix=job)
    assert said == [f"guardrail require_vpc is waived for {job} until 2999-12-31: a trial" for job in ("a", "b")]


@pytest.mark.usefixtures("jobs")
def test_a_wrong_file_refuses_every_job(project: Path) -> None:
    """With everything that is wrong with it: otherwise nothing would be forbidden."""
    (refusal,) = refusals(provider(project, "{max_instance_count: none, no_rule: 1}"))
    assert refusal.startswith(
        "guardrails cannot be applied: guardrails.yaml: rules.max_instance_count: got 'none', expected a whole number; "
        "rules.no_rule: there is no rule 'no_rule', expected one of instance_types, "
    )
    (project / "guardrails.yaml").unlink()
    one = TrainingJobProvider()
    one.configure(ConfigureRequest(Config({KEY: "guardrails.yaml"}, "project")))
    (refusal,) = refusals(one)
    assert "cannot be read: No such file or directory" in refusal


@pytest.mark.usefixtures("jobs")
def test_a_secret_is_not_shown(project: Path) -> None:
    """Whatever rule it breaks."""
    one = provider(project, "{images: [none]}")
    (refusal,) = refusals(one, secret_members=["algorithm_specification.training_image"])
    assert "got a secret, expected none" in refusal


def run(name: str, seconds: int, status: str = "Completed", **resources: Any) -> ExistingJob:
    """A run that ended."""
    answer = {
        "TrainingJobName": name,
        "TrainingJobStatus": status,
        "BillableTimeInSeconds": seconds,
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, **resources},
    }
    return ExistingJob(answer)


def prices(_region: str, _settings: str | None) -> PriceList:
    """The price list of the tests."""
    return price_list()


def test_the_likely_cost_is_that_of_the_same_job_on_the_same_instances() -> None:
    """Neither failed runs, nor those of other jobs, nor of other instances count."""
    digits = "0123456789ab"
    runs = [
        run(f"model-{digits}", 100),
        run(f"model-{digits}-2", 300),
        run("model-ba9876543210", 200),
        run(f"model-{digits}-3", 9000, "Failed"),
        run(f"model-b-{digits}", 9000),
        run(f"model-{digits}-4", 9000, InstanceCount=2),
        run(f"model-{digits}-5", 9000, InstanceType="ml.m5.xlarge"),
    ]
    declared = Properties(program())
    cost = Compliance(prices=prices).cost(declared, declared.members, lambda: runs)
    assert cost.likely is not None
    assert (cost.likely.billable_seconds, cost.likely.runs) == (200, 3)
    assert cost.maximum == Decimal("3.1271")


def test_without_a_region_the_cost_is_not_known_yet() -> None:
    """It has no price list."""
    declared = Properties(program(region=UNKNOWN))
    cost = Compliance(prices=prices).cost(declared, declared.members)
    assert (cost.maximum, cost.undecided) == (None, ("region",))


class TestReview:
    """What the decision file says of guardrails and costs."""

    def records(self, file: Path) -> list[DecisionRecord]:
        """The lines of the file."""
        return [DecisionRecord.model_validate_json(line) for line in file.read_text().splitlines()]

    def test_a_job_that_starts_has_its_maximum_cost(
        self, jobs: FakeTrainingJobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Also without guardrails; as the formula has it."""
        del jobs
        monkeypatch.setenv(DECISIONS, str(tmp_path / "decisions"))
        one = provider(None)
        inputs = checked(one)
        (found,) = self.records(tmp_path / "decisions")
        declared = Properties(inputs)
        cost = Compliance(prices=lambda region, settings: Prices().of(settings, region)).cost(
            declared, declared.members
        )
        assert found.maximum_cost.usd == str(cost.maximum)
        assert cost.maximum is not None
        assert cost.maximum > 0

    def test_each_violation_has_the_code_of_its_rule(
        self, jobs: FakeTrainingJobs, project: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Beside the mistakes of the request."""
        del jobs
        monkeypatch.setenv(DECISIONS, str(project / "decisions"))
        one = provider(project, "{instance_types: [ml.c5.*], max_runtime_in_seconds: 60}")
        refusals(one, on_delete="remove")
        (found,) = self.records(project / "decisions")
        assert found.decision == "refused"
        assert [each.code for each in found.findings] == [
            "request",
            "guardrail.instance_types",
            "guardrail.max_runtime_in_seconds",
        ]

    def test_guardrails_that_cannot_be_read_are_a_finding(
        self, jobs: FakeTrainingJobs, project: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """For they refuse every job."""
        del jobs
        monkeypatch.setenv(DECISIONS, str(project / "decisions"))
        refusals(provider(project, "{no_such_rule: 1}"))
        (found,) = self.records(project / "decisions")
        assert [each.code for each in found.findings] == ["guardrail.file"]
