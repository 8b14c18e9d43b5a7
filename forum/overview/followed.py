"""What a member follows and what they muted, as lists of threads ask for it."""

from dataclasses import dataclass
from typing import Self

from accounts.models import User
from forum.discussions.models import Thread, ThreadQuerySet
from forum.discussions.places import place_of_category, place_of_thread
from forum.notifications.models import Follow

Level = Follow.Level


@dataclass(frozen=True, slots=True)
class Wishes:
    """How much one member wants to hear of which places, by the places' names."""

    member: User
    levels: dict[str, str]

    @classmethod
    def of(cls, member: User) -> Self:
        """All choices of the member. Queries: one."""
        return cls(member, dict(Follow.objects.of(member).values_list("place", "level")))

    @property
    def mutes_anything(self) -> bool:
        """Whether the member does not want to hear of some place."""
        return Level.MUTED in self.levels.values()

    def mutes(self, thread: Thread, organization_pk: int | None) -> bool:
        """Whether the member does not want to hear of what the organization, or a person, says in
        the thread: as with notifications, the thread's own choice decides."""
        chosen = self.levels.get(place_of_thread(thread.pk))
        if chosen is not None:
            return chosen == Level.MUTED
        around = [place_of_category(thread.category_id), f"organization.{organization_pk}"]
        return any(self.levels.get(place) == Level.MUTED for place in around)

    def threads(self) -> ThreadQuerySet:
        """The threads the member follows and may read, the one written in last first."""
        places = [place for place, level in self.levels.items() if level == Level.EVERYTHING]
        kinds = (place.partition(".") for place in places)
        pks = [int(pk) for kind, _, pk in kinds if kind == "thread"]
        readable = Thread.objects.readable_by(self.member).for_listing().listed()
        return readable.filter(pk__in=pks).latest_first()

    def with_news(self) -> ThreadQuerySet:
        """Those of them with posts that the member has not read."""
        return self.threads().unread_by(self.member)
