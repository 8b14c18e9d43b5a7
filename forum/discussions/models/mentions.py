"""Who is called in which post."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from accounts.rules import voices_of
from forum.discussions.models.posts import Post


class MentionQuerySet(models.QuerySet["Mention"]):
    def of(self, user: User) -> "MentionQuerySet":
        """Where the member, or an organization they speak for today, is called: in posts that
        stand and that they may read."""
        standing = Post.objects.readable_by(user).filter(state=Post.State.PUBLISHED)
        called = Q(user=user) | Q(organization__in=voices_of(user).values("pk"))
        return self.filter(called, post__in=standing.values("pk"))


class Mention(models.Model):
    """A member or an organization that a post calls by "@"; one that is only quoted is none.

    Source: docs/decisions/0018-mentions.md.
    """

    post = models.ForeignKey(Post, models.CASCADE, related_name="mentions")
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    organization = models.ForeignKey(Organization, models.CASCADE, null=True, related_name="+")

    objects = MentionQuerySet.as_manager()

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None, organization__isnull=False)
                | Q(user__isnull=False, organization=None),
                name="mention_of_exactly_one",
            ),
            models.UniqueConstraint(fields=["post", "user"], name="one_mention_of_a_member"),
            models.UniqueConstraint(
                fields=["post", "organization"], name="one_mention_of_an_organization"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} @{self.user_id or self.organization_id}"
