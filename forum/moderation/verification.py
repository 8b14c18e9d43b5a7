"""Organizations to verify, as the desk's queue knows them; they are decided at their own desk."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User, VerificationCase
from accounts.rules import Viewer
from forum.lib.answers import Refusal, Refused
from forum.moderation.measures import Measure
from forum.moderation.reviewing import Line, Reviewable, Subject

KIND = "verification"


class VerificationReview(Reviewable):
    """A case of verification in the queue: nothing is decided about it here."""

    kind = KIND
    label = _("organization to verify")

    def readable(self, viewer: Viewer) -> QuerySet[Any, Any]:
        if not isinstance(viewer, User) or not viewer.is_staff:
            return VerificationCase.objects.none().values("pk")
        return VerificationCase.objects.readable_by(viewer).values("pk")

    def may_read(self, viewer: Viewer, pk: int) -> bool:
        return self.readable(viewer).filter(pk=pk).exists()

    def lines(self, pks: Collection[int]) -> Mapping[int, Line]:
        cases = VerificationCase.objects.filter(pk__in=pks).for_listing()
        return {
            case.pk: Line(
                pk=case.pk,
                title=str(case.organization),
                excerpt="",
                url=case.get_absolute_url(),
                author_pk=case.opened_by_id,
                is_open=True,  # names of organizations are public, also of those not checked yet
            )
            for case in cases
        }

    def subject(self, pk: int) -> Subject | None:
        return None

    def measures(self, pk: int) -> frozenset[Measure]:
        return frozenset()

    def hold(self, pk: int) -> None:
        raise Refused(Refusal(_("Organizations are verified at their own desk.")))
