"""Routes each request: identifies the call, applies faults, and passes it to training jobs or to moto."""

from __future__ import annotations

import json
import logging
import re
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from moto.core.config import default_user_config
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.wrappers import Response

from localaws.server import control, moto_patches, origins, pricing, quotas, simulation
from localaws.server.calls import SAGEMAKER, Call, identify
from localaws.server.errors import (
    BODIES,
    ConnectionDropped,
    ServiceError,
    internal_failure,
    unknown_operation,
    validation,
)
from localaws.server.execution.containers import RunningContainers
from localaws.server.omissions import OMITTED, without_empty
from localaws.server.state import State
from localaws.server.training import guards, shapes
from localaws.server.training.effects import Effects
from localaws.server.training.jobs import Jobs
from localaws.server.training.operations import OPERATIONS, TrainingJobs
from localaws.server.training.scheduler import Scheduler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from localaws.server.settings import Settings

logger = logging.getLogger(__name__)

BESIDE_MOTO: Mapping[str, Callable[[Call], Response]] = {
    "iam.SimulatePrincipalPolicy": simulation.simulate,
    "pricing.GetProducts": pricing.get_products,
    "servicequotas.ListServiceQuotas": quotas.list_service_quotas,
}
"""Operations that moto lacks, by name."""

RESET = ("POST", "/moto-api/reset")
"""The request with which tests that were written for moto empty it."""

UNREADABLE = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What moto raises, which checks few parameters, on those that AWS answers with a ValidationException."""

AS_BOTO_SAYS = re.compile(rb"An error occurred \(\w+\) when calling the \w+ operation: ")
"""The prefix that SDKs add to AWS's message; some of moto's messages have it already."""


class Application:
    """AWS, as one WSGI application.

    Args:
        settings: The server's settings.
        folder: Where the containers of jobs have their files.

    Attributes:
        state: The server's own state, beside moto's.
    """

    def __init__(self, settings: Settings, folder: Path) -> None:
        default_user_config["iam"] = {"load_aws_managed_policies": True}
        moto_patches.install()
        self._containers = RunningContainers(settings, folder, lambda: self.state.identity["port"])
        self.state = State(Jobs(Scheduler(), Effects(settings), self._containers))
        for job in self._containers.lost:
            self.state.jobs.restore(job)
        self._training = TrainingJobs(settings, self.state.faults, self.state.jobs)
        self._moto: Any = DomainDispatcherApplication(service_application)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answers a request; what a stranger sends is refused before its body is read.

        Raises:
            ConnectionDropped: A fault ends the connection without an answer, or the client did.
        """
        try:
            origins.check(environ)
            body: bytes = environ["wsgi.input"].read()
        except ServiceError as error:
            return refusal(identify(environ, b""), error)(environ, start_response)
        path: str = environ["PATH_INFO"]
        if path.startswith(control.PREFIX):
            return control.answer(self.state, environ["REQUEST_METHOD"], path, body)(environ, start_response)
        environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body)), "wsgi.input_terminated": True}
        call = identify(environ, body)
        self.state.counts.add(call.name)
        return self._answer(call, environ)(environ, start_response)

    def close(self) -> None:
        """Kills the containers of all jobs, and removes their files."""
        self._containers.close()

    def _answer(self, call: Call, environ: dict[str, Any]) -> Response:
        """The answer to a call; every exception becomes an AWS error in the call's protocol."""
        try:
            job = job_named(call)
            self.state.faults.before(call.name, job)
            response = self._handle(call, environ)
            if response.status_code < HTTPStatus.BAD_REQUEST:
                self.state.faults.after(call.name, job)
        except ServiceError as error:
            response = refusal(call, error)
        except ConnectionDropped:
            raise
        except NotImplementedError:
            response = refusal(call, unknown_operation(call.name))
        except RecursionError:
            response = refusal(call, validation("The request is nested too deeply."))
        except Exception:  # a call that breaks the server must get an answer, and the others theirs
            logger.exception("%s broke", call.name)
            response = refusal(call, internal_failure())
        return response

    def _handle(self, call: Call, environ: dict[str, Any]) -> Response:
        """Passes calls on training jobs to their operation, and all others to moto."""
        if call.service == SAGEMAKER:
            if not call.signed:
                raise ServiceError("MissingAuthenticationTokenException", "Missing Authentication Token", 403)
            request = shapes.parse(call.operation, call.body)
            operation = OPERATIONS.get(call.operation)
            if operation is not None and operation.ours(request):
                return success(operation.handle(self._training, call, request))
        if call.name in BESIDE_MOTO:
            return BESIDE_MOTO[call.name](call)
        if (call.operation, environ["PATH_INFO"]) == RESET:
            self.state.jobs.clear()
        guards.check(call)
        try:
            response = Response.from_app(self._moto, environ, buffered=True)
        except UNREADABLE as error:
            logger.warning("moto broke on %s", call.name, exc_info=True)
            raise validation(
                f"{call.name} has a parameter that cannot be read, such as a malformed ARN, or lacks one "
                f"({type(error).__name__}: {error})."
            ) from error
        # A page says that moto has no such route; the answer to HEAD has no content, and so no type that says anything.
        if (
            response.status_code >= HTTPStatus.BAD_REQUEST
            and response.mimetype == "text/html"
            and call.operation != "HEAD"
        ):
            raise unknown_operation(call.name)
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            response.set_data(AS_BOTO_SAYS.sub(b"", response.get_data()))
        elif call.name in OMITTED:
            response.set_data(without_empty(call.name, response.get_data()))
        return response


def service_application(service: Any) -> Any:
    """Moto's application for a service.

    Raises:
        NotImplementedError: Moto does not know the service.
    """
    if service is None:
        raise NotImplementedError
    return create_backend_app(service)


def job_named(call: Call) -> str:
    """The name of the training job in the request, or "" if it names none; the body may be anything."""
    if call.service != SAGEMAKER:
        return ""
    try:
        request: Any = json.loads(call.body or b"{}")
    except ValueError:
        return ""
    name = request.get("TrainingJobName", "") if isinstance(request, dict) else ""
    return name if isinstance(name, str) else ""


def success(answer: dict[str, Any]) -> Response:
    """An answer of AWS's JSON protocol."""
    response = Response(json.dumps(answer), content_type="application/x-amz-json-1.1")
    response.headers["x-amzn-RequestId"] = str(uuid4())
    return response


def refusal(call: Call, error: ServiceError) -> Response:
    """An error, encoded in the call's protocol."""
    request_id = str(uuid4())
    content_type, spell = BODIES[call.protocol]
    response = Response(spell(error, request_id), status=error.status, content_type=content_type)
    response.headers["x-amzn-RequestId"] = request_id
    return response
