"""The Pulumi program: one composition, with the values of the selected stack."""

from stacks import deploy

deploy()
