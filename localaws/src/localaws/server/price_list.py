"""The prices that GetProducts answers: a few of AWS's, each with its source and the date on which it held.

A price is a row. What has no row has no price here, as in a Region where AWS does not sell it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Source:
    """Where prices were seen, and when."""

    text: str
    seen: date


@dataclass(frozen=True)
class Product:
    """One product: what a unit of a usage costs in a Region."""

    service: str
    region: str
    usage_type: str
    usd: str
    source: Source
    sku: str = ""

    @property
    def component(self) -> str:
        """What of SageMaker it belongs to; empty for other services."""
        return "Training" if ":" in self.usage_type else ""

    @property
    def number(self) -> str:
        """AWS's SKU where the source has it; otherwise one that is told from AWS's at a glance."""
        return self.sku or f"LOCALAWS-{self.usage_type.upper()}"


BILL = Source(
    "an account's bill of December 2023 (aws-samples/sagemaker-ssh-helper, Sample_Costs.md)", date(2023, 12, 1)
)
PRICE_LIST = Source("answers of the AWS Price List Query API, as published by users", date(2026, 8, 11))
PRICING_PAGE = Source("the pricing pages of SageMaker and VPC", date(2026, 8, 11))
GATEWAYS = Source("the price list file of AmazonEC2, as published by a user", date(2026, 10, 2))
ENDPOINTS = Source("42.24 USD for 3,840 hours in an account's bill", date(2026, 8, 1))

PRODUCTS = (
    Product("AmazonSageMaker", "eu-west-1", "EU-Train:ml.m5.large", "0.128", BILL),
    Product("AmazonSageMaker", "eu-west-1", "EU-Train:ml.m5.xlarge", "0.257", BILL),
    Product("AmazonSageMaker", "eu-west-1", "EU-Train:ml.g4dn.xlarge", "0.822", BILL),
    Product("AmazonSageMaker", "eu-west-1", "EU-Train:ml.g5.xlarge", "1.57", BILL),
    Product("AmazonSageMaker", "eu-west-1", "EU-Train:ml.p3.2xlarge", "4.131", BILL),
    Product("AmazonSageMaker", "eu-west-1", "EU-Train:VolumeUsage.gp2", "0.154", BILL),
    Product("AmazonVPC", "eu-west-1", "EU-VpcEndpoint-Hours", "0.011", ENDPOINTS),
    Product("AmazonEC2", "eu-west-1", "EU-NatGateway-Hours", "0.048", GATEWAYS),
    Product("AmazonSageMaker", "us-east-1", "USE1-Train:ml.m5.large", "0.115", PRICE_LIST, "JMCWJEAPVJNFJ5P4"),
    Product("AmazonSageMaker", "us-east-1", "USE1-Train:ml.g5.2xlarge", "1.515", PRICE_LIST),
    Product("AmazonSageMaker", "us-east-1", "USE1-Train:VolumeUsage.gp2", "0.14", PRICING_PAGE),
    Product("AmazonVPC", "us-east-1", "VpcEndpoint-Hours", "0.01", PRICING_PAGE),
    Product("AmazonEC2", "us-east-1", "NatGateway-Hours", "0.045", PRICING_PAGE),
)
