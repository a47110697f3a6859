"""A trained model behind an endpoint configuration: the next resource takes the result, and follows it."""

import json

import pulumi
import pulumi_aws as aws

from sagemaker_constructs import (
    AlgorithmSpecification,
    Channel,
    OutputDataConfig,
    ResourceConfig,
    Training,
    TrainingJobSpec,
    s3_uri,
)

bucket = aws.s3.Bucket("penguins", force_destroy=True)
table = aws.s3.BucketObjectv2(
    "train", bucket=bucket.id, key="train/penguins.csv", content="0,39.1,18.7\n1,46.5,17.9\n2,50.0,15.2\n"
)
image = aws.sagemaker.get_prebuilt_ecr_image_output(repository_name="sagemaker-xgboost", image_tag="1.7-1")

training = Training(
    "penguins",
    TrainingJobSpec(
        algorithm_specification=AlgorithmSpecification(training_image=image.registry_path, training_input_mode="File"),
        hyper_parameters={"objective": "multi:softprob", "num_class": 3, "num_round": 50},
        input_data_config=[Channel.s3("train", s3_uri(bucket, "train/"), content_type="text/csv")],
        output_data_config=OutputDataConfig(s3_output_path=s3_uri(bucket, "models")),
        resource_config=ResourceConfig(instance_type="ml.m5.large", instance_count=1, volume_size_in_gb=10),
    ),
    opts=pulumi.ResourceOptions(depends_on=[table]),
)

# The endpoint's machines need other permissions than the job's: to read the model, and the image.
serving = aws.iam.Role(
    "serving",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Action": "sts:AssumeRole",
                    "Principal": {"Service": "sagemaker.amazonaws.com"},
                }
            ],
        }
    ),
)
reading = aws.iam.RolePolicy(
    "serving",
    role=serving.name,
    policy=pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "s3:GetObject", "Resource": pulumi.Output.concat(bucket.arn, "/models/*")}
            ],
        }
    ),
)

# A new model is a new artifact, so this is replaced when the job is, and the configuration after it.
model = aws.sagemaker.Model(
    "penguins",
    execution_role_arn=serving.arn,
    primary_container={"image": image.registry_path, "model_data_url": training.model_artifacts},
    opts=pulumi.ResourceOptions(depends_on=[reading]),
)
endpoint = aws.sagemaker.EndpointConfiguration(
    "penguins",
    production_variants=[
        {
            "variant_name": "only",
            "model_name": model.name,
            "initial_instance_count": 1,
            "instance_type": "ml.t2.medium",
        }
    ],
)

pulumi.export("model_artifacts", training.model_artifacts)
pulumi.export("final_metrics", training.result.final_metrics)
pulumi.export("endpoint_configuration", endpoint.name)
