"""How much members want to hear: of one thread, of what it is in, and in general.

The thread's own choice decides. Without one, "muted" of its category or of the organization that
writes is the strictest, then "everything" of either, then the member's preset.
Source: docs/decisions/0032-notifications.md.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from django.db.models import Expression, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.rules import Viewer
from forum.lib.prepared import Prepared
from forum.notifications import meanings
from forum.notifications.models import Follow, Notification, Preference

Level = Follow.Level
Preset = Preference.Preset


@dataclass(frozen=True, slots=True)
class Standing:
    """How much a member hears of a place, and why: by their own row, or in general."""

    place: str
    level: str
    why: str = ""  # of Follow.Why; empty in general

    @classmethod
    def chosen(cls, place: str, level: str, why: str, preset: str) -> Self:
        """By the member's own choice there, else by their preset; both may be empty."""
        if level:
            return cls(place, level, why)
        everything = preset == Preset.EVERYTHING
        return cls(place, Level.EVERYTHING if everything else Level.CONCERNING)

    @property
    def button(self) -> str:
        """The word on the button that opens the choice."""
        return str(meanings.BUTTONS[Level(self.level)])

    @property
    def meaning(self) -> str:
        """What will come."""
        return str(meanings.LEVELS[Level(self.level)])

    @property
    def reason(self) -> str:
        """Why it is so."""
        return str(meanings.REASONS[Follow.Why(self.why)] if self.why else meanings.DEFAULT_REASON)

    @property
    def choices(self) -> list[tuple[str, str, str]]:
        """Each level: its value, its name, what will come."""
        return [(each.value, str(each.label), str(meanings.LEVELS[each])) for each in Level]


def hearing_everything(near: str, wider: Collection[str], event: int) -> Q:
    """Members who heard of everything in the place `near` ("thread.42"), within the wider ones,
    when the event happened: whoever came to follow it later is not told of what was before."""
    decided = Follow.objects.filter(place=near, after__lt=event)
    around = Follow.objects.filter(place__in=wider, after__lt=event)
    wanting = Preference.objects.filter(preset=Preset.EVERYTHING)
    return _in(decided.filter(level=Level.EVERYTHING)) | (
        ~_in(decided)
        & ~_in(around.filter(level=Level.MUTED))
        & (_in(around.filter(level=Level.EVERYTHING)) | Q(pk__in=wanting.values("pk")))
    )


def following(near: str, event: int) -> Q:
    """Members who followed the place, whether all of it or only what concerns them."""
    return _in(Follow.objects.filter(place=near, after__lt=event).exclude(level=Level.MUTED))


def deaf_to(near: str, wider: Collection[str]) -> Q:
    """Members who muted the place, or what it is in."""
    decided = Follow.objects.filter(place=near)
    around = Follow.objects.filter(place__in=wider, level=Level.MUTED)
    return _in(decided.filter(level=Level.MUTED)) | (~_in(decided) & _in(around))


def preset_of(member: User) -> str:
    """What the member wants to hear in general. Queries: one."""
    found = Preference.objects.filter(user=member).values_list("preset", flat=True).first()
    return found or Preset.CONCERNING


def preference_of(member: User) -> Preference:
    """The member's preference; one that is not kept where they chose nothing. Queries: one."""
    return Preference.objects.filter(user=member).first() or Preference(user=member)


def standing_of(member: User, place: str) -> Standing:
    """How much the member hears of one place. Queries: one."""
    row = _STANDING.first(viewer=member.pk, place=place)
    return Standing.chosen(place, *(row or ("", "", "")))


def standing_for(viewer: Viewer, place: str) -> Standing | None:
    """The same for whoever reads; None for a guest. Queries: one for a member."""
    return standing_of(viewer, place) if isinstance(viewer, User) else None


def is_muted(member: User, notification: Notification) -> bool:
    """Whether the member muted the place since they were told. Queries: one."""
    return Follow.objects.filter(user=member, place=notification.place, level=Level.MUTED).exists()


def _in(follows: QuerySet[Follow]) -> Q:
    return Q(pk__in=follows.values("user"))


def own_level(place: str) -> dict[str, Expression]:
    """Columns beside a row of a member, in the order in which `Standing.chosen` takes them."""
    rows = Follow.objects.filter(user=OuterRef("pk"), place=place)
    own = {name: Coalesce(Subquery(rows.values(name)), Value("")) for name in ("level", "why")}
    return {**own, "preset": Coalesce(Subquery(_PRESET), Value(""))}


_PRESET = Preference.objects.filter(pk=OuterRef("pk")).values("preset")
_STANDING = Prepared(
    lambda viewer, place: (
        User.objects.filter(pk=viewer).annotate(**own_level(place)).values_list(*own_level(place))
    )
)
