"""Ending a session ends its open pages."""

from collections.abc import Iterable

from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession

from forum.live.announcing import kick


class SessionsAdapter(DefaultUserSessionsAdapter):
    """allauth's hook, called by whoever ends sessions: the list of sessions, an erased account."""

    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        for session in sessions:
            session.end()
            kick(session=session.session_key)
