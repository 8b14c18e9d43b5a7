"""A member's own stream: the bell's count, and the groups of their list that changed."""

from collections.abc import Collection

from django.template.loader import render_to_string

from accounts.models import User
from accounts.rules import Viewer
from forum.live.streams import CHANGES_LIMIT, Changes, Stream
from forum.notifications.bell import bell_of
from forum.notifications.listing import Group, groups_changed, rows_changed
from forum.notifications.models import Tray


class MemberStream(Stream):
    """What happens among one member's notifications; its owner row is their tray."""

    kind = "member"

    def may_listen(self, viewer: Viewer, pk: int) -> bool:
        return isinstance(viewer, User) and viewer.is_active and viewer.pk == pk

    def seqs(self, pks: Collection[int]) -> dict[int, int]:
        # Whoever was told nothing yet has no tray, and still listens.
        found = dict(Tray.objects.filter(pk__in=pks).values_list("pk", "seq"))
        return {pk: found.get(pk, 0) for pk in pks}

    def changes(self, pk: int, since: int) -> Changes:
        # The number is read before the rows: a change in between is sent twice, never missed.
        member = User.objects.get(pk=pk)
        bell = bell_of(member)
        changed = rows_changed(member, since, CHANGES_LIMIT)
        html = fragments(member, changed.places, bell.seq)
        if changed.more:
            return Changes(changed.seq, html, more=True)
        if bell.seq > since:
            html = f"{render_to_string('notifications/_count.html', {'bell': bell})}\n{html}"
        return Changes(bell.seq, html, more=False)


def fragments(member: User, places: Collection[str], seq: int) -> str:
    """The groups of these places as the member's list shows them; one with nothing left is gone."""
    groups = {group.place: group for group in groups_changed(member, places, seq)}
    return "\n".join(
        render_to_string(
            "notifications/_group.html", {"group": groups.get(place) or Group(place, seq)}
        )
        for place in places
    )
