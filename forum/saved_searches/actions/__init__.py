"""What changes saved searches: keeping, changing, finding for them."""

from forum.saved_searches.actions.keeping import Question, keep, pause, remove, rename, resume

__all__ = ["Question", "keep", "pause", "remove", "rename", "resume"]
