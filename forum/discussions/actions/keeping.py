"""What members keep for later: nobody else learns of it, so no stream changes."""

from accounts.models import User
from forum.discussions import rules
from forum.discussions.models import Post, SavedPost
from forum.lib.answers import demand


def save_for_later(*, author: User, post: Post, note: str | None = None) -> SavedPost:
    """The post among those the member keeps, with the note; without one an earlier note stays.

    Repeating it changes nothing. Raises: Refused.
    """
    kept = SavedPost.objects.filter(user=author, post=post).first()
    if kept is None:
        demand(rules.may_save(author, post))
        kept, _ = SavedPost.objects.get_or_create(user=author, post=post)
    if note is not None and note != kept.note:
        kept.note = note
        kept.save(update_fields=["note"])
    return kept


def save_no_longer(*, author: User, post: Post) -> None:
    """Forget the post and the note. Repeating it changes nothing."""
    SavedPost.objects.filter(user=author, post=post).delete()
