"""Letters about one's own texts. Queued in the caller's transaction, in the reader's language."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation

from accounts.addresses import on_the_site
from forum.discussions.models import Post


def tell_published(post: Post) -> None:
    """Tell the author that the text which waited is seen now, and where."""
    reader = post.author
    if not reader.is_active:
        return
    context = {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "title": post.thread.title,
        "address": on_the_site(post.get_absolute_url()),
    }
    with translation.override(reader.language):
        subject = render_to_string("discussions/mail/published_subject.txt", context)
        body = render_to_string("discussions/mail/published.txt", context)
    send_mail(" ".join(subject.split()), body.strip() + "\n", None, [reader.email])
