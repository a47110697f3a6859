"""Answers Service Quotas' ListServiceQuotas, which moto lacks: eight of each type of training instance."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, cast

from werkzeug.wrappers import Response

from localaws.server.errors import validation
from localaws.server.training.shapes import model

if TYPE_CHECKING:
    from botocore.model import StringShape

    from localaws.server.calls import Call

MACHINES = 8.0
KINDS = {"training job usage": MACHINES, "spot training job usage": MACHINES, "training warm pool usage": 0.0}
"""What the machines are used for. A new account has no warm pools."""


@cache
def instance_types() -> list[str]:
    """The types of training machines, from AWS's service model."""
    return sorted(cast("StringShape", model().shape_for("TrainingInstanceType")).enum)


def list_service_quotas(call: Call) -> Response:
    """All quotas of SageMaker on one page; other services have none here.

    Raises:
        ServiceError: ValidationException, where the request names no service.
    """
    try:
        asked = json.loads(call.body or b"{}")["ServiceCode"]
    except (ValueError, LookupError, TypeError) as error:
        raise validation("ServiceCode: expected the name of a service") from error
    quotas = [
        {"ServiceCode": asked, "QuotaName": f"{kind} for {use}", "Value": value}
        for kind in instance_types()
        for use, value in KINDS.items()
        if asked == "sagemaker"
    ]
    return Response(json.dumps({"Quotas": quotas}), content_type="application/x-amz-json-1.1")
