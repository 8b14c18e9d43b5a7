"""Beginning and ending the maintenance, and the signs of life of workers."""

from datetime import datetime, timedelta

from django.utils import timezone

from forum.operation.models import ONLY_ROW, Beat, Maintenance

FORGOTTEN_AFTER = timedelta(days=1)


def begin_maintenance(*, reason: str, until: datetime | None) -> Maintenance:
    """From now on nobody writes; begun again, it gets the new reason and the new end."""
    row, _is_new = Maintenance.objects.update_or_create(
        pk=ONLY_ROW,
        defaults={"reason": reason, "until": until},
        create_defaults={"reason": reason, "until": until, "since": timezone.now()},
    )
    return row


def end_maintenance() -> bool:
    """Everybody writes again. False where there was no maintenance."""
    return bool(Maintenance.objects.filter(pk=ONLY_ROW).delete()[0])


def beat(process: str) -> None:
    """Note that the workers of the process live, and forget processes that ended without a word."""
    now = timezone.now()
    if not Beat.objects.filter(process=process).update(at=now):
        Beat.objects.filter(at__lt=now - FORGOTTEN_AFTER).delete()
        Beat.objects.create(process=process, at=now)


def fall_silent(process: str) -> None:
    """The process ended in order: its absence is no fault."""
    Beat.objects.filter(process=process).delete()
