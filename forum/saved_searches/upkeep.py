"""Daily tidying: what was found long ago, and read."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from forum.jobs.tasks import periodic
from forum.notifications.actions.clearing import KEPT, ROWS_AT_ONCE
from forum.notifications.models import Item
from forum.saved_searches.models import Match


@periodic("saved_searches.clear", every=timedelta(days=1))
def clear_matches() -> None:
    """Remove old results of which no notification tells any more."""
    of_member = Item.objects.filter(user=OuterRef("search__user"), event__about=OuterRef("about"))
    old = Match.objects.filter(made_at__lt=timezone.now() - KEPT).exclude(Exists(of_member))
    while pks := list(old.values_list("pk", flat=True)[:ROWS_AT_ONCE]):
        Match.objects.filter(pk__in=pks).delete()
