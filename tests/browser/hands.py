"""A member who acts without a browser: the same addresses and forms, by plain HTTP."""

from typing import Any

import httpx

from tests.live.serving import Serving


class Hands:
    """A logged-in member's own HTTP client."""

    def __init__(self, server: Serving, session: str) -> None:
        self._client = httpx.Client(
            base_url=server.origin,
            cookies={"sessionid": session},
            headers={"X-Fragment": "1", "Origin": server.origin},
            timeout=30,
        )
        self._client.get("/")
        self._client.headers["X-CSRFToken"] = self._client.cookies["csrftoken"]

    def post(self, path: str, **form: Any) -> httpx.Response:
        """The answer to a form, which must have been taken."""
        response = self._client.post(path, data=form)
        assert response.is_success, response.text
        return response

    def reply(self, thread: str, body: str, parent: int | str = "") -> dict[str, Any]:
        """The change that the reply made."""
        form = {"body": body, "body_format": "markdown", "parent": parent, "voice": ""}
        return self.post(f"{thread}replies/", **form).json()

    def close(self) -> None:
        self._client.close()
