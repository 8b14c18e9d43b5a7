"""Addresses of threads and posts."""

from django.urls import path, register_converter

from forum.discussions.drafts import ContextConverter
from forum.discussions.views import (
    attaching,
    drafts,
    history,
    keeping,
    lists,
    managing,
    mentions,
    posting,
    reading_marks,
    starting,
    threads,
    waiting,
)

register_converter(ContextConverter, "context")

app_name = "discussions"
urlpatterns = [
    path("threads/", lists.latest, name="latest"),
    path("threads/unread/", lists.unread_list, name="unread_list"),
    path("threads/unanswered/", lists.unanswered, name="unanswered"),
    path("threads/official/", lists.official, name="official"),
    path("categories/<int:pk>/", lists.category, name="category"),
    path("categories/<int:pk>/threads/new/", starting.start, name="start"),
    path("threads/<int:pk>/", threads.thread, name="thread"),
    path("threads/read/", reading_marks.read_everything, name="read_everything"),
    path("threads/<int:pk>/read/", reading_marks.read, name="read"),
    path("threads/<int:pk>/unread/", reading_marks.unread, name="unread"),
    path("categories/<int:pk>/read/", reading_marks.read_category, name="read_category"),
    path("posts/<int:pk>/unread/", reading_marks.unread_from, name="unread_from"),
    path("threads/<int:pk>/replies/", posting.reply, name="reply"),
    path("threads/<int:pk>/branches/<int:root_number>/", threads.branch, name="branch"),
    path("threads/<int:pk>/posts/<int:number>/", threads.place, name="place"),
    path("threads/<int:pk>/manage/", managing.manage, name="manage"),
    path("threads/<int:pk>/manage/pin/", managing.pin, name="pin"),
    path("threads/<int:pk>/manage/close/", managing.close, name="close"),
    path("threads/<int:pk>/manage/pace/", managing.pace, name="pace"),
    path("threads/<int:pk>/manage/retitle/", managing.retitle, name="retitle"),
    path("threads/<int:pk>/manage/move/", managing.move, name="move"),
    path("threads/<int:pk>/manage/merge/", managing.merge, name="merge"),
    path("threads/<int:pk>/manage/split/", managing.split, name="split"),
    path("posts/<int:pk>/", posting.post, name="post"),
    path("posts/<int:pk>/reply/", posting.answer, name="answer"),
    path("posts/<int:pk>/edit/", posting.edit, name="edit"),
    path("posts/<int:pk>/withdraw/", posting.withdraw, name="withdraw"),
    path("posts/<int:pk>/reactions/", posting.react, name="react"),
    path("posts/<int:pk>/history/", history.history, name="history"),
    path("posts/<int:pk>/accept/", keeping.accept, name="accept"),
    path("posts/<int:pk>/save/", keeping.save, name="save"),
    path("mentions/", mentions.mentions, name="mentions"),
    path("attachments/", attaching.upload, name="upload"),
    path("attachments/<uuid:key>/", attaching.attachment, name="attachment"),
    path("attachments/<uuid:key>/describe/", attaching.describe, name="describe"),
    path(
        "attachments/<uuid:key>/discard/", attaching.discard_attachment, name="discard_attachment"
    ),
    path("saved/", keeping.saved, name="saved"),
    path("held/<int:pk>/", waiting.held_text, name="held_text"),
    path("held/<int:pk>/take-back/", waiting.take_back, name="take_back"),
    path("drafts/", drafts.drafts, name="drafts"),
    path("drafts/<context:context>/", drafts.draft, name="draft"),
    path("drafts/<context:context>/text/", drafts.text, name="draft_text"),
    path("drafts/<context:context>/discard/", drafts.discard, name="discard"),
]
