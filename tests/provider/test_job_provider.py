"""The life of a declared job, method by method."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from pulumi import UNKNOWN
from steps import Refused, Resource, marshalled, provider

from sagemaker_constructs.api.spec import TrainingJobSpec
from sagemaker_constructs.api.tag_keys import RETAIN_TAG, SETTLED_TAG
from sagemaker_constructs.aws.errors import JobConflictError, ReconcileError, ServiceError
from sagemaker_constructs.providers import TrainingJobProvider
from sagemaker_constructs.reconcile.declared_values import digests_of
from sagemaker_constructs.reconcile.job_tags import claims
from sagemaker_constructs.reconcile.options import JobOptions
from sagemaker_constructs.reconcile.unrecorded import end_unrecorded
from sagemaker_constructs.testing import FakeTrainingJobs
from tests.samples import DATA, IMAGE, OWNER, REGION, SMALL, Sentences, checked, program, state_of

if TYPE_CHECKING:
    from sagemaker_constructs.aws.settings import AwsSettings

DEEPER = {"hyper_parameters": {"depth": "5"}}
LONGER = {"stopping_condition": {"max_runtime_in_seconds": 60}}
MEMBERS = ", ".join(TrainingJobSpec.model_fields)
ANYWHERE: dict[str, Any] = {
    "algorithm_specification": {
        "training_image": "registry.example.com/train:1",
        "training_input_mode": "File",
        "training_image_config": {"training_repository_access_mode": "Vpc"},
    },
    "vpc_config": {"subnets": ["subnet-1"], "security_group_ids": ["sg-1"]},
}
"""What a job has whose image is in no Region."""
BY_HAND = {"name_prefix": None, "training_job_name": "mine"}
PLACES = ("arn", "fingerprint", "model_artifacts", "training_job_name")


@pytest.fixture
def resource(jobs: FakeTrainingJobs, said: Sentences) -> Resource:
    """A resource that is up, with its job running."""
    made = Resource()
    made.up(program())
    jobs.calls.clear()
    said.clear()
    return made


class TestCheck:
    """Valid or not, and what is planned."""

    def test_three_mistakes_are_found_at_once(self, jobs: FakeTrainingJobs) -> None:
        """Each with path, value and expectation; no property is named, for the engine would print its value."""
        wrong = program(
            resource_config={**SMALL["resource_config"], "instance_type": "m5.large", "volume_size_in_gb": -1},
            stopping_condition={"max_runtime_in_seconds": "long"},
        )
        with pytest.raises(Refused) as caught:
            Resource().up(wrong)
        failures = caught.value.args[0]
        assert {name for name, _ in failures} == {""}
        for begin in (
            "resource_config.instance_type: got 'm5.large', expected a value that matches",
            "resource_config.volume_size_in_gb: got -1, expected at least 0",
            "stopping_condition.max_runtime_in_seconds: got 'long', expected a whole number",
        ):
            assert any(reason.startswith(begin) for _, reason in failures)
        assert len(failures) == 3
        assert jobs.calls == []

    def test_a_wrong_option_is_refused(self, jobs: FakeTrainingJobs) -> None:
        """A slip in `on_delete` or `strict` would otherwise be found when it is too late."""
        with pytest.raises(Refused) as caught:
            Resource().up(program(on_delete="remove", strict=["rolearn"], region="Ireland"))
        assert caught.value.args[0] == [
            ("", "on_delete: got 'remove', expected one of 'stop', 'delete' or 'retain'"),
            ("", f"strict: got a list, expected names of members of the spec ({MEMBERS}), which 'rolearn' is not"),
            ("", "region: got 'Ireland', expected the name of an AWS Region, such as 'eu-west-1'"),
        ]
        assert jobs.calls == []

    def test_a_secret_is_not_repeated(self) -> None:
        """The engine hands secrets over as plain values; the program says which they are."""
        wrong = program(
            resource_config={**SMALL["resource_config"], "instance_type": "hidden"},
            environment={"KEY": "hidden" * 99},
            secret_members=["resource_config.instance_type"],
        )
        with pytest.raises(Refused) as caught:
            Resource().up(wrong)
        assert "hidden" not in str(caught.value)
        assert "got a secret" in str(caught.value)

    def test_a_value_that_a_transform_has_set_is_not_repeated(self) -> None:
        """It may be a secret, and nobody says so to a provider; what the program declares is shown."""
        declared = program(stopping_condition={"max_runtime_in_seconds": "long"})
        declared["declared_values"] = list(digests_of(declared))
        transformed = {**declared, "output_data_config": {**SMALL["output_data_config"], "kms_key_id": "hunter2 !"}}
        with pytest.raises(Refused) as caught:
            Resource().up(transformed)
        reasons = [reason for _, reason in caught.value.args[0]]
        assert "hunter2" not in str(reasons)
        assert any(
            each.startswith("output_data_config.kms_key_id: got a value that is not shown, for a transform has set it")
            for each in reasons
        )
        assert any(each.startswith("stopping_condition.max_runtime_in_seconds: got 'long'") for each in reasons)

    def test_the_digests_of_declared_values_are_not_recorded(self) -> None:
        """They would be a difference after each change."""
        declared = program()
        checked = provider().check({}, marshalled({**declared, "declared_values": list(digests_of(declared))}))
        assert checked.inputs == provider().check({}, marshalled(declared)).inputs

    def test_the_plan_is_the_same_again(self, resource: Resource, jobs: FakeTrainingJobs) -> None:
        """With the old inputs, for which it asks no more than `diff` asks anyway; and without them."""
        again = provider().check(resource.inputs, marshalled(program())).inputs
        assert [operation for operation, *_ in jobs.calls] == ["search"]
        anew = provider().check({}, marshalled(program())).inputs
        assert marshalled(again) == marshalled(anew) == resource.inputs

    def test_a_new_job_is_looked_for_with_one_search(self, jobs: FakeTrainingJobs) -> None:
        """Among the earlier jobs of the stack; no more is asked where none has its name."""
        one = provider()
        for depth in range(3):
            one.check({}, marshalled(program(hyper_parameters={"depth": str(depth)})))
        assert [operation for operation, *_ in jobs.calls] == ["search"]

    def test_an_earlier_job_of_the_stack_is_announced(
        self, resource: Resource, jobs: FakeTrainingJobs, said: Sentences
    ) -> None:
        """After `destroy`, the next `up` trains nothing, and the preview says so."""
        jobs.becomes(resource.id, "Completed")
        name = resource.id
        resource.destroy()
        assert resource.preview(program()) is None
        assert said == [f"job {name} already has this configuration (status Completed): it is reused, no job starts"]

    def test_the_run_after_one_that_failed_is_named(self, resource: Resource, jobs: FakeTrainingJobs) -> None:
        """Though no state has the failed one: dependents see the name and the model of the run that starts."""
        jobs.becomes(resource.id, "Failed")
        name = resource.id
        inputs = provider().check({}, marshalled(program())).inputs
        assert inputs["training_job_name"] == f"{name}-2"
        assert inputs["model_artifacts"].endswith(f"/{name}-2/output/model.tar.gz")
        assert provider().create(inputs).id == f"{name}-2"

    def test_a_new_job_is_planned_where_nobody_answers(self, jobs: FakeTrainingJobs) -> None:
        """`create` will say why; until then the first name is right."""
        jobs.fail("search", "InternalFailure", "broken", times=None)
        assert provider().check({}, marshalled(program())).inputs["training_job_name"] == checked()["training_job_name"]

    def test_numbers_are_whole_again(self) -> None:
        """The engine knows no integers."""
        inputs = provider().check({}, marshalled(program(**LONGER))).inputs
        assert inputs["resource_config"]["instance_count"] == 1
        assert type(inputs["resource_config"]["instance_count"]) is int
        assert type(inputs["stopping_condition"]["max_runtime_in_seconds"]) is int

    def test_what_is_not_known_yet_passes_through(self) -> None:
        """And what follows from it is not known either."""
        inputs = provider().check({}, program(hyper_parameters={"depth": UNKNOWN}, role_arn=UNKNOWN)).inputs
        assert {name for name in PLACES if inputs[name] is UNKNOWN} == set(PLACES)
        assert inputs["hyper_parameters"]["depth"] is UNKNOWN

    def test_an_unknown_role_leaves_the_name_known(self) -> None:
        """It does not define the model, and a preview shows the name that `up` makes."""
        inputs = provider().check({}, program(role_arn=UNKNOWN)).inputs
        assert inputs["training_job_name"] == provider().check({}, program()).inputs["training_job_name"]

    def test_an_unknown_role_leaves_the_arn_of_a_job_known(self, resource: Resource) -> None:
        """The job stays; a preview would show its ARN as one that changes."""
        resource.up(program(**ANYWHERE))
        declared = program(**ANYWHERE, role_arn=UNKNOWN)
        inputs = provider().check(resource.inputs, marshalled(declared)).inputs
        assert inputs["arn"] == resource.inputs["arn"]
        elsewhere = provider().check(resource.inputs, marshalled({**declared, "region": "us-east-1"})).inputs
        assert elsewhere["arn"] is UNKNOWN

    def test_advice_that_many_jobs_have_in_common_is_given_once(self, jobs: FakeTrainingJobs, said: Sentences) -> None:
        """On the first one's row, and not for jobs that are as they were."""
        spot = {
            "enable_managed_spot_training": True,
            "stopping_condition": {"max_runtime_in_seconds": 60, "max_wait_time_in_seconds": 60},
        }
        made = Resource()
        made.up(program(**spot, name_prefix="spot"))
        (advice,) = [each for each in said if each.startswith("advice: ")]
        said.clear()
        one = provider()
        for number in range(400):
            one.check({}, marshalled(program(**spot, declared_as=f"job::{number}")))
        one.check(made.inputs, marshalled(program(**spot, name_prefix="spot")))
        assert said == [advice]
        assert len(jobs.started) == 1
        said.clear()
        assert made.up(program(**spot, name_prefix="spot")) == "unchanged"
        assert said == []

    def test_the_planned_name_is_kept(self, resource: Resource) -> None:
        """A library that would make another name does not rename the job."""
        before = {**resource.inputs, "training_job_name": "as-it-was"}
        assert provider().check(before, marshalled(program(**LONGER))).inputs["training_job_name"] == "as-it-was"
        assert provider().check(before, marshalled(program(**DEEPER))).inputs["training_job_name"] != "as-it-was"


class TestDiff:
    """Desired, recorded, live."""

    def test_an_unchanged_declaration_needs_nothing(self, resource: Resource, said: Sentences) -> None:
        """The engine compares the inputs by itself."""
        diff = resource.preview(program())
        assert diff
        assert (diff.changes, diff.replaces, diff.delete_before_replace) == (None, [], None)
        assert said == []

    def test_a_member_that_defines_replaces_and_is_named(self, resource: Resource, said: Sentences) -> None:
        """As the property that differs, and by its path."""
        diff = resource.preview(program(**DEEPER))
        assert diff
        assert (diff.changes, diff.replaces) == (None, ["hyper_parameters"])
        assert said == [
            "the job is replaced because hyper_parameters.depth changed (4 → 5), which defines the model",
            f"job {resource.id} is stopped if it still runs, unless something else uses it",
        ]

    def test_a_member_that_operates_is_for_the_next_run(self, resource: Resource, said: Sentences) -> None:
        """With `strict` it replaces."""
        diff, strict = resource.preview(program(**LONGER)), resource.preview(program(**LONGER, strict=True))
        assert diff
        assert diff.replaces == []
        assert strict
        assert strict.replaces == ["stopping_condition"]
        member = "stopping_condition.max_runtime_in_seconds"
        assert said == [
            f"{member} does not affect the trained model; it applies to the next run",
            f"the job is replaced because {member} changed (nothing → 60), which is declared strict",
            f"job {resource.id} is stopped if it still runs, unless something else uses it",
        ]

    def test_a_live_member_is_no_reason(self, resource: Resource, said: Sentences) -> None:
        """The engine shows the update."""
        diff = resource.preview(program(tags=[{"key": "a", "value": "b"}]))
        assert diff
        assert diff.replaces == []
        assert said == []

    def test_the_role_of_a_running_job_must_stay(
        self, resource: Resource, jobs: FakeTrainingJobs, said: Sentences
    ) -> None:
        """Another one is for the next run; if this very update deletes the former, the job fails."""
        other = {"role_arn": "arn:aws:iam::123456789012:role/other"}
        resource.preview(program(**other))
        assert said[-1] == "the running job keeps its present role, and fails if that role is deleted or narrowed"
        resource.preview(program(vpc_config={"security_group_ids": ["sg-1"], "subnets": ["subnet-1"]}))
        assert said[-1].startswith("the running job stays in its present network")
        said.clear()
        jobs.becomes(resource.id, "Completed")
        resource.preview(program(**other))
        assert said == ["role_arn does not affect the trained model; it applies to the next run"]

    def test_an_unknown_member_may_replace(self, resource: Resource) -> None:
        """A preview says so rather than the contrary."""
        diff = provider().diff(resource.id, marshalled(resource.outputs), {**resource.inputs, "environment": UNKNOWN})
        assert diff.replaces == ["environment"]

    @pytest.mark.parametrize("status", ["Failed", "Stopped"])
    def test_a_run_without_success_is_repeated(
        self, resource: Resource, jobs: FakeTrainingJobs, said: Sentences, status: str
    ) -> None:
        """Under the next name, which alone differs; `on_failure` can say otherwise, and success is left alone."""
        jobs.becomes(resource.id, status, failure_reason="no memory")
        diff = resource.preview(program())
        assert diff
        assert (diff.changes, diff.replaces) == (None, ["training_job_status"])
        assert said == [
            f"the present run is {status} (no memory); a new run will start",
            f"job {resource.id} ({status}) is kept",
        ]
        inputs = provider().check(resource.inputs, marshalled(program())).inputs
        assert {name for name, value in marshalled(inputs).items() if value != resource.inputs[name]} == {
            "arn",
            "model_artifacts",
            "training_job_name",
        }
        assert inputs["training_job_name"] == f"{resource.id}-2"
        kept = resource.preview(program(on_failure="keep"))
        assert kept
        assert kept.replaces == []

    def test_a_run_that_came_to_have_another_name_keeps_its_inputs(self, jobs: FakeTrainingJobs) -> None:
        """The planned name is that of an earlier run of the stack, whose failure is no reason for a new one."""
        first, second = Resource(), Resource()
        first.up(program(declared_as="job::first"))
        jobs.becomes(first.id, "Failed")
        second.up(program(declared_as="job::first"))
        second.inputs["training_job_name"] = first.id
        assert second.id == f"{first.id}-2"
        diff = second.preview(program(declared_as="job::first"))
        assert diff
        assert diff.replaces == []
        again = provider().check(second.inputs, marshalled(program(declared_as="job::first"))).inputs
        assert again["training_job_name"] == first.id

    def test_a_run_that_its_fallback_has_replaced_keeps_its_name(
        self, resource: Resource, jobs: FakeTrainingJobs
    ) -> None:
        """It is settled: no new run is due."""
        jobs.becomes(resource.id, "Failed")
        jobs.add_tags(jobs.jobs[resource.id].arn, {SETTLED_TAG: "after-it"})
        diff = resource.preview(program())
        assert diff
        assert diff.replaces == []
        again = provider().check(resource.inputs, marshalled(program())).inputs
        assert again["training_job_name"] == resource.id

    def test_a_damaged_state_replaces_nothing(self, resource: Resource) -> None:
        """Whatever it lacks of what follows from the program and from the job."""
        for lost in ("arn", "claim", "contents", "fingerprint", "model_artifacts", "region", "training_job_status"):
            resource.outputs.pop(lost)
        diff = resource.preview(program())
        assert diff
        assert not diff.replaces

    def test_a_job_that_was_deleted_elsewhere_is_said_and_kept(
        self, resource: Resource, jobs: FakeTrainingJobs, said: Sentences
    ) -> None:
        """Never a silent retrain."""
        jobs.jobs.clear()
        jobs.tagged.clear()
        diff, retrained = resource.preview(program()), resource.preview(program(on_missing="retrain"))
        assert diff
        assert diff.replaces == []
        assert retrained
        assert retrained.replaces == ["training_job_status"]
        assert said == [
            "the job was deleted elsewhere; the resource is kept. on_missing='retrain' trains again",
            "the job was deleted elsewhere; a new run will start because on_missing='retrain'",
        ]

    @pytest.mark.parametrize("code", ["NoCredentials", "AccessDeniedException", "ExpiredTokenException", "Unreachable"])
    def test_who_may_not_look_compares_with_the_state_and_is_told_once(
        self, resource: Resource, jobs: FakeTrainingJobs, said: Sentences, code: str
    ) -> None:
        """However many jobs there are."""
        for method in ("search", "describe"):
            jobs.fail(method, code, "no", times=99)
        blind = provider()
        unchanged = resource.compared(blind, program())
        changed = resource.compared(blind, program(**DEEPER))
        assert (unchanged.replaces, changed.replaces) == ([], ["hyper_parameters"])
        assert [text for text in said if "so the recorded state is compared" in text] == said[:1]

    def test_other_errors_are_not_taken_for_blindness(self, resource: Resource, jobs: FakeTrainingJobs) -> None:
        """A wrong account ends the preview."""
        jobs.fail("search", "ForbiddenAccount", "aws:allowedAccountIds has only 1")
        with pytest.raises(ServiceError, match="allowedAccountIds"):
            resource.preview(program())

    def test_another_region_replaces(self, resource: Resource, said: Sentences) -> None:
        """A job cannot move."""
        resource.up(program(**ANYWHERE))
        diff = resource.preview(program(**ANYWHERE, region="us-east-1"))
        assert diff
        assert diff.replaces == ["region"]
        assert "the job is replaced because its Region changed" in said

    def test_hundreds_of_jobs_are_one_search(self, resource: Resource, jobs: FakeTrainingJobs) -> None:
        """One process looks once."""
        one = provider()
        for _ in range(300):
            resource.compared(one, program())
        assert jobs.calls == [("search", OWNER, None)]

    def test_a_name_given_by_hand_cannot_be_used_twice(self, jobs: FakeTrainingJobs, said: Sentences) -> None:
        """Unless the present job may go first, and that has to be recorded: a deletion follows what is recorded."""
        made = Resource()
        made.up(program(**BY_HAND))
        for others in ({}, {"on_delete": "delete"}):
            with pytest.raises(ReconcileError, match=r"its training_job_name 'mine'.*on_delete='delete' in an up"):
                made.preview(program(**BY_HAND, **DEEPER, **others))
        assert made.up(program(**BY_HAND, on_delete="delete")) == "updated"
        diff = made.preview(program(**BY_HAND, **DEEPER, on_delete="delete"))
        assert diff
        assert (diff.replaces, diff.delete_before_replace) == (["hyper_parameters"], True)
        assert made.up(program(**BY_HAND, **DEEPER, on_delete="delete")) == "replaced"
        assert jobs.jobs["mine"].members["hyper_parameters"] == {"depth": "5"}
        assert said[0] == "the job is replaced because hyper_parameters.depth changed (4 → 5), which defines the model"

    def test_another_configuration_of_an_adopted_job_is_refused_with_what_differs(self, jobs: FakeTrainingJobs) -> None:
        """And without the advice to delete a job that is not this stack's."""
        Resource().up(program(**BY_HAND, owner="organization/project/other"))
        made = Resource()
        made.up(program(**BY_HAND, on_delete="delete"))
        assert made.outputs["adopted"]
        with pytest.raises(ReconcileError) as caught:
            made.preview(program(**BY_HAND, **DEEPER, on_delete="delete"))
        first, *lines = str(caught.value).splitlines()
        assert first == (
            "the job must be replaced (hyper_parameters), but its training_job_name 'mine' was given and is taken by "
            "the present job, which is of another owner and stays: leave training_job_name out, or give another one"
        )
        assert lines == [
            "  - hyper_parameters.depth: declared 5, existing 4",
        ]
        assert jobs.named("delete") == []

    def test_a_value_that_a_transform_has_put_in_is_not_shown(self, resource: Resource, said: Sentences) -> None:
        """Neither the new one nor the one before: each may be a secret."""
        declared = program()
        changed = {**program(**DEEPER), "declared_values": list(digests_of(declared))}
        resource.preview(changed)
        assert said[0] == "the job is replaced because hyper_parameters.depth changed, which defines the model"

    def test_a_run_that_failed_under_a_name_given_by_hand_is_said_and_left(
        self, jobs: FakeTrainingJobs, said: Sentences
    ) -> None:
        """Not an error: a refresh and a destroy with one ask for the same difference, and have to come through."""
        made = Resource()
        made.up(program(**BY_HAND))
        jobs.becomes("mine", "Failed")
        assert made.refresh() == "unchanged"
        diff = made.preview(program(**BY_HAND))
        assert diff
        assert (diff.changes, diff.replaces) == (None, [])
        assert said[-1].startswith("the job must be replaced (training_job_status), but its training_job_name")
        assert made.up(program(**BY_HAND, on_delete="delete")) == "updated"
        assert made.up(program(**BY_HAND, on_delete="delete")) == "replaced"
        assert jobs.jobs["mine"].status == "InProgress"

    def test_a_name_given_by_hand_is_free_again_where_its_job_is_gone(
        self, jobs: FakeTrainingJobs, said: Sentences
    ) -> None:
        """So there is nothing to refuse."""
        made = Resource()
        made.up(program(**BY_HAND, on_missing="retrain"))
        jobs.jobs.clear()
        jobs.tagged.clear()
        assert made.up(program(**BY_HAND, on_missing="retrain")) == "replaced"
        assert jobs.jobs["mine"].status == "InProgress"
        assert said == [
            "the job was deleted elsewhere; a new run will start because on_missing='retrain'",
            "job mine is kept for the resource that replaces this one",
        ]

    def test_to_write_the_planned_name_down_replaces_nothing(self, resource: Resource) -> None:
        """It is the name that the job has."""
        diff = resource.preview(program(name_prefix=None, training_job_name=resource.id))
        assert diff
        assert diff.replaces == []


class TestContents:
    """What lies behind the addresses."""

    @pytest.fixture
    def watched(self, jobs: FakeTrainingJobs, said: Sentences) -> Resource:
        """A resource for which data and image count."""
        jobs.behind[DATA] = [("train/a", 1, "monday")]
        jobs.images[IMAGE] = "sha256:monday"
        made = Resource()
        made.up(self.program())
        said.clear()
        return made

    def program(self, **others: Any) -> dict[str, Any]:
        """The small job with both options on."""
        return program(retrain_on_new_data=True, pin_image=True, **others)

    def test_unchanged_contents_need_nothing(self, watched: Resource) -> None:
        """A second `up` trains nothing."""
        assert watched.up(self.program()) == "unchanged"

    def test_new_data_is_a_new_job_although_no_input_differs(
        self, watched: Resource, jobs: FakeTrainingJobs, said: Sentences
    ) -> None:
        """Under the next name, for the configuration is the same."""
        first = watched.id
        jobs.behind[DATA] = [("train/a", 1, "tuesday")]
        diff = watched.preview(self.program())
        assert diff
        assert (diff.changes, diff.replaces) == (True, ["contents"])
        assert said[0] == "the job is replaced because the objects under its input prefixes changed"
        assert watched.up(self.program()) == "replaced"
        assert watched.id == f"{first}-2"
        assert watched.up(self.program()) == "unchanged"

    def test_a_new_image_behind_the_tag_is_a_new_job(self, watched: Resource, jobs: FakeTrainingJobs) -> None:
        """The tag is the same."""
        jobs.images[IMAGE] = "sha256:tuesday"
        assert watched.up(self.program()) == "replaced"

    def test_to_watch_from_now_on_trains_nothing(self, jobs: FakeTrainingJobs, resource: Resource) -> None:
        """What the job was trained on is not known; what lies there now is what later runs are compared with."""
        jobs.behind[DATA] = [("train/a", 1, "monday")]
        assert resource.up(program(retrain_on_new_data=True)) == "updated"
        assert resource.up(program(retrain_on_new_data=True)) == "unchanged"
        jobs.behind[DATA] = [("train/a", 1, "tuesday")]
        assert resource.up(program(retrain_on_new_data=True)) == "replaced"

    def test_an_update_does_not_take_new_data_for_the_old(self, watched: Resource, jobs: FakeTrainingJobs) -> None:
        """Data that came between diff and update is found by the next `up`."""
        updating = provider()
        inputs = marshalled(updating.check(watched.inputs, marshalled(self.program(**LONGER))).inputs)
        jobs.behind[DATA] = [("train/a", 1, "tuesday")]
        updated = updating.update(watched.id, marshalled(watched.outputs), inputs)
        assert updated.outs
        assert updated.outs["contents"] == watched.outputs["contents"]

    def test_unknown_addresses_in_a_preview_are_no_new_data(self, watched: Resource) -> None:
        """Nobody can say what will lie there."""
        channel = {**SMALL["input_data_config"][0], "content_type": UNKNOWN}
        for others in ({"input_data_config": [channel]}, {"algorithm_specification": UNKNOWN}, {"region": UNKNOWN}):
            diff = watched.compared(provider(), self.program(**others))
            assert "contents" not in (diff.replaces or [])

    def test_nobody_looks_in_a_region_that_is_not_known_yet(self, watched: Resource, jobs: FakeTrainingJobs) -> None:
        """There is nobody to ask."""
        jobs.calls.clear()
        watched.compared(provider(), self.program(region=UNKNOWN))
        assert jobs.named("objects") == []

    def test_who_may_not_look_at_the_data_is_told(
        self, watched: Resource, jobs: FakeTrainingJobs, said: Sentences
    ) -> None:
        """And nothing is trained for it."""
        jobs.fail("objects", "AccessDenied", "Access Denied")
        diff = watched.preview(self.program())
        assert diff
        assert diff.replaces == []
        assert "cannot be read" in said[0]


class TestEarlierStates:
    """What an earlier version has recorded stays as it is."""

    @pytest.mark.parametrize("option", ["pin_image", "retrain_on_new_data", "strict", "declared_as"])
    def test_an_option_that_a_state_lacks_is_no_difference_at_its_default(
        self, jobs: FakeTrainingJobs, option: str
    ) -> None:
        """Or each new option would update every job."""
        defaults = dict(JobOptions()) | {"name_prefix": "model"}
        made = Resource()
        made.up(program(**defaults))
        for bag in (made.inputs, made.outputs):
            del bag[option]
        diff = made.preview(program(**defaults))
        assert diff
        assert (diff.changes, diff.replaces) == (False, [])
        assert made.up(program(**defaults)) == "unchanged"
        assert made.up(program(**{**defaults, "on_delete": "retain"})) == "updated"
        assert len(jobs.started) == 1


class TestCreate:
    """Adopt or start."""

    def test_the_state_has_all_that_the_others_need(self, resource: Resource, jobs: FakeTrainingJobs) -> None:
        """And no more than a state can hold."""
        assert resource.id == resource.outputs["training_job_name"] == resource.inputs["training_job_name"]
        expected = {**SMALL, "owner": OWNER, "region": REGION, "training_job_status": "InProgress", "adopted": False}
        assert {name: resource.outputs[name] for name in expected} == marshalled(expected)
        assert json.loads(json.dumps(resource.outputs)) == resource.outputs
        assert list(jobs.jobs) == [resource.id]

    def test_going_back_gets_the_earlier_model_back(
        self, resource: Resource, jobs: FakeTrainingJobs, said: Sentences
    ) -> None:
        """Without training, found by its name; the job in between was stopped."""
        first = resource.id
        jobs.becomes(first, "Completed")
        assert resource.up(program(**DEEPER)) == "replaced"
        second = resource.id
        assert resource.up(program()) == "replaced"
        assert resource.id == first
        assert jobs.started == [first, second]
        assert jobs.jobs[second].status == "Stopped"
        assert "it is reused, no job starts" in " ".join(said)

    def test_a_failed_run_gets_a_successor(self, resource: Resource, jobs: FakeTrainingJobs) -> None:
        """Under the next suffix, once; then there is nothing more to do."""
        name = resource.id
        jobs.becomes(name, "Failed")
        assert resource.up(program()) == "replaced"
        assert resource.id == f"{name}-2"
        assert resource.up(program()) == "unchanged"
        assert resource.refresh() == "unchanged"
        assert jobs.started == [name, f"{name}-2"]

    def test_a_strict_change_starts_a_job_and_stops_the_old_one(
        self, resource: Resource, jobs: FakeTrainingJobs
    ) -> None:
        """It does not adopt the very job that it is to replace."""
        first = resource.id
        assert resource.up(program(strict=True)) == "updated"
        assert resource.up(program(strict=True, **LONGER)) == "replaced"
        assert resource.id != first
        assert {name: job.status for name, job in jobs.jobs.items()} == {first: "Stopped", resource.id: "InProgress"}

    def test_a_job_that_is_gone_is_trained_again_and_left_running(
        self, resource: Resource, jobs: FakeTrainingJobs
    ) -> None:
        """The new job has the old name; the deletion of the old resource does not stop it."""
        jobs.jobs.clear()
        jobs.tagged.clear()
        assert resource.up(program(on_missing="retrain")) == "replaced"
        assert {name: job.status for name, job in jobs.jobs.items()} == {resource.id: "InProgress"}

    def test_two_stacks_share_a_job(self, resource: Resource, jobs: FakeTrainingJobs, said: Sentences) -> None:
        """The one that adopted it leaves nothing behind: no tags, no stop, no deletion."""
        other = Resource()
        tags = dict(jobs.tagged[resource.id])
        theirs = program(owner="organization/project/other", on_delete="delete")
        assert other.up(theirs) == "created"
        assert other.outputs["adopted"]
        assert other.up({**theirs, "tags": [{"key": "a", "value": "b"}]}) == "updated"
        assert other.refresh() == "unchanged"
        other.destroy()
        assert jobs.jobs[resource.id].status == "InProgress"
        assert jobs.tagged[resource.id] == tags
        assert said[-1] == f"job {resource.id} is of another owner and is not stopped or deleted"

    def test_a_lost_answer_is_one_job(self, jobs: FakeTrainingJobs, said: Sentences) -> None:
        """It is found in the same create."""
        jobs.fail("create", "Unreachable", "Connection was closed before we received a valid response", done=True)
        made = Resource()
        made.up(program())
        assert list(jobs.jobs) == [made.id]
        assert not made.outputs["adopted"]
        assert said == [f"job {made.id} was started, although the answer to CreateTrainingJob was lost"]

    def test_a_create_that_was_killed_is_one_job(self, jobs: FakeTrainingJobs, said: Sentences) -> None:
        """The state has nothing; the job is found by its name."""
        inputs = marshalled(provider().check({}, marshalled(program())).inputs)
        provider().create(dict(inputs))
        made = Resource()
        assert made.up(program()) == "created"
        assert list(jobs.jobs) == [made.id]
        assert not made.outputs["adopted"]
        assert said == [
            f"job {made.id} already has this configuration (status InProgress): it is reused, no job starts"
        ]

    def test_a_name_given_by_hand_that_is_taken_is_refused(self, jobs: FakeTrainingJobs, said: Sentences) -> None:
        """With what differs; the job is left alone."""
        Resource().up(program(**BY_HAND))
        with pytest.raises(
            JobConflictError, match=r"'mine' is taken by a job that cannot be reused: another hyper_param"
        ):
            Resource().up(program(**BY_HAND, **DEEPER))
        assert jobs.jobs["mine"].status == "InProgress"
        assert said == []

    def test_the_stacks_default_tags_are_on_the_job(self, jobs: FakeTrainingJobs) -> None:
        """As on everything else in the stack."""
        made = Resource()
        made.up(program(tags=[{"key": "a", "value": "b"}], default_tags={"team": "research"}))
        assert jobs.tagged[made.id].items() >= {"team": "research", "a": "b"}.items()
        assert made.outputs["tags"] == [{"key": "a", "value": "b"}]


@pytest.mark.usefixtures("jobs")
class TestSecrets:
    """What is secret is in no name, and what was trained with it is still found."""

    SECRET: ClassVar[dict[str, Any]] = {
        "environment": {"TOKEN": "first"},
        "secret_members": ["environment.TOKEN"],
    }

    def test_two_jobs_that_differ_in_a_secret_are_told_apart(self, jobs: FakeTrainingJobs, said: Sentences) -> None:
        """By what the service repeats of them: under one name, so with a suffix."""
        first, second, again = Resource(), Resource(), Resource()
        first.up(program(**self.SECRET))
        second.up(program(**{**self.SECRET, "environment": {"TOKEN": "second"}}, declared_as="job::second"))
        again.up(program(**self.SECRET, declared_as="job::again"))
        assert second.id == f"{first.id}-2"
        assert again.id == first.id
        assert len(jobs.started) == 2
        assert all("first" not in sentence and "second" not in sentence for sentence in said)

    def test_another_secret_is_another_run(self, said: Sentences) -> None:
        """It is a change of a member that defines the model; the preview knows the name."""
        made = Resource()
        made.up(program(**self.SECRET))
        name = made.id
        assert made.up(program(**{**self.SECRET, "environment": {"TOKEN": "second"}})) == "replaced"
        assert made.id == made.inputs["training_job_name"] == f"{name}-2"
        assert said[0] == "the job is replaced because environment.TOKEN changed, which defines the model"

    def test_a_job_of_an_earlier_version_is_found_by_the_name_that_its_secret_is_part_of(
        self, jobs: FakeTrainingJobs, said: Sentences
    ) -> None:
        """What is trained is paid for."""
        earlier = program(environment={"TOKEN": "first"})
        earlier.pop("secret_members", None)
        old = Resource()
        old.up(earlier)
        new = Resource()
        new.up(program(**self.SECRET, declared_as="job::new"))
        assert new.id == old.id
        assert len(jobs.started) == 1
        assert said == [f"job {old.id} already has this configuration (status InProgress): it is reused, no job starts"]


class TestInputsThatChangeAfterCheck:
    """A policy remediates, or a transform changes, what `check` has planned a name for."""

    def test_a_job_is_named_after_what_it_trains(self, jobs: FakeTrainingJobs) -> None:
        """Not after what was declared first, whose model it is not."""
        one = provider()
        inputs = marshalled(one.check({}, marshalled(program())).inputs)
        made = one.create({**inputs, **DEEPER})
        deeper = provider().check({}, marshalled(program(**DEEPER))).inputs
        assert made.id == deeper["training_job_name"] != inputs["training_job_name"]
        assert (made.outs or {})["fingerprint"] == deeper["fingerprint"]
        assert jobs.jobs[made.id].members["hyper_parameters"] == {"depth": "5"}

    def test_what_is_remediated_each_time_stays_as_it_is(self, jobs: FakeTrainingJobs) -> None:
        """The next update remediates again, and finds nothing changed."""
        one = provider()
        inputs = {**marshalled(one.check({}, marshalled(program())).inputs), **DEEPER}
        made = one.create(dict(inputs))
        again = provider()
        checked = {**marshalled(again.check(inputs, marshalled(program())).inputs), **DEEPER}
        found = again.diff(made.id, marshalled(made.outs), checked)
        assert found.replaces == []
        assert len(jobs.started) == 1


class TestAnotherRun:
    """The next run of the same configuration, and its name."""

    def test_the_name_of_the_next_run_is_planned(self, resource: Resource, jobs: FakeTrainingJobs) -> None:
        """So that a preview shows it to those who depend on it; the start then takes it, and it stays."""
        first = resource.id
        jobs.becomes(first, "Failed")
        assert resource.up(program()) == "replaced"
        assert resource.id == resource.inputs["training_job_name"] == f"{first}-2"
        assert resource.inputs["arn"].endswith(f"/{first}-2")
        assert resource.inputs["model_artifacts"].endswith(f"/{first}-2/output/model.tar.gz")
        assert resource.up(program()) == "unchanged"
        assert resource.up(program(**LONGER)) == "updated"
        assert resource.outputs["training_job_name"] == f"{first}-2"
        jobs.becomes(resource.id, "Failed")
        assert resource.up(program()) == "replaced"
        assert resource.id == resource.inputs["training_job_name"] == f"{first}-3"

    def test_the_preview_says_where_nothing_will_start(
        self, resource: Resource, jobs: FakeTrainingJobs, said: Sentences
    ) -> None:
        """On the way back to an earlier configuration."""
        first = resource.id
        jobs.becomes(first, "Completed")
        resource.up(program(**DEEPER))
        second = resource.id
        said.clear()
        resource.preview(program())
        assert said == [
            "the job is replaced because hyper_parameters.depth changed (5 → 4), which defines the model",
            f"job {first} already has this configuration (status Completed): it is reused, no job starts",
            f"job {second} is stopped if it still runs, unless something else uses it",
        ]

    def test_who_may_not_look_gets_the_first_name(self, resource: Resource, jobs: FakeTrainingJobs) -> None:
        """The start still looks."""
        for method in ("search", "describe"):
            jobs.fail(method, "AccessDeniedException", "no", times=99)
        blind = provider()
        changed = {**program(), **DEEPER}
        blind.diff(resource.id, marshalled(resource.outputs), blind.check(resource.inputs, marshalled(changed)).inputs)
        planned = blind.check({}, marshalled(changed)).inputs
        assert planned["training_job_name"] == f"model-{planned['fingerprint']}"

    def test_a_forced_replacement_is_another_run(
        self, resource: Resource, jobs: FakeTrainingJobs, said: Sentences
    ) -> None:
        """By `replacement_trigger` or `replace_on_changes`: the present job would serve, and is not what is wanted."""
        first = resource.id
        jobs.becomes(first, "Completed")
        assert resource.up(program(), replace=True) == "replaced"
        assert said == [f"the resource's options request another run of this configuration: job {first}-2"]
        assert resource.id == f"{first}-2"
        assert jobs.jobs[resource.id].status == "InProgress"
        assert resource.up(program()) == "unchanged"

    def test_a_forced_replacement_that_was_killed_starts_no_third(
        self, resource: Resource, jobs: FakeTrainingJobs
    ) -> None:
        """The job was started, the state never written."""
        state = (resource.id, resource.inputs, resource.outputs)
        jobs.becomes(resource.id, "Completed")
        resource.up(program(), replace=True)
        second = resource.id
        resource.id, resource.inputs, resource.outputs = state
        resource.up(program(), replace=True)
        assert resource.id == second
        assert jobs.started == [state[0], second]

    def test_a_forced_replacement_under_a_name_given_by_hand_is_told_that_it_is_none(
        self, jobs: FakeTrainingJobs, said: Sentences
    ) -> None:
        """The name is used up."""
        made = Resource()
        made.up(program(**BY_HAND))
        made.up(program(**BY_HAND), replace=True)
        assert len(jobs.started) == 1
        assert "was given: the existing job is reused unless it is deleted first" in said[0]

    def test_two_resources_declare_one_job(self, resource: Resource, jobs: FakeTrainingJobs, said: Sentences) -> None:
        """The second takes it up without another start; see `tests/reconcile/test_removal.py` for the way down."""
        second = Resource()
        second.up(program())
        assert second.id == resource.id
        assert jobs.named("create") == []
        assert (
            said[-1]
            == f"job {second.id} already has this configuration (status InProgress): it is reused, no job starts"
        )

    def test_a_live_change_of_another_stacks_job_is_said_to_be_none(
        self, jobs: FakeTrainingJobs, said: Sentences
    ) -> None:
        """It is recorded, and the job is left as it is."""
        Resource().up(program(owner="organization/project/other"))
        ours = Resource()
        ours.up(program())
        tags = dict(jobs.tagged[ours.id])
        said.clear()
        assert ours.up(program(tags=[{"key": "a", "value": "b"}])) == "updated"
        assert said == ["tags is only recorded: the job is of another owner and keeps its own"]
        assert jobs.tagged[ours.id] == tags


class TestRead:
    """Refresh."""

    def test_nothing_flaps(self, resource: Resource, jobs: FakeTrainingJobs) -> None:
        """Whatever happens to the job by itself."""
        for status in ("InProgress", "Completed"):
            jobs.becomes(resource.id, status)
            assert resource.refresh() == "unchanged"
            assert resource.outputs["training_job_status"] == status
            assert resource.up(program()) == "unchanged"

    def test_tags_that_somebody_changed_show_and_are_put_back(self, resource: Resource, jobs: FakeTrainingJobs) -> None:
        """Added, removed, overwritten."""
        declared = program(tags=[{"key": "a", "value": "1"}, {"key": "b", "value": "2"}])
        resource.up(declared)
        tags = jobs.tagged[resource.id]
        wanted = dict(tags)
        tags["c"] = "by hand"
        tags["a"] = "by hand"
        del tags["b"]
        assert resource.refresh() == "changed"
        assert resource.inputs["tags"] == [{"key": "a", "value": "by hand"}, {"key": "c", "value": "by hand"}]
        assert resource.up(declared) == "updated"
        assert jobs.tagged[resource.id] == wanted
        assert resource.refresh() == "unchanged"

    def test_default_tags_are_no_drift(self, jobs: FakeTrainingJobs) -> None:
        """They are on the job and not in the declaration."""
        made = Resource()
        made.up(program(default_tags={"team": "research"}))
        assert made.refresh() == "unchanged"
        assert jobs.tagged[made.id]["team"] == "research"

    @pytest.mark.parametrize("now", [{}, {"team": "by hand"}])
    def test_a_default_tag_that_somebody_took_away_is_put_back(self, jobs: FakeTrainingJobs, now: Any) -> None:
        """Or wrote another value into."""
        made = Resource()
        declared = program(default_tags={"team": "research"}, tags=[{"key": "a", "value": "b"}])
        made.up(declared)
        wanted = dict(jobs.tagged[made.id])
        del jobs.tagged[made.id]["team"]
        jobs.tagged[made.id] |= now
        assert made.refresh() == "changed"
        assert made.up(declared) == "updated"
        assert jobs.tagged[made.id] == wanted
        assert made.refresh() == "unchanged"

    def test_a_job_that_is_gone_is_said_and_kept(
        self, resource: Resource, jobs: FakeTrainingJobs, said: Sentences
    ) -> None:
        """It can still be destroyed, and is found again where it comes back."""
        job, tags = jobs.jobs.pop(resource.id), jobs.tagged.pop(resource.id)
        assert resource.refresh() == "unchanged"
        assert resource.outputs["training_job_status"] == "Missing"
        assert said == [f"job {resource.id} was deleted elsewhere; the resource is kept because on_missing='keep'"]
        assert resource.up(program()) == "unchanged"
        jobs.jobs[resource.id], jobs.tagged[resource.id] = job, tags
        resource.refresh()
        assert resource.outputs["training_job_status"] == "InProgress"

    def test_a_job_that_is_gone_leaves_the_state_where_it_is_to_be_trained_again(
        self, jobs: FakeTrainingJobs, said: Sentences
    ) -> None:
        """The next `up` creates it."""
        made = Resource()
        made.up(program(on_missing="retrain"))
        jobs.jobs.clear()
        jobs.tagged.clear()
        assert made.refresh() == "gone"
        assert "the next `up` trains again" in said[-1]

    def test_results_that_exist_now_are_recorded(self, resource: Resource, jobs: FakeTrainingJobs) -> None:
        """The model's address as AWS says it, and why a run failed."""
        jobs.becomes(resource.id, "Completed", model_artifacts="s3://bucket/elsewhere/model.tar.gz")
        resource.refresh()
        assert resource.outputs["model_artifacts"] == "s3://bucket/elsewhere/model.tar.gz"
        jobs.becomes(resource.id, "Failed", failure_reason="no memory")
        resource.refresh()
        assert resource.outputs["failure_reason"] == "no memory"


class TestUpdate:
    """Changes in place."""

    def test_tags_are_changed_at_any_time(self, resource: Resource, jobs: FakeTrainingJobs) -> None:
        """Only what differs is sent, and ours stay."""
        jobs.becomes(resource.id, "Completed")
        resource.up(program(tags=[{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]))
        jobs.calls.clear()
        assert resource.up(program(tags=[{"key": "b", "value": "3"}])) == "updated"
        assert jobs.named("delete_tags") == [(resource.outputs["arn"], ["a"])]
        assert jobs.named("add_tags") == [(resource.outputs["arn"], {"b": "3"})]
        assert claims(jobs.tagged[resource.id]) == [resource.outputs["claim"]]

    def test_other_default_tags_reach_the_job(self, jobs: FakeTrainingJobs) -> None:
        """By themselves; a declared one stays over them."""
        made = Resource()
        tags = [{"key": "a", "value": "mine"}]
        made.up(program(tags=tags, default_tags={"team": "research", "gone": "1"}))
        assert made.up(program(tags=tags, default_tags={"team": "vision", "a": "theirs"})) == "updated"
        found = jobs.tagged[made.id]
        assert found.items() >= {"team": "vision", "a": "mine"}.items()
        assert "gone" not in found
        assert made.refresh() == "unchanged"
        assert made.up(program(tags=tags, default_tags={"team": "vision", "a": "theirs"})) == "unchanged"

    def test_another_owner_takes_its_jobs_along(self, resource: Resource, jobs: FakeTrainingJobs) -> None:
        """Such as a stack that was renamed."""
        assert resource.up(program(owner="organization/project/renamed")) == "updated"
        assert [job.name for job in jobs.search("organization/project/renamed", None)[0]] == [resource.id]
        assert jobs.search(OWNER, None) == ([], None)

    def test_a_live_member_is_changed_in_its_window(self, resource: Resource, jobs: FakeTrainingJobs) -> None:
        """With UpdateTrainingJob."""
        jobs.becomes(resource.id, "InProgress", "Training")
        assert resource.up(program(remote_debug_config={"enable_remote_debug": True})) == "updated"
        assert jobs.named("update") == [(resource.id, {"RemoteDebugConfig": {"EnableRemoteDebug": True}})]
        assert resource.up(program(remote_debug_config={"enable_remote_debug": True})) == "unchanged"

    def test_a_live_member_is_recorded_outside_of_its_window(
        self, resource: Resource, jobs: FakeTrainingJobs, said: Sentences
    ) -> None:
        """And the user is told."""
        jobs.becomes(resource.id, "Completed")
        assert resource.up(program(remote_debug_config={"enable_remote_debug": True})) == "updated"
        assert jobs.named("update") == []
        (sentence,) = said
        assert sentence.startswith(
            "remote_debug_config.enable_remote_debug can be changed in place only while the job is"
        )
        assert sentence.endswith("; the job is Completed. It is recorded and applies to the next run")
        assert resource.outputs["remote_debug_config"] == {"enable_remote_debug": True}

    def test_what_operates_is_recorded_without_a_call(self, resource: Resource, jobs: FakeTrainingJobs) -> None:
        """The next run uses it."""
        assert resource.up(program(**LONGER)) == "updated"
        assert {method for method, *_ in jobs.calls} == {"search", "describe"}
        assert resource.outputs["stopping_condition"] == {"max_runtime_in_seconds": 60}
        jobs.becomes(resource.id, "Failed")
        assert resource.up(program(**LONGER)) == "replaced"
        assert jobs.jobs[resource.id].members["stopping_condition"] == {"max_runtime_in_seconds": 60}

    def test_a_job_that_is_gone_is_recorded_as_gone(self, resource: Resource, jobs: FakeTrainingJobs) -> None:
        """With the new declaration beside it."""
        jobs.jobs.clear()
        jobs.tagged.clear()
        assert resource.up(program(**LONGER)) == "updated"
        assert resource.outputs["training_job_status"] == "Missing"
        assert resource.outputs["stopping_condition"] == {"max_runtime_in_seconds": 60}

    def test_another_prefix_renames_nothing(self, resource: Resource, jobs: FakeTrainingJobs) -> None:
        """The job keeps its name; only the next one has the other prefix."""
        name = resource.id
        assert resource.up(program(name_prefix="other")) == "updated"
        assert resource.id == resource.outputs["training_job_name"] == name
        assert resource.up(program(name_prefix="other")) == "unchanged"
        resource.up(program(name_prefix="other", **DEEPER))
        assert resource.id.startswith("other-")
        assert sorted(jobs.jobs) == sorted([name, resource.id])


class TestDelete:
    """`reconcile.removal` in the provider's place."""

    def test_destroy_follows_on_delete_as_it_was_declared_last(
        self, resource: Resource, jobs: FakeTrainingJobs
    ) -> None:
        """It was `stop` at first."""
        name = resource.id
        resource.up(program(on_delete="delete"))
        resource.destroy()
        assert name not in jobs.jobs

    def test_a_replacement_follows_on_delete_as_it_is_declared_now(
        self, resource: Resource, jobs: FakeTrainingJobs
    ) -> None:
        """To keep the job and to change it may be one update."""
        name = resource.id
        assert resource.up(program(on_delete="retain", **DEEPER)) == "replaced"
        assert jobs.jobs[name].status == "InProgress"

    def test_a_forced_replacement_leaves_the_job_that_it_takes_up(
        self, resource: Resource, jobs: FakeTrainingJobs
    ) -> None:
        """`pulumi up --replace` creates, finds the same job, and deletes the old resource."""
        one = provider()
        old = marshalled(resource.outputs)
        created = one.create(dict(resource.inputs))
        one.delete(resource.id, old)
        assert created.id == resource.id
        assert jobs.jobs[resource.id].status == "InProgress"
        provider().delete(created.id, marshalled(created.outs))
        assert jobs.jobs[resource.id].status == "Stopped"

    @pytest.mark.parametrize("by_the_engine", [True, False])
    def test_a_replaced_job_that_is_retained_says_so(
        self, resource: Resource, jobs: FakeTrainingJobs, *, by_the_engine: bool
    ) -> None:
        """Otherwise it would be stopped with the stack. With `retain_on_delete` the engine deletes nothing."""
        replaced = resource.id
        now = program(**DEEPER, on_delete="retain")
        if by_the_engine:
            one = provider()
            one.check(dict(resource.inputs), marshalled(now))
            one.create(marshalled(one.check({}, marshalled(now)).inputs))
        else:
            assert resource.up(now) == "replaced"
        assert jobs.tagged[replaced][RETAIN_TAG] == "retain"
        end_unrecorded(jobs, state_of(OWNER).partition("@")[0], REGION, Sentences())
        assert jobs.named("stop") == []

    def test_a_job_in_another_region_is_deleted_there(self, said: Sentences, monkeypatch: pytest.MonkeyPatch) -> None:
        """A replacement in one Region does not delete in it."""
        regions = {REGION: FakeTrainingJobs(), "us-east-1": FakeTrainingJobs()}

        def connect(_settings: AwsSettings, region: str) -> FakeTrainingJobs:
            return regions[region]

        monkeypatch.setattr(TrainingJobProvider, "connect", connect)
        made = Resource()
        made.up(program(**ANYWHERE))
        assert made.up(program(**ANYWHERE, region="us-east-1")) == "replaced"
        assert regions[REGION].named("stop") == [(made.id,)]
        assert regions["us-east-1"].jobs[made.id].status == "InProgress"
        assert said[0] == "the job is replaced because its Region changed"


def test_the_provider_has_no_state_of_its_own() -> None:
    """It is stored with every resource; a value in it would be stored too."""
    assert vars(TrainingJobProvider()) == {}
    assert TrainingJobProvider.serialize_as_secret_always is False
