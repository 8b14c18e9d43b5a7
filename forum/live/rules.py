"""Who may listen to what, and whether a socket still belongs to who opened it.

These functions read the database and run on the hub's own threads, never on the event loop.
"""

from collections.abc import Collection, Iterable

from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import Organization, User
from accounts.rules import Viewer, may_speak
from forum.live import streams
from forum.live.presence import Voice
from forum.live.sockets import Socket

Pair = tuple[int | None, str]  # a member's pk (None: a guest) and the name of a stream


def may_listen(viewer: Viewer, name: str) -> bool:
    """Whether the viewer may listen to the stream of that name now."""
    found = streams.find(name)
    return found is not None and found[0].may_listen(viewer, found[1])


def judge(pairs: Iterable[tuple[Viewer, str]]) -> dict[Pair, bool]:
    """The answer for each member and stream; guests share theirs.

    Queries: what each different pair costs.
    """
    answers: dict[Pair, bool] = {}
    for viewer, name in pairs:
        pair = (viewer.pk, name)
        if pair not in answers:
            answers[pair] = may_listen(viewer, name)
    return answers


def fresh_members(pks: Collection[int]) -> dict[int, User]:
    """The members who may still log in, as they are now. Queries: one, none for guests only."""
    if not pks:
        return {}
    return {user.pk: user for user in User.objects.filter(pk__in=pks, is_active=True)}


def is_shown(viewer: Viewer) -> bool:
    """Whether others are told that the member reads and writes. Queries: none."""
    return isinstance(viewer, User) and viewer.shows_presence


def voice_of(asked: tuple[Viewer, int]) -> Voice | None:
    """As whom the member is shown writing, in the voice of that organization (0: in their own).

    None where they may not speak so, or want nobody to know. Queries: 0 to 2.
    """
    viewer, pk = asked
    if not is_shown(viewer):
        return None
    assert isinstance(viewer, User)
    if pk == 0:
        return Voice(viewer.display_name) if may_speak(viewer, None) else None
    organization = Organization.objects.filter(pk=pk).first()
    if organization is None or not may_speak(viewer, organization):
        return None
    return Voice(organization.called, is_organization=True)


def open_sessions(keys: Collection[str]) -> set[str]:
    """Those of the session keys that still stand. Queries: one, none for guests only."""
    if not keys:
        return set()
    standing = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return set(standing.values_list("session_key", flat=True))


def is_still_logged_in(socket: Socket, members: dict[int, User], sessions: set[str]) -> bool:
    """Whether the session that opened the socket still stands for an active member.

    A changed password ends every session but the one that changed it: Django compares the hash.
    """
    if socket.viewer.pk is None:
        return True
    member = members.get(socket.viewer.pk)
    return (
        member is not None
        and socket.session_key in sessions
        and constant_time_compare(socket.session_hash, member.get_session_auth_hash())
    )
