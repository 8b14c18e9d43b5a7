"""The stream of the desk: which cases changed, as its queue shows them."""

from collections.abc import Callable, Collection, Iterable

from django.template.loader import render_to_string

from accounts.rules import Viewer
from forum.live.streams import CHANGES_LIMIT, Changes, Stream
from forum.moderation import rules
from forum.moderation.models import DESK_PK, Case, Desk

STREAM = f"desk.{DESK_PK}"


def telling_of_case(pk: int) -> Callable[[], str]:
    """For `announce`: the row of the case and the counts above the queue."""

    def render() -> str:
        return fragments_of(Case.objects.for_listing().filter(pk=pk), _seq())

    return render


def fragments_of(cases: Iterable[Case], seq: int) -> str:
    """The rows of the cases and the counts of all that wait. Queries: one, and that of the cases.

    They are the same for every moderator: a row names nothing that some may not read.
    """
    rows = [render_to_string("moderation/_case_row.html", {"case": case}) for case in cases]
    names = {"counts": Case.objects.counts(), "seq": seq}
    return "\n".join([*rows, render_to_string("moderation/_desk_counts.html", names)])


class DeskStream(Stream):
    """What waits for moderators; only they listen."""

    kind = "desk"

    def may_listen(self, viewer: Viewer, pk: int) -> bool:
        return pk == DESK_PK and bool(rules.may_moderate(viewer))

    def seqs(self, pks: Collection[int]) -> dict[int, int]:
        # Before the first case there is no row yet.
        return {pk: _seq() for pk in pks if pk == DESK_PK}

    def changes(self, pk: int, since: int) -> Changes:
        # The number is read before the rows: a change in between is sent twice, never missed.
        seq = _seq()
        if seq <= since:
            return Changes(seq, "", more=False)
        changed = Case.objects.for_listing().filter(seq__gt=since).order_by("seq")
        cases = list(changed[: CHANGES_LIMIT + 1])
        if len(cases) > CHANGES_LIMIT:
            cases = cases[:CHANGES_LIMIT]
            return Changes(cases[-1].seq, fragments_of(cases, cases[-1].seq), more=True)
        return Changes(seq, fragments_of(cases, seq), more=False)


def _seq() -> int:
    return Desk.objects.filter(pk=DESK_PK).values_list("seq", flat=True).first() or 0
