"""Jobs whose containers run: from their data to their model, and how they end."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from tests.localaws.eventually import eventually
from tests.localaws.execution.conftest import GROUP
from tests.localaws.server.server_support import channel

if TYPE_CHECKING:
    from tests.localaws.execution.conftest import Workshop


def statuses(job: dict[str, Any]) -> list[str]:
    """The secondary statuses of a job."""
    return [entry["Status"] for entry in job["SecondaryStatusTransitions"]]


def test_a_program_trains_on_its_data_and_its_model_is_uploaded(workshop: Workshop) -> None:
    """It reads a channel and hyperparameters, prints, and leaves a model and other output."""
    workshop.server.client("s3").put_object(Bucket="data", Key="rows/table.csv", Body=b"1\n2\n")
    job = workshop.run(
        """
rows = (ml / "input/data/rows/table.csv").read_text().split()
rate = float(json.loads((ml / "input/config/hyperparameters.json").read_text())["rate"])
(ml / "model/weights").write_text(str(sum(map(int, rows)) * rate))
(ml / "output/data/notes").write_text("none")
print("[0]\\ttrain-rmse:0.25")
""",
        InputDataConfig=[channel("s3://data/rows/", "rows")],
        HyperParameters={"rate": "0.5"},
        AlgorithmSpecification={"MetricDefinitions": [{"Name": "rmse", "Regex": r"#011train-rmse:(\S+)"}]},
    )
    name = job["TrainingJobName"]

    assert statuses(job)[-3:] == ["Training", "Uploading", "Completed"]
    assert job["SecondaryStatusTransitions"][-1]["StatusMessage"] == "Training job completed"
    assert workshop.archive(f"output/{name}/output/model.tar.gz") == {"weights": "1.5"}
    assert workshop.archive(f"output/{name}/output/output.tar.gz") == {"notes": "none"}
    assert job["ModelArtifacts"] == {"S3ModelArtifacts": f"s3://data/output/{name}/output/model.tar.gz"}
    assert workshop.log(name) == ["[0]#011train-rmse:0.25"]
    assert [(metric["MetricName"], metric["Value"]) for metric in job["FinalMetricDataList"]] == [("rmse", 0.25)]
    (metric,) = workshop.server.client("cloudwatch").list_metrics(Namespace=GROUP, MetricName="rmse")["Metrics"]
    assert metric["Dimensions"] == [{"Name": "TrainingJobName", "Value": name}]


def test_lines_are_in_the_log_while_the_job_runs(workshop: Workshop) -> None:
    """Not when it has ended: this one is only then told to end."""
    job = workshop.create("print('begun')\ntime.sleep(600)")
    eventually(lambda: workshop.trainer.describe(job)["SecondaryStatus"] == "Training" and workshop.log(job))

    assert workshop.log(job) == ["begun"]
    workshop.trainer.sagemaker.stop_training_job(TrainingJobName=job)
    assert statuses(workshop.trainer.wait(job))[-3:] == ["Training", "Stopping", "Stopped"]


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("raise ValueError('no')", "AlgorithmError: , exit code: 1"),
        ("sys.exit(3)", "AlgorithmError: , exit code: 3"),
        ("(ml / 'output/failure').write_text('bad rows'); sys.exit(2)", "AlgorithmError: bad rows, exit code: 2"),
        ("os.kill(os.getpid(), 9)", "ClientError: Please use an instance type with more memory"),
        ("os.kill(os.getpid(), 11)", "AlgorithmError: , exit code: 139"),
    ],
)
def test_a_program_that_fails_fails_its_job(workshop: Workshop, program: str, reason: str) -> None:
    """With AWS's words for it; what it had written to output/data is kept, a model is not."""
    job = workshop.run(f"(ml / 'output/data/notes').write_text('x')\n{program}")

    assert statuses(job)[-3:] == ["Training", "Uploading", "Failed"]
    assert job["FailureReason"].startswith(reason)
    assert "ModelArtifacts" not in job
    assert workshop.archive(f"output/{job['TrainingJobName']}/output/output.tar.gz") == {"notes": "x"}


ON_TERM = """
def save(*_):
    (ml / "model/weights").write_text("saved")
    sys.exit(0)
signal.signal(signal.SIGTERM, save)
print("begun")
time.sleep(600)
"""


def test_a_limit_leaves_time_to_save_the_model(workshop: Workshop) -> None:
    """SIGTERM comes first; the job is then stopped, with the model that the program saved."""
    job = workshop.run(ON_TERM, StoppingCondition={"MaxRuntimeInSeconds": 2})

    assert statuses(job)[-3:] == ["Training", "Stopping", "MaxRuntimeExceeded"]
    assert job["TrainingJobStatus"] == "Stopped"
    assert workshop.archive(f"output/{job['TrainingJobName']}/output/model.tar.gz") == {"weights": "saved"}


def test_a_stop_before_the_container_has_started_ends_the_job(workshop: Workshop) -> None:
    """Nothing runs that could end by itself."""
    workshop.server.control("POST", "faults", {"kind": "wait", "parameters": {"seconds": 600}})
    job = workshop.create("time.sleep(600)")
    workshop.trainer.sagemaker.stop_training_job(TrainingJobName=job)

    assert statuses(workshop.trainer.wait(job))[-2:] == ["Stopping", "Stopped"]


def test_the_files_of_a_job_are_those_of_awss_contract(workshop: Workshop) -> None:
    """Hyperparameters as text, one group of instances, the channel's modes, and no SM_ variable."""
    job = workshop.run(
        """
for name in ("hyperparameters", "resourceconfig", "inputdataconfig"):
    print(json.dumps(json.loads((ml / f"input/config/{name}.json").read_text())))
print(sorted(name for name in os.environ if name.startswith("SM_")), os.environ["TRAINING_JOB_NAME"])
""",
        HyperParameters={"depth": "4"},
    )
    name = job["TrainingJobName"]
    hyperparameters, resources, channels, variables = workshop.log(name)

    assert json.loads(hyperparameters) == {"depth": "4"}
    assert json.loads(resources) == {
        "current_host": "algo-1",
        "current_instance_type": "ml.m5.large",
        "current_group_name": "homogeneousCluster",
        "hosts": ["algo-1"],
        "instance_groups": [
            {"instance_group_name": "homogeneousCluster", "instance_type": "ml.m5.large", "hosts": ["algo-1"]}
        ],
        "network_interface_name": "lo",
    }
    assert json.loads(channels) == {
        "code": {"TrainingInputMode": "File", "S3DistributionType": "FullyReplicated", "RecordWrapperType": "None"}
    }
    assert variables == f"[] {name}"


def test_an_image_without_a_row_is_simulated_and_the_status_says_so(workshop: Workshop) -> None:
    """No code of a job runs unless the user's table permits it."""
    job = workshop.run("print('run')", AlgorithmSpecification={"TrainingImage": workshop.trainer.image})
    reason = f"simulated: no row of localaws.toml is for the image {workshop.trainer.image}"

    assert [entry["StatusMessage"] for entry in job["SecondaryStatusTransitions"]][-3:] == [
        f"Training is {reason}",
        "Uploading generated training model",
        f"Training job completed. Training was {reason}",
    ]
    assert "run" not in workshop.log(job["TrainingJobName"])


def test_jobs_that_run_at_the_same_time_share_the_processors(workshop: Workshop) -> None:
    """Libraries take all of them otherwise, each for itself."""
    first = workshop.create("print(os.environ['OMP_NUM_THREADS'])\ntime.sleep(600)")
    eventually(lambda: workshop.log(first))
    second = workshop.run("print(os.environ['OMP_NUM_THREADS'])")["TrainingJobName"]
    workshop.trainer.sagemaker.stop_training_job(TrainingJobName=first)
    workshop.trainer.wait(first)
    processors = os.cpu_count() or 1

    assert workshop.log(first) == [str(processors)]
    assert workshop.log(second) == [str(max(1, processors // 2))]
