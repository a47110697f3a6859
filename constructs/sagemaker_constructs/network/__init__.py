"""Plans, checks and creates the VPC in which training jobs run.

arguments        reads the arguments of a TrainingNetwork; argument_rules: the rules between them
address_plan     cuts the IPv4 range into subnets
endpoints        which services get an interface endpoint: a row for each
file_systems     which ports the file systems of jobs need: a row for each kind
instances        counts the instances of a job
zones            looks up the Availability Zones
existing         looks up an existing VPC, subnets (existing_subnet) and security groups; existing_checks: their rules
construct        creates everything else with vpc, security_groups and flow_logs; parent: the options that they share

The modules up to instances, and existing_checks, are pure.
"""

from sagemaker_constructs.network.address_plan import MOST_ZONES

__all__ = ["MOST_ZONES"]
