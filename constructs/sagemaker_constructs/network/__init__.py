"""Plans, checks and creates the VPC in which training jobs run.

arguments        reads the arguments of a TrainingNetwork; argument_rules: the rules between them
address_plan     cuts the IPv4 range into subnets
endpoints        which services get an interface endpoint: a row for each
file_systems     which ports the file systems of jobs need: a row for each kind
instances        counts the instances of a job
existing         looks up a VPC, subnets and security groups that exist; existing_checks: the rules that they must meet
construct        creates everything else: vpc, security_groups, flow_logs; parent: the options that these share

Only construct, existing and the modules that create resources use Pulumi's resources and invokes; the others are pure.
"""

from sagemaker_constructs.network.address_plan import MOST_ZONES

__all__ = ["MOST_ZONES"]
