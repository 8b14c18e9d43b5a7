"""Who may start a thread, reply, edit, withdraw, react, keep, and choose the answer."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import Viewer, has_voice, is_standing
from forum.categories.models import Category
from forum.categories.rules import may_write
from forum.discussions.models import HeldText, Post, Thread
from forum.lib.answers import Answer, Refusal
from forum.moderation.models import Case
from forum.moderation.rules import may_moderate

WITHDRAWN = _("This post has been withdrawn.")
MOVED = _("This post has been moved to another thread.")
UNREADABLE = Refusal(_("You may not read this thread."))


def may_read(viewer: Viewer, thread: Thread) -> Answer:
    """The single form of Thread.objects.readable_by."""
    is_readable = Thread.objects.readable_by(viewer).filter(pk=thread.pk).exists()
    return True if is_readable else UNREADABLE


def may_start(viewer: Viewer, category: Category, template: str = "") -> Answer:
    """Whether the viewer may start a thread in the category, with this of its templates."""
    if template and template not in category.templates:
        return Refusal(_("This category does not offer this form. Choose another one."))
    return may_write(viewer, category)


def may_reply(viewer: Viewer, thread: Thread) -> Answer:
    """Whether the viewer may write a post in the thread."""
    takes = takes_replies(thread)
    return may_write(viewer, thread.category) if takes else takes


def takes_replies(thread: Thread) -> Answer:
    """Whether anybody may reply in the thread as it stands. Queries: none."""
    if thread.merged_into_id is not None:
        return Refusal(_("This thread has been merged into another one. Reply there."))
    if thread.is_closed:
        return Refusal(_("This thread is closed: it takes no more replies."))
    return True


def paces_reply(author: User, thread: Thread, last_at: datetime | None, now: datetime) -> Answer:
    """Whether the thread's own pace lets another reply of the member through at this moment.

    `last_at` is when they replied last. Staff is bound by no pace. Queries: none.
    """
    if author.is_staff:
        return True
    if thread.is_quiet_at(now):
        assert thread.quiet_until is not None
        sentence = _("It is quiet in this thread until %(time)s. Your text is kept: send it then.")
        return Refusal(sentence % {"time": time_format(thread.quiet_until)})
    again_at = (last_at or now) + timedelta(minutes=thread.slow_minutes)
    if last_at is None or again_at <= now:
        return True
    sentence = _(
        "Replies of one person in this thread: %(pace)s. You may send this one at %(time)s; until "
        "then your text is kept."
    )
    pace = Thread.Pace(thread.slow_minutes).label
    return Refusal(sentence % {"pace": pace, "time": when_again(again_at)})


def paces_member(minutes: int, last_at: datetime | None, now: datetime, until: datetime) -> Answer:
    """Whether somebody who was slowed down may write again at this moment. Queries: none."""
    again_at = (last_at or now) + timedelta(minutes=minutes)
    if last_at is None or again_at <= now or until <= now:
        return True
    sentence = _(
        "A moderator has slowed your account down until %(until)s. You may write again at %(time)s;"
        " until then your text is kept."
    )
    until_words = date_format(timezone.localtime(until), "DATETIME_FORMAT")
    return Refusal(sentence % {"until": until_words, "time": when_again(again_at)})


def when_again(moment: datetime) -> str:
    """The next whole minute, as people say it: with the day where it is not today."""
    local = timezone.localtime(moment + timedelta(seconds=59)).replace(second=0, microsecond=0)
    is_today = local.date() == timezone.localdate()
    return time_format(local.time()) if is_today else date_format(local, "DATETIME_FORMAT")


def may_manage(viewer: Viewer, thread: Thread) -> Answer:
    """Whether the viewer may pin, close, move, split and merge the thread: staff may."""
    if not isinstance(viewer, User) or not viewer.is_staff or not viewer.is_active:
        return Refusal(_("Only the staff of the forum manages threads."))
    if thread.merged_into_id is not None:
        return Refusal(_("This thread has been merged into another one."))
    return may_read(viewer, thread)


def may_stand_in(thread: Thread, category: Category) -> Answer:
    """Whether the thread may go where it stands in another category, without a decision.

    Not where members would lose sight of what is said about the office: that would hide it, and
    one of those who decide about that is elected. Queries: none but where members lose sight.
    Source: docs/decisions/0029-decisions.md.
    """
    if is_open_to_members(category) or not is_open_to_members(thread.category):
        return True
    posts = thread.posts.order_by()
    about_office = Case.objects.filter(is_about_office=True, kind="post")
    is_said = about_office.filter(subject_pk__in=posts.values("pk")).exists()
    if is_said or posts.filter(is_about_office=True).exists():
        return Refusal(
            _("This thread speaks of the office. Propose at the desk to move it where few read.")
        )
    return True


def is_open_to_members(category: Category) -> bool:
    """Whether every member may read there, and so every moderator."""
    to_all = {Category.Readers.EVERYBODY, Category.Readers.MEMBERS}
    return all(each.readers in to_all for each in filter(None, (category, category.parent)))


def may_retitle(viewer: Viewer, thread: Thread) -> Answer:
    """Whether the viewer may give the thread another title: staff, and whoever started it."""
    if not isinstance(viewer, User) or thread.author_id != viewer.pk or thread.kept_title:
        return may_manage(viewer, thread)
    if thread.merged_into_id is not None:
        return Refusal(_("This thread has been merged into another one."))
    return may_write(viewer, thread.category)


def may_edit(viewer: Viewer, post: Post) -> Answer:
    """Whether the viewer may change the text of the post: its author may, while it stands.

    An organization's words are changed only by somebody who may still speak for it.
    """
    answer = may_withdraw(viewer, post)
    return may_write(viewer, post.thread.category) if answer else answer


def may_withdraw(viewer: Viewer, post: Post) -> Answer:
    """Whether the viewer may take the post back: also where they may write no more."""
    if not isinstance(viewer, User) or post.author_id != viewer.pk:
        return Refusal(_("Only the author may change this post."))
    if post.is_withdrawn:
        return Refusal(WITHDRAWN)
    if post.state == Post.State.HIDDEN:
        return Refusal(
            _("This post has been hidden by the moderators. You can appeal against the decision.")
        )
    if post.is_moved:
        return Refusal(MOVED)
    return has_voice(viewer, post.organization)


def may_react(viewer: Viewer, post: Post) -> Answer:
    """Whether the viewer may thank for the post or support it: every member who reads it, but
    nobody their own post."""
    if not isinstance(viewer, User):
        return Refusal(_("Log in to react to posts."))
    speaks = is_standing(viewer)
    if isinstance(speaks, Refusal):
        return speaks
    if post.author_id == viewer.pk:
        return Refusal(_("This is your own post."))
    standing = is_shown(post)
    return may_read(viewer, post.thread) if standing else standing


def may_see_history(viewer: Viewer, post: Post) -> Answer:
    """Whether the viewer may read what the post said before: whoever reads the post; of a
    withdrawn or hidden one only those who `may_see_words`."""
    if post.has_tombstone and not may_see_words(viewer, post):
        return is_shown(post)
    return may_read(viewer, post.thread)


def may_take_back(viewer: Viewer, held: HeldText) -> Answer:
    """Whether the viewer may take the waiting text back: its author, while nobody has decided."""
    if not isinstance(viewer, User) or held.author_id != viewer.pk:
        return Refusal(_("Only the author may take this text back."))
    if held.state == HeldText.State.PUBLISHED:
        return Refusal(_("This text has been published. You can withdraw the post."))
    if not held.is_waiting:
        return Refusal(_("This text does not wait any more."))
    return True


def may_judge(viewer: Viewer, held: HeldText) -> Answer:
    """Whether the viewer may say what becomes of the text: a moderator, while it can be published,
    and nobody of their own."""
    if held.author_id == viewer.pk:
        return Refusal(_("Nobody decides about their own text."))
    if held.state == HeldText.State.WITHDRAWN:
        return Refusal(_("Its author has taken this text back."))
    if held.state not in (HeldText.State.WAITING, HeldText.State.REFUSED):
        return Refusal(_("This text does not wait any more."))
    if HeldText.objects.to_be_judged_by(viewer).filter(pk=held.pk).exists():
        return True
    return Refusal(_("Only moderators decide about texts that wait."))


def may_see_words(viewer: Viewer, post: Post) -> bool:
    """Whether the viewer, who reads the thread, may read the text of the post as it stands: of one
    that is withdrawn or hidden only its author and those who work for the forum or moderate it."""
    if not post.has_tombstone:
        return True
    if not isinstance(viewer, User) or not viewer.is_active:
        return False
    if post.author_id == viewer.pk or viewer.is_staff:
        return True
    return post.is_hidden and bool(may_moderate(viewer))


def is_shown(post: Post) -> Answer:
    """Whether the post stands in its thread with its text. Queries: none."""
    if post.is_withdrawn:
        return Refusal(WITHDRAWN)
    if post.is_hidden:
        return Refusal(_("This post has been hidden by the moderators."))
    if post.is_moved:
        return Refusal(MOVED)
    return True


def may_choose_answer(viewer: Viewer, thread: Thread) -> Answer:
    """Whether the viewer, who reads the thread, may say which reply answers it: whoever asked,
    and staff."""
    if not isinstance(viewer, User):
        return Refusal(_("Log in to choose the answer."))
    speaks = is_standing(viewer)
    if isinstance(speaks, Refusal):
        return speaks
    if thread.author_id != viewer.pk and not viewer.is_staff:
        return Refusal(_("The answer is chosen by whoever started the thread."))
    return True


def may_accept(viewer: Viewer, post: Post) -> Answer:
    """Whether the viewer may mark the post as the answer: a reply that stands."""
    may_choose = may_choose_answer(viewer, post.thread)
    if isinstance(may_choose, Refusal):
        return may_choose
    if post.number == 1:
        return Refusal(_("The post that opens a thread cannot be its answer."))
    standing = is_shown(post)
    return may_read(viewer, post.thread) if standing else standing


def may_save(viewer: Viewer, post: Post) -> Answer:
    """Whether the viewer may keep the post for later: every member who reads it."""
    if not isinstance(viewer, User):
        return Refusal(_("Log in to save posts for later."))
    if not viewer.is_active:
        return Refusal(_("This account is suspended."))
    if post.has_tombstone:
        return is_shown(post)
    return may_read(viewer, post.thread)
