"""What discussions keep: threads, posts, their history, mentions, what members keep of them."""

from forum.discussions.models.attachments import Attachment, AttachmentQuerySet
from forum.discussions.models.file_texts import FileText
from forum.discussions.models.held import HeldText, HeldTextQuerySet
from forum.discussions.models.history import Revision
from forum.discussions.models.mentions import Mention, MentionQuerySet
from forum.discussions.models.personal import Draft, ReadMark, SavedPost, VoiceOfCategory
from forum.discussions.models.posts import (
    DRAWN_LEVELS,
    Post,
    PostQuerySet,
    Reaction,
    ReactionTally,
    VoiceGroup,
)
from forum.discussions.models.threads import TITLE_MAX_LENGTH, Departure, Thread, ThreadQuerySet
from forum.discussions.models.voices import Voiced

__all__ = [
    "DRAWN_LEVELS",
    "TITLE_MAX_LENGTH",
    "Attachment",
    "AttachmentQuerySet",
    "Departure",
    "Draft",
    "FileText",
    "HeldText",
    "HeldTextQuerySet",
    "Mention",
    "MentionQuerySet",
    "Post",
    "PostQuerySet",
    "Reaction",
    "ReactionTally",
    "ReadMark",
    "Revision",
    "SavedPost",
    "Thread",
    "ThreadQuerySet",
    "VoiceGroup",
    "VoiceOfCategory",
    "Voiced",
]
