"""Posts the comment to a pull request on GitHub, or updates the one that is there.

Input: the Markdown. Output: one comment (REST API, "Issue comments"). The comment is looked for on every page, for a
busy pull request has several.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import urllib3

from sagemaker_constructs.review.comment import MARKER
from sagemaker_constructs.review.files import ReviewError

API = "https://api.github.com"
_PAGE = 100
"""Comments on one page; the most that GitHub gives."""


@dataclass(frozen=True)
class PullRequest:
    """A pull request, and how to write to it."""

    repository: str
    """`owner/name`."""
    number: int
    token: str
    """With `pull-requests: write`."""
    api: str = API

    def post(self, body: str) -> str:
        """Update the comment that has the marker, or add one; its address.

        Raises:
            ReviewError: GitHub refused.
        """
        present = self._present()
        if present is None:
            answer = self._ask("POST", f"issues/{self.number}/comments", {"body": body})
        else:
            answer = self._ask("PATCH", f"issues/comments/{present}", {"body": body})
        return str(answer.get("html_url", ""))

    def _present(self) -> int | None:
        page = 1
        while True:
            found: list[dict[str, Any]] = self._ask(
                "GET", f"issues/{self.number}/comments?per_page={_PAGE}&page={page}", None
            )
            for each in found:
                if str(each.get("body") or "").startswith(MARKER):
                    return int(each["id"])
            if len(found) < _PAGE:
                return None
            page += 1

    def _ask(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self.token}",
            "X-GitHub-Api-Version": "2022-11-28",
            "User-Agent": "sagemaker-review",
        }
        retries = urllib3.Retry(total=3, backoff_factor=1, status_forcelist=(502, 503, 504))
        address = f"{self.api}/repos/{self.repository}/{path}"
        try:
            answer = urllib3.request(
                method,
                address,
                headers=headers,
                body=None if body is None else json.dumps(body).encode(),
                retries=retries,
                timeout=30,
            )
        except urllib3.exceptions.HTTPError as error:
            raise ReviewError(f"{method} {address}: {type(error).__name__}") from None
        if not 200 <= answer.status < 300:  # noqa: PLR2004  success, as HTTP has it
            raise ReviewError(
                f"{method} {address}: GitHub answered {answer.status}. The token needs `pull-requests: write`; a pull "
                "request from a fork has a token that may only read"
            )
        return answer.json()
