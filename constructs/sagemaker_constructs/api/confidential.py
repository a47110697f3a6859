"""Masks the secrets of the present call in what the user is told and in errors.

Input: the secrets, for the time of a call. Output: texts and errors without them, wherever in the call they arise.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from sagemaker_constructs.api.masking import masked

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

_secrets: ContextVar[frozenset[str]] = ContextVar("secrets of the present call", default=frozenset())
"""Of this thread, for a provider serves several resources at once."""


@contextmanager
def secrets_masked(secrets: Iterable[str]) -> Generator[None]:
    """Mask the secrets in every text that passes `without_secrets`, and in every error that is raised, meanwhile."""
    token = _secrets.set(frozenset(secrets))
    try:
        yield
    except Exception as error:
        _mask(error)
        raise
    finally:
        _secrets.reset(token)


def without_secrets(text: str) -> str:
    """The text without credentials and the secrets of the present call."""
    return masked(text, _secrets.get())


def _mask(error: BaseException | None) -> None:
    """Mask the texts of an error, and of those that led to it: a traceback shows them all."""
    while error is not None:
        error.args = tuple(without_secrets(each) if isinstance(each, str) else each for each in error.args)
        for name, value in vars(error).items():
            if isinstance(value, str):
                setattr(error, name, without_secrets(value))
        error = error.__cause__ or error.__context__
