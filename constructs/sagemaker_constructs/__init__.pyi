# Each public name, from the module that defines it. `__init__.py` reads them from here.

from sagemaker_constructs.api.algorithm import (
    AlgorithmSpecification as AlgorithmSpecification,
)
from sagemaker_constructs.api.algorithm import (
    MetricDefinition as MetricDefinition,
)
from sagemaker_constructs.api.algorithm import (
    TrainingImageConfig as TrainingImageConfig,
)
from sagemaker_constructs.api.algorithm import (
    TrainingRepositoryAuthConfig as TrainingRepositoryAuthConfig,
)
from sagemaker_constructs.api.channels import (
    Channel as Channel,
)
from sagemaker_constructs.api.channels import (
    DatasetSource as DatasetSource,
)
from sagemaker_constructs.api.channels import (
    DataSource as DataSource,
)
from sagemaker_constructs.api.channels import (
    FileSystemDataSource as FileSystemDataSource,
)
from sagemaker_constructs.api.channels import (
    HubAccessConfig as HubAccessConfig,
)
from sagemaker_constructs.api.channels import (
    ModelAccessConfig as ModelAccessConfig,
)
from sagemaker_constructs.api.channels import (
    S3DataSource as S3DataSource,
)
from sagemaker_constructs.api.channels import (
    ShuffleConfig as ShuffleConfig,
)
from sagemaker_constructs.api.debugger import (
    CollectionConfiguration as CollectionConfiguration,
)
from sagemaker_constructs.api.debugger import (
    DebugHookConfig as DebugHookConfig,
)
from sagemaker_constructs.api.debugger import (
    DebugRuleConfiguration as DebugRuleConfiguration,
)
from sagemaker_constructs.api.debugger import (
    ProfilerRuleConfiguration as ProfilerRuleConfiguration,
)
from sagemaker_constructs.api.mistakes import (
    DeclarationError as DeclarationError,
)
from sagemaker_constructs.api.mistakes import (
    InvalidRequest as InvalidRequest,
)
from sagemaker_constructs.api.mistakes import (
    Mistake as Mistake,
)
from sagemaker_constructs.api.operation import (
    InfraCheckConfig as InfraCheckConfig,
)
from sagemaker_constructs.api.operation import (
    RemoteDebugConfig as RemoteDebugConfig,
)
from sagemaker_constructs.api.operation import (
    RetryStrategy as RetryStrategy,
)
from sagemaker_constructs.api.operation import (
    SessionChainingConfig as SessionChainingConfig,
)
from sagemaker_constructs.api.operation import (
    StoppingCondition as StoppingCondition,
)
from sagemaker_constructs.api.operation import (
    VpcConfig as VpcConfig,
)
from sagemaker_constructs.api.output import (
    CheckpointConfig as CheckpointConfig,
)
from sagemaker_constructs.api.output import (
    OutputDataConfig as OutputDataConfig,
)
from sagemaker_constructs.api.profiler import ProfilerConfig as ProfilerConfig
from sagemaker_constructs.api.resource_config import (
    InstanceGroup as InstanceGroup,
)
from sagemaker_constructs.api.resource_config import (
    InstancePlacementConfig as InstancePlacementConfig,
)
from sagemaker_constructs.api.resource_config import (
    InstancePreference as InstancePreference,
)
from sagemaker_constructs.api.resource_config import (
    PlacementSpecification as PlacementSpecification,
)
from sagemaker_constructs.api.resource_config import (
    ResourceConfig as ResourceConfig,
)
from sagemaker_constructs.api.serverless import (
    ModelPackageConfig as ModelPackageConfig,
)
from sagemaker_constructs.api.serverless import (
    ServerlessJobConfig as ServerlessJobConfig,
)
from sagemaker_constructs.api.spec import TrainingJobSpec as TrainingJobSpec
from sagemaker_constructs.api.tags import Tag as Tag
from sagemaker_constructs.api.tracking import (
    ExperimentConfig as ExperimentConfig,
)
from sagemaker_constructs.api.tracking import (
    MlflowConfig as MlflowConfig,
)
from sagemaker_constructs.api.tracking import (
    TensorBoardOutputConfig as TensorBoardOutputConfig,
)
from sagemaker_constructs.api.uris import (
    image_uri as image_uri,
)
from sagemaker_constructs.api.uris import (
    s3_uri as s3_uri,
)
from sagemaker_constructs.aws.errors import (
    JobConflictError as JobConflictError,
)
from sagemaker_constructs.aws.errors import (
    ReconcileError as ReconcileError,
)
from sagemaker_constructs.aws.errors import (
    ServiceError as ServiceError,
)
from sagemaker_constructs.bucket import TrainingBucket as TrainingBucket
from sagemaker_constructs.code.construct import TrainingCode as TrainingCode
from sagemaker_constructs.code.framework_image import framework_image as framework_image
from sagemaker_constructs.fallback import TrainingFallback as TrainingFallback
from sagemaker_constructs.job import TrainingJob as TrainingJob
from sagemaker_constructs.key import TrainingKey as TrainingKey
from sagemaker_constructs.network.address_plan import NetworkRefusedError as NetworkRefusedError
from sagemaker_constructs.network.construct import TrainingNetwork as TrainingNetwork
from sagemaker_constructs.permissions.locations import AddressRefusedError as AddressRefusedError
from sagemaker_constructs.permissions.policy import (
    PolicyTooLongError as PolicyTooLongError,
)
from sagemaker_constructs.permissions.policy import (
    RoleRefusedError as RoleRefusedError,
)
from sagemaker_constructs.request import CreateTrainingJob as CreateTrainingJob
from sagemaker_constructs.result import (
    ResultOptions as ResultOptions,
)
from sagemaker_constructs.result import (
    TrainingResult as TrainingResult,
)
from sagemaker_constructs.results.conclude import NoResultError as NoResultError
from sagemaker_constructs.role import TrainingRole as TrainingRole
from sagemaker_constructs.training import Training as Training
