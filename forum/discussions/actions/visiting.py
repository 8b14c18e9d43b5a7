"""When a member was here. Seen by nobody else.

Source: docs/decisions/0042-home-and-lists.md.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from forum.discussions.models import Visit
from forum.lib.prepared import Prepared
from forum.operation import maintenance

VISIT_GAP = timedelta(minutes=30)  # away for longer than this, and the next coming is a new visit
VISIT_STEP = timedelta(minutes=1)  # how exactly the time of a visit is kept

_VISIT = Prepared(lambda user: Visit.objects.filter(user=user))


def be_here(*, user: User) -> datetime | None:
    """Note that the member is here; when their visit before this one ended, None at the first.

    The answer is the same all through a visit. Nothing is kept while the forum is read-only.
    Queries: one, and one more where a visit begins or a minute of it has passed.
    """
    now = timezone.now()
    visit: Visit | None = _VISIT.object(user=user.pk)
    is_kept = not maintenance.current()
    if visit is None:
        if is_kept:
            Visit.objects.bulk_create([Visit(user=user, at=now)], ignore_conflicts=True)
        return None
    away = now - visit.at
    if away < VISIT_STEP:
        return visit.since
    since = visit.at if away > VISIT_GAP else visit.since
    if is_kept:
        # Only where no other tab came first: it began the same visit.
        Visit.objects.filter(user=user, at=visit.at).update(since=since, at=now)
    return since
