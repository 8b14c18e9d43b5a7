"""What discussions keep about a member; plugged into the registry by apps.py."""

from django.utils.translation import gettext_lazy as _

from accounts.personal_data import Holding
from forum.discussions.actions import erasing
from forum.discussions.models import (
    Attachment,
    Draft,
    HeldText,
    Mention,
    Post,
    Reaction,
    ReadMark,
    Revision,
    SavedPost,
    Thread,
    Visit,
    VoiceOfCategory,
)

OWN_OR_NOT = _(
    "What you wrote in your own voice stays without your name, or is withdrawn: you choose. What "
    "you wrote in an organization's voice stays as the organization's, without your name."
)
THE_MEMBER = {"user": "the member themselves"}

THREADS = Holding(
    model=Thread,
    member="author",
    title=_("Threads you started"),
    purpose=_("So that the conversation has a title and somebody who began it."),
    kept=_("As long as the forum exists."),
    erased=_("The title stays, since others answered below it. Your name is gone."),
    fields={
        "title": _("title"),
        "kept_title": _("title, while moderators hide it"),
        "category": _("category"),
        "organization": _("in whose voice"),
        "created_at": _("when"),
    },
    impersonal={
        "author": "the member themselves",
        "template": "a form of the forum",
        "language": "of the title, guessed",
    },
)
POSTS = Holding(
    model=Post,
    member="author",
    title=_("Posts"),
    purpose=_("So that others read what you say, and know who says it and for whom."),
    kept=_("As long as the forum exists; a withdrawn one is hidden and kept for its author."),
    erased=OWN_OR_NOT,
    erase=erasing.erase_words,
    hold=erasing.hold_words,
    fields={
        "thread": _("thread"),
        "number": _("number of the post"),
        "organization": _("in whose voice"),
        "source": _("text"),
        "filled": _("what you filled in"),
        "state": _("state"),
        "is_about_office": _("about the office, as you said"),
        "created_at": _("when"),
        "edited_at": _("changed"),
    },
    impersonal={
        "author": "the member themselves",
        "html": "the same text, drawn",
        "fingerprint": "what the text is compared by",
        "source_format": "HTML or Markdown",
        "filled_words": "what was filled in, folded to be searched",
        "path": "a place in the tree",
        "template": "a form of the forum",
        "language": "guessed from the text, to read it aloud",
    },
)
REVISIONS = Holding(
    model=Revision,
    member="post__author",
    title=_("Earlier texts of your posts"),
    purpose=_("So that readers see what was changed after they answered."),
    kept=_("As long as the post."),
    erased=OWN_OR_NOT,
    fields={
        "post": _("post"),
        "source": _("text"),
        "filled": _("what you filled in"),
        "written_at": _("written"),
        "replaced_at": _("replaced"),
    },
    impersonal={"html": "the same text, drawn", "source_format": "HTML or Markdown"},
)
REACTIONS = Holding(
    model=Reaction,
    member="user",
    title=_("Thanks and support"),
    purpose=_("So that authors see who agrees."),
    kept=_("Until you take them back."),
    erased=_("Those in your own voice are removed; an organization's stay, without your name."),
    # By erase_words: their threads are locked together with those of the posts.
    fields={
        "post": _("post"),
        "kind": _("kind"),
        "organization": _("in whose voice"),
        "created_at": _("when"),
    },
    impersonal=THE_MEMBER,
)
DRAFTS = Holding(
    model=Draft,
    member="user",
    title=_("Unsent texts"),
    purpose=_("So that nothing you typed is lost."),
    kept=_("Until you send or discard them."),
    erased=_("Removed."),
    erase=erasing.forget_own_things,
    fields={
        "context": _("place"),
        "title": _("title"),
        "body": _("text"),
        "filled": _("what you filled in"),
        "organization": _("in whose voice"),
        "is_about_office": _("about the office, as you said"),
        "changed_at": _("changed"),
    },
    impersonal=THE_MEMBER | {"body_format": "HTML or Markdown"},
)
HELD_TEXTS = Holding(
    model=HeldText,
    member="author",
    title=_("Texts that wait for a moderator, or were not published"),
    purpose=_("So that a moderator reads them before others do, and you can appeal."),
    kept=_(
        "Until they are published or you take them back. One that was refused: seven months, so "
        "that you can appeal."
    ),
    erased=_("Removed. What has been published is a post."),
    erase=erasing.forget_held_texts,
    fields={
        "context": _("place"),
        "thread": _("thread"),
        "category": _("category"),
        "title": _("title"),
        "source": _("text"),
        "filled": _("what you filled in"),
        "organization": _("in whose voice"),
        "is_about_office": _("about the office, as you said"),
        "reasons": _("why it waits"),
        "state": _("state"),
        "created_at": _("when"),
        "settled_at": _("decided"),
    },
    impersonal={
        "author": "the member themselves",
        "html": "the same text, drawn",
        "source_format": "HTML or Markdown",
        "template": "a form of the forum",
        "language": "guessed from the text, to read it aloud",
        "detached": "keys of files that the new text leaves out",
        "described": "descriptions of pictures, as they stand on the pictures",
    },
)
ATTACHMENTS = Holding(
    model=Attachment,
    member="uploader",
    title=_("Files you attached"),
    purpose=_("So that readers of the post can open them."),
    kept=_("As long as the post; a file that was never sent, for two weeks."),
    erased=_(
        "Those of texts that stay, stay with them. Those of withdrawn and unsent texts are deleted."
    ),
    fields={
        "name": _("name of the file"),
        "kind": _("kind"),
        "size_bytes": _("size in bytes"),
        "alt": _("description of the picture"),
        "post": _("post"),
        "context": _("place"),
        "created_at": _("when"),
    },
    secret={"file": _("the file itself, which you can open in the post")},
    impersonal={"uploader": "the member themselves"},
)
READ_MARKS = Holding(
    model=ReadMark,
    member="user",
    title=_("What you have read"),
    purpose=_("So that the forum shows you what is new, after a month as well."),
    kept=_("As long as the account exists. Nobody else sees it."),
    erased=_("Removed."),
    fields={
        "thread": _("thread"),
        "ranges": _("numbers of the posts"),
        "visited_at": _("last visit"),
    },
    impersonal=THE_MEMBER,
)
VISITS = Holding(
    model=Visit,
    member="user",
    title=_("When you were here last"),
    purpose=_("So that the first page shows you what is new since then."),
    kept=_("As long as the account exists; only the last two visits. Nobody else sees it."),
    erased=_("Removed."),
    fields={"at": _("this visit"), "since": _("the visit before")},
    impersonal=THE_MEMBER,
)
SAVED_POSTS = Holding(
    model=SavedPost,
    member="user",
    title=_("Posts saved for later"),
    purpose=_("So that you find them again."),
    kept=_("Until you remove them. Nobody else sees them."),
    erased=_("Removed."),
    fields={"post": _("post"), "note": _("your note"), "saved_at": _("when")},
    impersonal=THE_MEMBER,
)
MENTIONS = Holding(
    model=Mention,
    member="user",
    title=_("Where others call you by @"),
    purpose=_("So that you learn that somebody asks you."),
    kept=_("As long as the post."),
    erased=_("The mention stays with your number; your name is gone from the post."),
    fields={"post": _("post"), "organization": _("organization")},
    impersonal=THE_MEMBER,
)
VOICES = Holding(
    model=VoiceOfCategory,
    member="user",
    title=_("In whose name you wrote last in each category"),
    purpose=_("So that the right voice is chosen when you write the next time."),
    kept=_("As long as the account exists."),
    erased=_("Removed."),
    fields={"category": _("category"), "organization": _("in whose voice")},
    impersonal=THE_MEMBER,
)
ALL = (
    # The last to be erased: its cases, and unsent files, are locked after every thread.
    HELD_TEXTS,
    DRAFTS,
    THREADS,
    POSTS,
    REVISIONS,
    REACTIONS,
    ATTACHMENTS,
    READ_MARKS,
    VISITS,
    SAVED_POSTS,
    MENTIONS,
    VOICES,
)
