"""Attachments: who reads them, how they are served, and whose form they go with."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from forum.discussions import actions
from forum.discussions.actions import attaching
from forum.discussions.actions.attaching import Enclosed
from forum.discussions.live import ThreadStream
from forum.discussions.models import Attachment, Post, Revision
from forum.discussions.rendering import fragments_of
from forum.lib import pictures
from forum.lib.answers import Refused
from tests.cast import logged_in
from tests.discussions.attaching_world import (
    a_reply_with,
    edit,
    enclosed,
    is_on_disk,
    picture,
    unsent,
)
from tests.discussions.moving_world import split
from tests.factories import (
    a_category,
    a_reply,
    a_thread,
    an_attachment,
    opening_post,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(bob):
    return a_thread(bob)


def status(viewer, attached):
    client = logged_in(viewer) if viewer else Client()
    return client.get(attached.get_absolute_url()).status_code


# --- Who may read it ----------------------------------------------------------------------------
def test_a_file_is_read_by_those_who_read_the_thread(alice, bob, carol):
    members = a_thread(bob, a_category(readers="members"))
    office = a_thread(carol, a_category(readers="staff"))
    one = an_attachment(bob, opening_post(members))
    other = an_attachment(carol, opening_post(office))
    assert [status(each, one) for each in (None, alice, bob, carol)] == [404, 200, 200, 200]
    assert [status(each, other) for each in (None, alice, bob, carol)] == [404, 404, 404, 200]


def test_an_unsent_file_is_its_own_members_only(alice, bob, carol, thread):
    mine = unsent(alice, thread)
    assert [status(each, mine) for each in (None, alice, bob, carol)] == [404, 200, 404, 404]


def test_a_withdrawn_posts_files_are_gone_for_others_at_once(alice, bob, thread):
    post = a_reply_with(bob, thread, unsent(bob, thread))
    attached = post.attachments.get()
    assert status(alice, attached) == status(None, attached) == 200
    actions.withdraw(author=bob, post=post)
    assert [status(each, attached) for each in (None, alice, bob)] == [404, 404, 200]


def test_a_suspended_member_reads_no_unsent_file(bob, thread):
    mine = unsent(bob, thread)
    bob.is_active = False
    assert not Attachment.objects.readable_by(bob).filter(pk=mine.pk).exists()


def test_files_go_where_their_post_goes(alice, bob, carol, thread):
    closed = a_category(readers="staff", writers="staff")
    post = a_reply_with(bob, thread, unsent(bob, thread))
    attached = post.attachments.get()
    split(carol, thread, post.number, category=closed)
    assert [status(each, attached) for each in (None, alice, carol)] == [404, 404, 200]
    stub = thread.posts.get(state=Post.State.MOVED)
    assert not stub.attachments.exists()


def test_files_stay_with_a_merged_thread(alice, bob, carol, thread):
    attached = an_attachment(bob, opening_post(thread))
    into = a_thread(bob)
    actions.merge(staff=carol, thread=thread, into=into)
    assert status(alice, attached) == 200
    assert attached.get_absolute_url() in page(into)


# --- How it is served ---------------------------------------------------------------------------
def test_nothing_in_a_file_can_run_here(client, bob, thread):
    for attached in (an_attachment(bob, opening_post(thread)), picture(bob, thread)):
        response = logged_in(bob).get(attached.get_absolute_url())
        assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert response.headers["Cache-Control"] == "private, no-cache"
        inline = response.headers["Content-Disposition"].startswith("inline")
        assert inline == attached.is_image
        assert response.headers["Content-Type"] == attached.content_type


def test_a_polish_name_arrives_whole(client, bob, thread):
    name = 'Uchwała „nr 3".pdf'
    attached = an_attachment(bob, opening_post(thread), name=name)
    response = client.get(attached.get_absolute_url())
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''Uchwa%C5%82a")
    assert response.content == b"%PDF-1.4"


def test_what_a_browser_has_is_not_sent_again_but_the_right_is_asked_again(client, bob, thread):
    attached = an_attachment(bob, opening_post(thread))
    address = attached.get_absolute_url()
    known = {"If-None-Match": client.get(address).headers["ETag"]}
    again = client.get(address, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    actions.withdraw(author=bob, post=opening_post(thread))
    assert client.get(address, headers=known).status_code == 404


def test_a_proxy_may_hand_it_out(client, bob, thread, settings):
    settings.FILES_X_ACCEL = "/private-files/"
    attached = an_attachment(bob, opening_post(thread))
    response = client.get(attached.get_absolute_url())
    assert response.headers["X-Accel-Redirect"] == f"/private-files/{attached.file.name}"
    assert response.content == b""


def test_addresses_of_pictures_are_those_of_the_door():
    key = uuid.uuid4()
    assert reverse("discussions:attachment", args=[key]) == f"{pictures.PREFIX}{key}/"


# --- Sending ------------------------------------------------------------------------------------
def test_a_reply_takes_its_files_and_no_others(alice, bob, thread):
    mine, later = unsent(alice, thread), unsent(alice, thread, "b.pdf")
    post = a_reply_with(alice, thread, mine)
    assert list(post.attachments.all()) == [mine]
    later.refresh_from_db()
    assert later.post is None


def test_a_new_thread_takes_its_files(alice):
    category = a_category()
    thread = actions.start_thread(
        author=alice,
        voice=None,
        category=category,
        title="Plakat na festyn",
        body="W załączniku.",
        body_format="markdown",
        enclosed=enclosed(unsent(alice, category)),
    )
    assert opening_post(thread).attachments.count() == 1


def test_nobody_takes_what_is_not_theirs_or_not_of_this_place(alice, bob, thread):
    elsewhere = a_thread(bob)
    sent_already = unsent(alice, thread)
    a_reply_with(alice, thread, sent_already, body="Pierwszy raz.")
    for foreign in (unsent(bob, thread), unsent(alice, elsewhere), sent_already):
        with pytest.raises(Refused):
            a_reply_with(alice, thread, foreign)
    assert thread.posts.count() == 2


def test_a_post_has_at_most_so_many_files(alice, thread, settings):
    settings.ATTACHMENTS_PER_POST = 2
    files = [unsent(alice, thread, f"{number}.pdf") for number in range(3)]
    with pytest.raises(Refused, match="2"):
        a_reply_with(alice, thread, *files)
    post = a_reply_with(alice, thread, *files[:2])
    with pytest.raises(Refused):
        edit(alice, post, enclosed(unsent(alice, post)))
    assert edit(alice, post, enclosed(unsent(alice, post), detach=files[:1])).seq > post.seq - 1


def test_an_edit_adds_removes_and_describes_and_each_is_a_change(
    bob, thread, django_capture_on_commit_callbacks
):
    post = a_reply_with(bob, thread, picture(bob, thread))
    first = post.attachments.get()
    seqs = [post.seq]
    steps = [
        enclosed(unsent(bob, post, "nowy.pdf")),
        Enclosed(alts={first.key: "Plakat festynu"}),
        enclosed(detach=[first]),
    ]
    for step in steps:
        with django_capture_on_commit_callbacks(execute=True):
            post = edit(bob, post, step)
        seqs.append(post.seq)
    assert seqs == sorted(set(seqs))
    assert [each.name for each in post.attachments.all()] == ["nowy.pdf"]
    assert not is_on_disk(first)
    assert post.edited_at is not None
    assert not Revision.objects.filter(post=post).exists()  # its words stayed the same


def test_an_edit_that_changes_nothing_is_none(bob, thread):
    post = a_reply_with(bob, thread, unsent(bob, thread))
    again = edit(bob, post, enclosed(*post.attachments.all()))
    assert (again.seq, again.edited_at) == (post.seq, None)


def test_a_file_is_deleted_after_the_commit_only(bob, thread, django_capture_on_commit_callbacks):
    mine = unsent(bob, thread)
    with django_capture_on_commit_callbacks() as callbacks:
        attaching.discard(uploader=bob, keys=[mine.key])
    assert is_on_disk(mine)
    for callback in callbacks:
        callback()
    assert not is_on_disk(mine)


def test_the_same_form_sent_twice_makes_one_post_and_keeps_no_second_copies(alice, thread):
    once = uuid.uuid4()
    first = a_reply_with(alice, thread, unsent(alice, thread), once=once)
    again = a_reply_with(alice, thread, unsent(alice, thread), once=once)  # a plain form's copy
    assert again == first
    assert Attachment.objects.count() == 1
    other = a_reply_with(alice, thread, unsent(alice, thread, "b.pdf"), once=once)
    assert other != first
    assert other.attachments.count() == 1


# --- What the page shows ------------------------------------------------------------------------
def page(thread, client=None):
    return (client or Client()).get(thread.get_absolute_url()).content.decode()


def fragment(post):
    return str(fragments_of([post])[0])


def test_pictures_files_and_scans_are_shown_under_the_text(bob, thread):
    pdf = unsent(bob, thread, "uchwała.pdf", b"x" * 1_300_000, has_text=False)
    shown = picture(bob, thread)
    attaching.describe(uploader=bob, alts={shown.key: 'Plakat "festynu"'})
    html = fragment(a_reply_with(bob, thread, pdf, shown))
    assert 'alt="Plakat &quot;festynu&quot;" width="40" height="30"' in html
    assert "PDF, 1,2\xa0MB" in html
    assert "skan bez tekstu" in html
    assert f'href="{pdf.get_absolute_url()}"' in html


def test_a_picture_in_the_text_has_what_its_row_says_and_is_not_shown_twice(bob, thread):
    shown = picture(bob, thread)
    body = f"Oto plakat: ![nieprawda]({shown.get_absolute_url()}) na festyn."
    attaching.describe(uploader=bob, alts={shown.key: "Plakat festynu"})
    html = fragment(a_reply_with(bob, thread, shown, body=body))
    assert html.count(f'src="{shown.get_absolute_url()}"') == 1
    assert 'alt="Plakat festynu" width="40" height="30" loading="lazy"' in html
    assert "nieprawda" not in html


def test_a_description_typed_in_the_text_counts_where_there_is_no_other(bob, thread):
    shown = picture(bob, thread)
    a_reply_with(bob, thread, shown, body=f"Oto ![Plan sali]({shown.get_absolute_url()})")
    shown.refresh_from_db()
    assert shown.alt == "Plan sali"


def test_a_picture_of_another_post_or_member_is_not_shown(alice, bob, thread):
    foreign = [picture(alice, thread), picture(bob, a_thread(bob))]
    words = " ".join(f"![x]({each.get_absolute_url()})" for each in foreign)
    html = fragment(a_reply(bob, thread, f"Kradzione: {words}"))
    assert "<img" not in html
    assert "Kradzione" in html


def test_a_tombstone_shows_nothing_and_the_catch_up_says_so(bob, thread):
    post = a_reply_with(bob, thread, unsent(bob, thread, "tajne.pdf"))
    before = thread.__class__.objects.get(pk=thread.pk).seq
    assert "tajne.pdf" in fragment(post)
    withdrawn = actions.withdraw(author=bob, post=post)
    assert "tajne.pdf" not in fragment(withdrawn)
    changes = ThreadStream().changes(thread.pk, before)
    assert f"post-{post.pk}" in changes.html
    assert "tajne.pdf" not in changes.html


def test_attachments_cost_one_query_a_page_and_none_from_the_cache(
    bob, thread, django_assert_num_queries
):
    posts = [a_reply_with(bob, thread, unsent(bob, thread)) for _ in range(6)]
    with django_assert_num_queries(2):
        fragments_of(posts)
    with django_assert_num_queries(0):
        fragments_of(posts)
