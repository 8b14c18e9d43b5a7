"""Sessions in the database, read without writing the SQL of the question anew at every request."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from forum.lib.prepared import Prepared


class SessionStore(DatabaseStore):
    """Django's own store but for how it reads: the settings name this module as the engine.

    Source: docs/decisions/0021-shared-pages.md.
    """

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing where it is unknown or over. Queries: one."""
        found = _STORED.first(key=self.session_key) if self.session_key else None
        if found is None or found[1] <= timezone.now():
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(found[0])
        return held


_STORED = Prepared(
    lambda key: Session.objects.filter(session_key=key).values_list("session_data", "expire_date")
)
