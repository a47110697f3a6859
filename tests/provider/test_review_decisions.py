"""The decision file and the approval, by the methods of the provider."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pulumi import UNKNOWN
from pulumi.dynamic import Config, ConfigureRequest
from steps import Refused, Resource, marshalled, provider

from sagemaker_constructs.aws.errors import ReconcileError
from sagemaker_constructs.aws.prices import PriceLists
from sagemaker_constructs.cost.prices import read_prices
from sagemaker_constructs.decision_file import APPROVAL, DECISIONS
from sagemaker_constructs.guardrails.file import KEY
from sagemaker_constructs.providers import TrainingFallbackProvider, TrainingJobProvider
from sagemaker_constructs.reconcile.approval import Approval
from sagemaker_constructs.reconcile.decision_record import DecisionRecord
from sagemaker_constructs.reconcile.declared_values import digests_of
from sagemaker_constructs.review.comment import comment
from sagemaker_constructs.review.environment import Environment
from sagemaker_constructs.review.events import Preview
from tests.cost.price_lists import DAY, product
from tests.samples import SMALL, program

if TYPE_CHECKING:
    from sagemaker_constructs.cost.prices import PriceList
    from sagemaker_constructs.testing import FakeTrainingJobs

DEEPER = {"hyper_parameters": {"depth": "5"}}
URN = "urn:pulumi:stack::project::pulumi-python:dynamic/sagemaker:TrainingJob::model"


RECORDED = Path(__file__).parents[1] / "review" / "recorded"


def without_names(text: str) -> str:
    """The text without the names of jobs and stacks."""
    return re.sub(r"\w+-[0-9a-f]{12}|organization/[a-z/]+", "…", text)


class File:
    """The decision file of one test, and the approval that is made of it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = folder / "decisions.jsonl"
        self._folder = folder
        self._approvals = 0
        self._monkeypatch = monkeypatch
        monkeypatch.setenv(DECISIONS, str(self.path))

    def records(self) -> list[DecisionRecord]:
        """The decisions since the last call."""
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        self.path.unlink(missing_ok=True)
        return [DecisionRecord.model_validate_json(line) for line in lines]

    def one(self) -> DecisionRecord:
        """The only decision since the last call."""
        (record,) = self.records()
        return record

    def approve(self, *records: DecisionRecord) -> str:
        """Let only what these decisions say happen; the text of the approval."""
        self._approvals += 1
        path = self._folder / f"approval-{self._approvals}.json"
        path.write_text(Approval.of(records).model_dump_json())
        self._monkeypatch.setenv(APPROVAL, str(path))
        return path.read_text()


class Prices(PriceLists):
    """The price lists of one test: without prices, until it gives some."""

    def __init__(self) -> None:
        super().__init__()
        self.usd: dict[str, str] = {}

    def of(self, settings: Any, region: str) -> PriceList:
        """The present one."""
        del settings
        products = [product(f"EU-{usage}", usd) for usage, usd in self.usd.items()]
        return read_prices(region, products, DAY).model_copy(update={"problem": "" if products else "no list"})


@pytest.fixture
def prices(monkeypatch: pytest.MonkeyPatch) -> Prices:
    """What each process reads."""
    made = Prices()
    monkeypatch.setattr(TrainingJobProvider, "price_lists", lambda: made)
    return made


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: FakeTrainingJobs, prices: Prices) -> File:
    """An empty decision file; nobody knows prices."""
    del jobs, prices
    return File(tmp_path, monkeypatch)


@pytest.fixture
def resource(file: File) -> Resource:
    """A resource that is up, with its job running."""
    made = Resource()
    made.up(program())
    file.records()
    return made


class TestDecisions:
    """What each step of the engine writes."""

    def test_a_new_job_starts(self, file: File) -> None:
        """With its name, machines, limit and inputs."""
        Resource().preview(program())
        found = file.one()
        assert (found.urn, found.decision, found.reason) == (URN, "start", "the resource is new")
        assert found.training_job_name is not None
        assert [[(each.instance_type, each.instance_count) for each in group] for group in found.machines] == [
            [("ml.m5.large", 1)]
        ]
        assert (found.max_runtime_in_seconds, found.spot) == (86400, False)
        assert found.maximum_cost.usd is None
        assert found.inputs is not None
        assert found.inputs.not_known == ()

    @pytest.mark.parametrize(
        ("resources", "machines"),
        [
            ({**SMALL["resource_config"], "instance_count": UNKNOWN}, [("ml.m5.large", None)]),
            ({**SMALL["resource_config"], "instance_type": UNKNOWN}, [("", 1)]),
            (UNKNOWN, [("", None)]),
        ],
    )
    def test_machines_that_are_not_known_yet_are_not_one(
        self, file: File, resources: Any, machines: list[tuple[str, int | None]]
    ) -> None:
        """A reviewer must not read a number that nobody knows."""
        Resource().preview(program(resource_config=resources))
        (group,) = file.one().machines
        assert [(each.instance_type, each.instance_count) for each in group] == machines

    def test_what_is_not_known_yet_is_said(self, file: File) -> None:
        """Name and inputs of a first deployment."""
        Resource().preview(program(output_data_config={"s3_output_path": UNKNOWN}, role_arn=UNKNOWN))
        found = file.one()
        assert (found.decision, found.training_job_name) == ("start", None)
        assert found.inputs is not None
        assert found.inputs.not_known == ("output_data_config.s3_output_path", "role_arn")

    def test_a_job_that_exists_is_adopted(self, resource: Resource, file: File) -> None:
        """By another stack, and again by its own after a destroy."""
        Resource().preview(program(owner="organization/project/other"))
        found = file.one()
        assert (found.decision, found.training_job_name) == ("adopt", resource.id)
        assert "organization/project/stack" in found.reason

    def test_another_model_is_another_job(self, resource: Resource, file: File) -> None:
        """One line, written when the replacement is checked, with the present job and old and new value."""
        resource.up(program(**DEEPER))
        found, removed = file.records()
        assert (found.decision, found.training_job_name) == ("restart", resource.id)
        assert found.present_job != resource.id
        assert [(each.path, each.effect, each.old, each.new) for each in found.changes] == [
            ("hyper_parameters.depth", "defines", "4", "5")
        ]
        assert "hyper_parameters.depth changed" in found.reason
        assert (removed.decision, removed.training_job_name) == ("stop", found.present_job)

    def test_back_to_an_earlier_model_starts_nothing(
        self, resource: Resource, file: File, jobs: FakeTrainingJobs
    ) -> None:
        """Its job is there."""
        first = resource.id
        jobs.becomes(first, "Completed")
        resource.up(program(**DEEPER))
        file.records()
        resource.up(program())
        found = file.records()[0]
        assert (found.decision, found.training_job_name) == ("adopt", first)

    def test_what_operates_the_run_is_recorded(self, resource: Resource, file: File) -> None:
        """No job starts for a limit."""
        resource.preview(program(stopping_condition={"max_runtime_in_seconds": 60}))
        found = file.one()
        assert (found.decision, found.max_runtime_in_seconds) == ("record", 60)
        assert found.changes[0].path == "stopping_condition.max_runtime_in_seconds"
        assert found.inputs is None

    def test_a_tag_is_changed_in_place(self, resource: Resource, file: File) -> None:
        """On the job itself."""
        resource.preview(program(tags={"team": "birds"}))
        assert file.one().decision == "update"

    def test_an_option_is_recorded(self, resource: Resource, file: File) -> None:
        """With both values."""
        resource.preview(program(on_delete="retain"))
        found = file.one()
        assert found.decision == "record"
        assert [(each.path, each.old, each.new) for each in found.changes] == [("on_delete", "'stop'", "'retain'")]

    def test_nothing_changes(self, resource: Resource, file: File) -> None:
        """And that is said of each job."""
        resource.preview(program())
        found = file.one()
        assert (found.decision, found.training_job_name, found.changes) == ("unchanged", resource.id, ())

    def test_a_failed_run_starts_again(self, resource: Resource, file: File, jobs: FakeTrainingJobs) -> None:
        """With AWS's reason and the next name."""
        first = resource.id
        jobs.becomes(first, "Failed", failure_reason="AlgorithmError: exit code 1")
        resource.up(program())
        found = file.records()[0]
        assert (found.decision, found.present_job, found.training_job_name) == ("restart", first, f"{first}-2")
        assert "AlgorithmError: exit code 1" in found.reason

    def test_each_line_has_the_prices_of_the_network(self, resource: Resource, file: File, prices: Prices) -> None:
        """Whether a job starts or not, for the network costs all the same; and no other prices."""
        prices.usd = {"Train:ml.m5.large": "0.128", "VpcEndpoint-Hours": "0.011", "NatGateway-Hours": "0.048"}
        resource.preview(program())
        found = file.one()
        assert found.decision == "unchanged"
        assert found.network_prices is not None
        assert (found.network_prices.region, found.network_prices.fetched) == ("eu-west-1", DAY)
        assert {usage: str(price.usd) for usage, price in found.network_prices.prices.items()} == {
            "VpcEndpoint-Hours": "0.011",
            "NatGateway-Hours": "0.048",
        }
        Resource().preview(program(region=UNKNOWN))
        assert file.one().network_prices is None

    def test_a_mistake_refuses(self, file: File) -> None:
        """Each is a finding."""
        wrong = program(resource_config={**SMALL["resource_config"], "volume_size_in_gb": -1}, on_delete="remove")
        with pytest.raises(Refused):
            Resource().preview(wrong)
        found = file.one()
        assert found.decision == "refused"
        assert [(each.code, each.severity) for each in found.findings] == [("request", "error")] * 2

    def test_a_name_that_is_taken_refuses(self, resource: Resource, file: File) -> None:
        """By hand: the job that has it differs."""
        Resource().preview(program(name_prefix=None, training_job_name=resource.id, **DEEPER))
        found = file.one()
        assert found.decision == "refused"
        assert "taken by a job that cannot be reused" in found.reason

    @pytest.mark.parametrize("name", ["changed", "role", "rerun", "adopted"])
    def test_the_recorded_previews_say_what_is_said_today(self, file: File, jobs: FakeTrainingJobs, name: str) -> None:
        """Otherwise `python -m bench.review_previews` records them anew."""
        recorded = DecisionRecord.model_validate_json((RECORDED / f"{name}.decisions.jsonl").read_text())
        roles = "arn:aws:iam::123456789012:role"
        declared: dict[str, Any] = {"role_arn": f"{roles}/training"}
        one = Resource()
        one.up(program(**declared))
        if name == "rerun":
            reason = recorded.reason.partition("(")[2].rpartition(")")[0]
            jobs.becomes(one.id, "Failed", failure_reason=reason)
        else:
            jobs.becomes(one.id, "Completed")
        file.records()
        if name == "adopted":
            Resource().preview(program(owner="organization/project/other", **declared))
        else:
            one.up(program(**declared | {"changed": DEEPER, "role": {"role_arn": f"{roles}/another"}}.get(name, {})))
        found = file.records()[0]
        assert (found.decision, found.changes) == (recorded.decision, recorded.changes)
        assert without_names(found.reason) == without_names(recorded.reason)

    def test_the_cost_has_its_rows(self, file: File, prices: Prices) -> None:
        """Keep-alive in rows of its own, each with SKU and date; unless a secret could be computed from them."""
        prices.usd = {"Train:ml.m5.large": "0.128", "Train:VolumeUsage.gp2": "0.154"}
        warm = program(resource_config={**program()["resource_config"], "keep_alive_period_in_seconds": 3600})
        Resource().preview(warm)
        rows = file.one().maximum_cost.rows
        assert [(each.component, each.seconds, each.usd) for each in rows if "compute" in each.component] == [
            ("compute", 86520, "3.0763"),
            ("keep-alive compute", 3600, "0.1280"),
        ]
        assert {"keep-alive storage", "storage"} < {each.component for each in rows}
        assert {(each.sku, each.effective) for each in rows} == {
            ("SKU-ml.m5.large", "2026-10-01"),
            ("SKU-VolumeUsage.gp2", "2026-10-01"),
        }
        Resource().preview({**warm, "secret_members": ["resource_config.volume_size_in_gb"]})
        assert file.one().maximum_cost.rows == ()

    def test_a_refresh_decides_nothing(self, resource: Resource, file: File) -> None:
        """It compares, too."""
        resource.refresh()
        assert file.records() == []

    def test_a_fallback_starts_on_a_condition(self, file: File) -> None:
        """Which is the run before it."""
        one = TrainingFallbackProvider()
        one.configure(provider_request())
        one.check({}, marshalled(program(after="first-run")))
        found = file.one()
        assert (found.decision, found.after) == ("start", "first-run")
        assert "only if" in found.reason

    def test_nothing_is_looked_up_without_a_file(self, jobs: FakeTrainingJobs) -> None:
        """The calls are those of before."""
        Resource().preview(program())
        assert [operation for operation, *_ in jobs.calls] == ["search"]

    def test_lines_are_valid_json_of_version_one(self, file: File) -> None:
        """One line, with a line feed at its end."""
        Resource().preview(program())
        text = file.path.read_text()
        assert text.endswith("\n")
        assert json.loads(text)["version"] == 1


def provider_request() -> Any:
    """What `configure` gets."""
    return ConfigureRequest(Config({}, "project"))


class TestApproval:
    """Only what was approved may start."""

    def test_what_was_approved_starts(self, file: File) -> None:
        """As it was previewed."""
        new = Resource()
        new.preview(program())
        file.approve(file.one())
        assert new.up(program()) == "created"

    def test_what_becomes_known_is_no_difference(self, file: File) -> None:
        """Of a first deployment."""
        new = Resource()
        new.preview(program(output_data_config={"s3_output_path": UNKNOWN}, role_arn=UNKNOWN))
        file.approve(file.one())
        assert new.up(program()) == "created"

    def test_an_adoption_that_would_be_a_start_is_refused(self, file: File, jobs: FakeTrainingJobs) -> None:
        """The job was deleted after the preview; a saved plan would not notice."""
        first = Resource()
        first.up(program())
        file.records()
        other = program(owner="organization/project/other")
        second = Resource()
        second.preview(other)
        file.approve(file.one())
        assert Resource().up(other) == "created", "while the job exists, it is adopted"
        jobs.jobs.clear()
        jobs.calls.clear()
        with pytest.raises(Refused, match="was approved to be adopted, and another would be started"):
            second.up(other)
        assert jobs.named("create") == []

    def test_create_itself_refuses(self, file: File, jobs: FakeTrainingJobs) -> None:
        """A job may disappear between `check` and `create`, and a plan skips no `create`."""
        new = Resource()
        new.preview(program())
        file.approve(file.one())
        inputs = marshalled(provider().check({}, marshalled(program())).inputs)
        file.approve()
        with pytest.raises(ReconcileError, match="is not started: no job was approved for this resource"):
            provider().create(inputs)
        assert jobs.named("create") == []

    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            ({"stopping_condition": {"max_runtime_in_seconds": 90_000}}, "members differ"),
            ({"role_arn": "arn:aws:iam::123456789012:role/other"}, "members differ"),
            (DEEPER, "was approved, not"),
            ({"declared_as": "pulumi-python:dynamic/sagemaker:TrainingJob::other"}, "no job was approved"),
            ({"owner": "organization/project/prod"}, "no job was approved"),
        ],
    )
    def test_what_differs_is_refused(
        self, file: File, jobs: FakeTrainingJobs, changed: dict[str, Any], why: str
    ) -> None:
        """The inputs, the name, the resource, the stack."""
        Resource().preview(program())
        file.approve(file.one())
        with pytest.raises(Refused, match=why):
            Resource().up(program(**changed))
        assert jobs.named("create") == []

    def test_a_cost_that_grew_is_refused(self, file: File, prices: Prices) -> None:
        """Also where it is not known any more; not where it fell."""
        prices.usd = {"Train:ml.m5.large": "0.128", "Train:VolumeUsage.gp2": "0.154"}
        Resource().preview(program())
        file.approve(file.one())
        dearer = prices.usd | {"Train:ml.m5.large": "0.129"}
        prices.usd = dearer
        with pytest.raises(Refused, match=r"at most \$3\.1511, and \$3\.1271 were approved"):
            Resource().up(program())
        prices.usd = {}
        with pytest.raises(
            Refused, match=r"not known any more \(no price for training on ml\.m5\.large in eu-west-1 \(no"
        ):
            Resource().up(program())
        prices.usd = dearer | {"Train:ml.m5.large": "0.127"}
        assert Resource().up(program()) == "created"

    def test_a_count_that_was_not_known_needs_a_guardrail(
        self, file: File, prices: Prices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Otherwise 40 machines would start where nobody has seen a number."""
        prices.usd = {"Train:ml.m5.large": "0.128", "Train:VolumeUsage.gp2": "0.154"}
        unknown = program(resource_config={**SMALL["resource_config"], "instance_count": UNKNOWN})
        forty = program(resource_config={**SMALL["resource_config"], "instance_count": 40})
        new = Resource()
        new.preview(unknown)
        record = file.one()
        file.approve(record)
        (finding,) = record.findings
        assert finding.text == (
            "what the job costs is decided in `up`: resource_config.instance_count not known yet; an approval does not "
            "start the job, for no guardrail max_cost_per_job limits that"
        )
        for known in (unknown, forty):
            with pytest.raises(Refused, match=r"not known when it was approved \(resource_config\.instance_count"):
                new.up(known)
        (tmp_path / "guardrails.yaml").write_text("{owners: us, rules: {max_cost_per_job: 200}}")
        monkeypatch.chdir(tmp_path)
        guarded = TrainingJobProvider()
        guarded.configure(ConfigureRequest(Config({KEY: "guardrails.yaml"}, "project")))
        assert not guarded.check({}, marshalled(forty)).failures
        file.records()
        guarded.check({}, marshalled(unknown))
        assert file.one().findings[0].text.endswith("; the guardrail max_cost_per_job limits that")

    def test_an_approval_is_for_one_run(self, file: File, jobs: FakeTrainingJobs) -> None:
        """When it has failed, another run is another decision, also where no name was known."""
        new = Resource()
        new.preview(program(output_data_config={"s3_output_path": UNKNOWN}))
        file.approve(file.one())
        new.up(program())
        jobs.becomes(new.id, "Failed", failure_reason="AlgorithmError")
        with pytest.raises(Refused, match=f"job {new.id} was approved, not {new.id}-2"):
            new.up(program())

    def test_unchanged_jobs_need_no_approval(self, resource: Resource, file: File) -> None:
        """Neither do changes in place."""
        file.approve()
        assert resource.up(program()) == "unchanged"
        assert resource.up(program(tags={"team": "birds"})) == "updated"
        resource.destroy()

    def test_a_replacement_that_was_not_approved_is_refused(self, resource: Resource, file: File) -> None:
        """As one that `--replace` or a trigger asks for."""
        file.approve()
        with pytest.raises(Refused, match="no job was approved"):
            resource.up(program(**DEEPER))
        with pytest.raises(Refused, match="no job was approved"):
            resource.up(program(), replace=True)

    @pytest.mark.parametrize("path", ["absent.json", ""])
    def test_without_a_readable_approval_nothing_is_approved(
        self, file: File, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, path: str
    ) -> None:
        """Neither a slip in the path nor a variable of the pipeline that is empty opens the gate."""
        del file
        monkeypatch.setenv(APPROVAL, str(tmp_path / path) if path else "")
        with pytest.raises(ReconcileError, match="so nothing is approved"):
            Resource().preview(program())

    def test_tags_are_no_inputs(self, file: File) -> None:
        """Pipelines put commits there."""
        Resource().preview(program(tags={"commit": "1"}))
        file.approve(file.one())
        assert Resource().up(program(tags={"commit": "2"})) == "created"


SECRETS = st.text(st.characters(categories=["L", "N"], max_codepoint=0x2FF), min_size=8, max_size=30).map("@{}".format)


class TestSecrets:
    """Nothing allows a secret to be read or guessed."""

    @settings(
        max_examples=20,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
    )
    @given(old=SECRETS, new=SECRETS, member=st.sampled_from(["hyper_parameters", "environment", "tags"]))
    def test_a_secret_is_in_no_line(self, file: File, jobs: FakeTrainingJobs, old: str, new: str, member: str) -> None:
        """Neither before nor after; and another secret has the same digest."""
        jobs.jobs.clear()
        jobs.tagged.clear()
        file.records()
        resource = Resource()
        marked = {"secret_members": ["tags.value" if member == "tags" else f"{member}.KEY"]}
        first = program(**{member: {"KEY": old, "other": "1"}}, **marked, name_prefix="a")
        resource.preview(first)
        digest = file.one().inputs
        resource.up(first)
        resource.preview(program(**{member: {"KEY": new, "other": "1"}}, **marked, name_prefix="a"))
        Resource().preview(program(**{member: {"KEY": new, "other": "1"}}, **marked, name_prefix="b"))
        records = file.records()
        assert all(secret not in str(record.model_dump()) for record in records for secret in (old, new))
        assert records[-1].inputs == digest
        written = comment([Environment.of("dev", Preview("succeeded"), [record]) for record in records])
        assert old not in written
        assert new not in written + Approval.of(tuple(records)).model_dump_json()

    def test_what_a_transform_has_set_is_not_shown(self, file: File) -> None:
        """Only the engine knows whether it is a secret; and it is in no digest."""
        sent = [*digests_of(program())]
        digests = set[str]()
        for value in ("correct-horse", "battery-staple"):
            changed = program(hyper_parameters={"depth": "4", "phrase": value}, declared_values=sent)
            Resource().preview(changed)
            found = file.one()
            assert value not in found.model_dump_json()
            assert found.inputs is not None
            digests.add(found.inputs.digest)
        assert len(digests) == 1

    def test_a_list_with_a_secret_below_is_not_shown(self, resource: Resource, file: File) -> None:
        """Where a list changes its length, it is one value."""
        groups = [{"instance_type": each, "instance_count": 1} for each in ("ml.c5.large", "ml.c5.xlarge")]
        before = {**SMALL["resource_config"]}
        del before["instance_type"], before["instance_count"]
        config = {**before, "instance_preferences": groups}
        changed = program(resource_config=config, secret_members=["resource_config.instance_preferences.instance_type"])
        resource.preview(changed)
        resource.up(changed)
        (found, *_) = file.records()
        shown = {each.path: each.new for each in found.changes}
        assert shown["resource_config.instance_preferences"] == "a value that is not shown"
        assert "ml.c5" not in str(found.model_dump())
