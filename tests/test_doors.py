"""A thread one may not read is behind every door: no page, list, fragment or stream shows it."""

import pytest
from django.urls import URLPattern, get_resolver, reverse

from forum.categories.models import Category
from forum.discussions.live import stream_of
from tests.factories import a_category, a_reply, a_thread, an_attachment, opening_post
from tests.moderation.desk_doors import CASE_DOORS, DESK_DOORS

pytestmark = pytest.mark.django_db

SECRET = "Tajne-sprawozdanie"
LISTS_OF_THREADS = ("latest", "unanswered", "official")
# A door that shows many things answers 200 without the secret; one that shows the thing, 404.
LISTS = {"overview:home", "duty:promise", *(f"discussions:{name}" for name in LISTS_OF_THREADS)} | {
    f"moderation:{name}"
    for name in ("rules", "rules_versions", "log", "log_file", "months_file", "notice")
}
THINGS = {
    "discussions:manage": ("thread", "get"),
    "discussions:pin": ("thread", "post"),
    "discussions:close": ("thread", "post"),
    "discussions:retitle": ("thread", "post"),
    "discussions:move": ("thread", "post"),
    "discussions:pace": ("thread", "post"),
    "discussions:merge": ("thread", "post"),
    "discussions:split": ("thread", "post"),
    "discussions:category": ("category", "get"),
    "discussions:start": ("category", "get"),
    "discussions:thread": ("thread", "get"),
    "discussions:reply": ("thread", "post"),
    "discussions:branch": ("root", "get"),
    "discussions:place": ("number", "get"),
    "discussions:post": ("post", "get"),
    "discussions:answer": ("post", "get"),
    "discussions:edit": ("post", "post"),
    "discussions:withdraw": ("post", "post"),
    "discussions:react": ("post", "post"),
    "discussions:read": ("thread", "post"),
    "discussions:unread": ("thread", "get"),
    "discussions:read_category": ("category", "post"),
    "discussions:unread_from": ("post", "post"),
    "discussions:history": ("post", "get"),
    "discussions:accept": ("post", "post"),
    "discussions:save": ("post", "post"),
    "discussions:attachment": ("attachment", "get"),
    "live:changes": ("stream", "get"),
    "moderation:report": ("reported", "get"),
    "notifications:follow": ("place", "post"),
}
# A door that is asked for what it shows, with the name of the question.
ASKED = {"overview:search": "q", "overview:similar": "title"}
# What an organization said, which the secret also was.
SPOKEN = {"organizations:profile", "organizations:threads", "organizations:posts"}
# Doors that show nothing of threads.
NEUTRAL = {"live:sockets", "discussions:read_everything", "overview:welcome"} | {
    f"organizations:{name}" for name in ("directory", "find", "edit", "logo")
}
# Doors of one's own unsent texts and files and of saved posts; tests/discussions/test_drafts.py,
# test_attaching_door.py and test_saving.py try them as strangers.
DRAFTS = ("drafts", "draft", "draft_text", "discard", "saved")
FILES = ("upload", "describe", "discard_attachment")
OWN = {f"discussions:{name}" for name in (*DRAFTS, *FILES)}
# Of one's own mails, and of links in mails: tests/mailbox/test_pages.py and test_acts.py try them.
OWN |= {f"mailbox:{name}" for name in ("mails", "mail", "original", "act", "done")}
# tests/discussions/test_mention_suggestions.py tries the door of names as strangers.
OWN |= {"discussions:mentions"}
# What one has not read, and what waits for one's answer: tests/overview/test_lists.py and
# test_home_owed.py try them as guests and after the right to read is lost.
OWN |= {"discussions:unread_list", "overview:owed"}
# Of the moderation: what concerns one member, what a code opens, and the staff's rooms;
# tests/moderation tries each of them as strangers.
OWN |= {f"moderation:{name}" for name in ("own", "decision", "appeal")}
OWN |= {f"moderation:{name}" for name in ("notice_find", "notice_state")}
OWN |= {f"moderation:{name}" for name in ("rules_version", "rules_changes")}
OWN |= {f"moderation:desk_{name}" for name in ("replies", "reply", "reply_add", "reply_remove")}
OWN |= {f"moderation:desk_{name}" for name in ("elected", "end_term")}
OWN |= {"moderation:desk_rules"} | {
    f"moderation:desk_rules_{name}"
    for name in ("add", "section", "move", "remove", "preview", "publish", "discard")
}
# The desk; tests/moderation/test_desk_doors.py walks it as guests, members and moderators.
OWN |= {f"moderation:{name}" for name in (*DESK_DOORS, *CASE_DOORS)}
# How texts are held, set by staff; tests/moderation/test_guard_pages.py tries it as strangers.
OWN |= {f"moderation:guards{name}" for name in ("", "_set", "_try", "_list", "_unlist")}
# One's own texts that wait; tests/discussions/test_held_doors.py walks all other doors for them.
OWN |= {"discussions:held_text", "discussions:take_back"}
# One's own notifications; tests/notifications/test_list_pages.py tries them as strangers, and after
# the right to read is lost.
NOTIFICATIONS = ("list", "tray", "settings", "read_all", "read", "unread", "read_place", "change")
OWN |= {f"notifications:{name}" for name in NOTIFICATIONS}
# How one is reached, and the links of mails, are tried by test_channel_pages.py, test_pushes.py,
# test_mails.py and test_weekly_letters.py in tests/notifications.
REACHING = ("channels", "try_again", "add_device", "forget_device", "stop")
OWN |= {f"notifications:{name}" for name in (*REACHING, "desk_letter", "desk_letter_mail")}
# Of an organization's duty, and of the adviser; tests/duty/test_pages.py tries them as strangers.
OWN |= {f"duty:{name}" for name in ("organization", "enter", "leave", "pass_on", "desk")}
# One's own saved searches; tests/saved_searches/test_pages.py tries each as strangers.
OWN |= {
    f"saved_searches:{name}" for name in ("list", "keep", "rename", "pause", "resume", "remove")
}
GET = {"since": "0"}
FORM = {"body": "x", "body_format": "markdown", "kind": "thank"}


@pytest.fixture
def secret(carol, starostwo):
    category = a_category(readers=Category.Readers.STAFF)
    thread = a_thread(carol, category, title=SECRET, body=SECRET, voice=starostwo)
    a_reply(carol, thread, SECRET, voice=starostwo)
    an_attachment(carol, opening_post(thread), content=SECRET.encode())
    return thread


@pytest.fixture(params=["guest", "bob", "erin"])
def stranger(request, client, bob, erin):
    if request.param != "guest":
        client.force_login({"bob": bob, "erin": erin}[request.param])
    return client


def address(name, kind, thread):
    args = {
        "category": [thread.category_id],
        "thread": [thread.pk],
        "root": [thread.pk, 2],
        "number": [thread.pk, 2],
        "post": [opening_post(thread).pk],
        "attachment": [opening_post(thread).attachments.get().key],
        "stream": [stream_of(thread)],
        "reported": ["post", opening_post(thread).pk],
        "place": [stream_of(thread)],
    }[kind]
    return reverse(name, args=args)


SHOWING = ("overview", "organizations", "discussions", "live")


def doors():
    rooms = ("duty", "mailbox", "moderation", "notifications", "saved_searches")
    for namespace in (*SHOWING, *rooms):
        for pattern in get_resolver(None).namespace_dict[namespace][1].url_patterns:
            assert isinstance(pattern, URLPattern)
            yield f"{namespace}:{pattern.name}"


def test_every_door_is_walked():
    assert set(doors()) == LISTS | SPOKEN | set(THINGS) | NEUTRAL | OWN | set(ASKED)


@pytest.mark.parametrize("name", sorted(LISTS))
def test_no_list_shows_it(name, stranger, secret):
    response = stranger.get(reverse(name))
    assert response.status_code == 200
    assert SECRET not in response.content.decode()


@pytest.mark.parametrize("name", sorted(ASKED))
def test_no_question_finds_it(name, client, stranger, carol, secret):
    asked = {ASKED[name]: SECRET}
    response = stranger.get(reverse(name), asked)
    assert response.status_code == 200
    assert f"/threads/{secret.pk}/" not in response.content.decode()
    client.force_login(carol)
    found = client.get(reverse(name), asked).content.decode()
    assert f"/threads/{secret.pk}/" in found  # the walk could fail


@pytest.mark.parametrize("name", sorted(SPOKEN))
def test_no_page_of_an_organization_shows_it(name, client, stranger, carol, secret):
    page = reverse(name, args=[secret.organization_id])
    response = stranger.get(page)
    assert response.status_code == 200
    assert SECRET not in response.content.decode()
    client.force_login(carol)
    assert SECRET in client.get(page).content.decode()  # the walk could fail


@pytest.mark.parametrize("name", sorted(THINGS))
def test_no_address_leads_to_it(name, stranger, secret):
    kind, method = THINGS[name]
    response = getattr(stranger, method)(
        address(name, kind, secret), FORM if method == "post" else GET
    )
    assert SECRET not in response.content.decode()
    # A guest is asked to log in where only members do anything at all.
    # A text sent without a session is shown again to whoever wrote it.
    is_asked_to_log_in = "/accounts/login/" in response.get("Location", "")
    assert response.status_code in (401, 404) or is_asked_to_log_in


@pytest.mark.parametrize("name", sorted(set(THINGS) - {"discussions:edit"}))
def test_the_doors_are_open_to_those_who_may(name, client, carol, secret):
    """Proves that the walk above could fail."""
    client.force_login(carol)
    kind, method = THINGS[name]
    response = getattr(client, method)(
        address(name, kind, secret), FORM if method == "post" else GET
    )
    assert response.status_code in (200, 302, 303, 403, 422)  # 422: read, and the form judged
