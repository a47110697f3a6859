"""A look at a job's surroundings while `pulumi preview` runs, for what would make the job fail.

Only a preview looks, and only for a job that is new, replaced or changed. What is not known yet is not looked at. What
is found is said on the job's row; nothing here ever stops an update.
"""

from __future__ import annotations

import asyncio
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import pulumi
from pulumi import Output

from sagemaker_constructs.permissions.needs import part, values_at
from sagemaker_constructs.preflight.findings import CHECKS, Check
from sagemaker_constructs.reconcile.errors import ReconcileError
from sagemaker_constructs.reconcile.settings import aws_settings
from sagemaker_constructs.reconcile.surroundings import AskedOnce, AwsSurroundings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sagemaker_constructs.reconcile.surroundings import Surroundings

_PATIENCE = 30
"""Seconds that one check may take."""


def look_around(job: pulumi.Resource, status: Output[Any], properties: Mapping[str, Any], *, own_role: bool) -> None:
    """Look, and say what is found, when it is known; returns at once.

    Args:
        job: whose row the findings belong to.
        status: an output of the job that a preview knows only where the job stays as it is.
        properties: the members of the job, and its Region.
        own_role: whether this stack makes the role, whose policy may change in the same update.
    """
    if not pulumi.runtime.is_dry_run():
        return
    for check in CHECKS.values():
        if not (own_role and check.of_a_foreign_role):
            members = part(properties, check.members)
            written = [value for path in check.members for value in values_at(members, path) if isinstance(value, str)]
            known = Output.all(job=members, region=properties["region"], written=written)
            known.apply(lambda found, check=check: _look(job, status, check, found))


async def _look(job: pulumi.Resource, status: Output[Any], check: Check, found: Mapping[str, Any]) -> None:
    if await status.is_known():
        return
    region = found["region"]
    members = {**found["job"], "region": region, "written": found["written"]}
    try:
        sentences = await asyncio.wait_for(asyncio.to_thread(_findings, check, region, members), _PATIENCE)
    except TimeoutError:
        _say_once(check.what, f"no answer in {_PATIENCE} seconds")
    except ReconcileError as error:
        _say_once(check.what, str(error))
    else:
        for sentence in sentences:
            pulumi.log.warn(sentence, job)


def _findings(check: Check, region: str, members: Mapping[str, Any]) -> list[str]:
    return list(check.find(_surroundings(region), members))


@cache
def _surroundings(region: str) -> Surroundings:
    settings = aws_settings(lambda key: pulumi.Config("aws").get(key.removeprefix("aws:")))
    return cast("Surroundings", AskedOnce(AwsSurroundings(settings, region)))


@cache
def _say_once(what: str, why: str) -> None:
    pulumi.log.info(f"preflight: {what} cannot be looked at: {why}")
