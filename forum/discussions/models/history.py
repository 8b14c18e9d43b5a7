"""What a post said before it was changed."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.discussions.models.posts import Post


class Revision(models.Model):
    """One earlier text of a post. A change within the grace period leaves none."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="revisions")
    source = models.TextField()
    source_format = models.CharField(max_length=10, choices=Post.Format)
    html = models.TextField()
    filled = models.JSONField(default=dict)  # into the form of its thread
    written_at = models.DateTimeField()  # when this text was written
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["replaced_at", "pk"]

    def __str__(self) -> str:
        return f"{self.post} {self.replaced_at:%Y-%m-%d %H:%M}"
