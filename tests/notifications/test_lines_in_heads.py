"""Whatever a thread is called, the head of its mail has the lines that we write."""

import pytest

from forum.discussions.models import Thread
from tests.cast import logged_in
from tests.factories import a_category, a_reply

pytestmark = pytest.mark.django_db

TITLES = [
    "Zebranie\r\nBcc: ofiara@example.org\r\n\r\nTreść",
    "Zebranie\nBcc: ofiara@example.org",
    "Zebranie\u2028Bcc: ofiara@example.org",
    "Zebranie\x0bBcc: ofiara@example.org\x0c",
    "=?utf-8?q?Zebranie=0ABcc:_ofiara@example.org?=",
]


@pytest.mark.parametrize("title", TITLES)
def test_a_title_of_two_lines_is_one_line_of_the_mail(title, alice, bob, later, outbox):
    page = f"/categories/{a_category().pk}/threads/new/"
    form = {"title": title, "body": "Treść", "body_format": "markdown"}
    assert logged_in(alice).post(page, form).status_code < 500
    a_reply(bob, Thread.objects.get())
    later()
    assert any("Zebranie" in message.subject for message in outbox)
    for message in outbox:
        head = message.message().as_bytes().partition(b"\n\n")[0]
        assert not any(line.lower().startswith(b"bcc") for line in head.splitlines())
        assert "ofiara@example.org" not in message.recipients()
