"""Drafts: versions, conflicts, who may, limits, and their end together with the post."""

import json
import threading
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from accounts.models import User
from forum.categories.models import Category
from forum.discussions import actions
from forum.discussions.actions import drafting
from forum.discussions.actions.drafting import Conflict, Kept, Text
from forum.discussions.models import Draft
from forum.discussions.views import drafts as door
from forum.lib.answers import Refused
from forum.lib.markup import SOURCE_MAX_CHARS
from tests.factories import a_category, a_reply, a_thread, opening_post

SCRIPT = {"X-Fragment": "1"}
LIST = "/drafts/"

pytestmark = pytest.mark.django_db


def keep(user, context, body="Nie skończone", version=0, **fields):
    return drafting.keep(
        user=user, context=context, version=version, text=Text(body=body, **fields)
    )


def door_of(context):
    return reverse("discussions:draft", args=[context])


def save(client, context, body="Nie skończone", version=0, **fields):
    data = {"version": version, "body": body, "body_format": "markdown", **fields}
    return client.post(door_of(context), json.dumps(data), content_type="application/json")


@pytest.fixture
def thread(bob):
    return a_thread(bob)


@pytest.fixture
def context(thread):
    return f"thread-{thread.pk}"


@pytest.fixture
def as_alice(client, alice):
    client.force_login(alice)
    return client


# --- Versions -----------------------------------------------------------------------------------
def test_every_keeping_has_a_higher_version(alice, context):
    first = keep(alice, context, "a")
    second = keep(alice, context, "ab", first.version)
    assert second.version > first.version > 0
    assert Draft.objects.get().body == "ab"


def test_an_older_window_overwrites_nothing_and_gets_the_newer_text(alice, context):
    seen = keep(alice, context, "wspólny początek")
    keep(alice, context, "z telefonu", seen.version)
    answer = keep(alice, context, "z komputera", seen.version)
    assert isinstance(answer, Conflict)
    assert answer.draft.body == "z telefonu"
    assert Draft.objects.get().body == "z telefonu"


def test_a_window_that_knows_of_no_draft_overwrites_none(alice, context):
    keep(alice, context, "z telefonu")
    assert isinstance(keep(alice, context, "z komputera"), Conflict)


def test_the_same_words_twice_are_no_conflict(alice, context):
    keep(alice, context, "to samo")
    assert isinstance(keep(alice, context, "to samo"), Kept)


def test_a_version_never_comes_back_after_the_draft_was_sent(alice, thread, context):
    """Or a window left open would write over the next draft of the same place."""
    with time_machine.travel("2026-11-20 12:00:00+00:00", tick=False) as clock:
        stale = keep(alice, context, "pierwszy")
        a_reply(alice, thread)
        clock.shift(5)
        keep(alice, context, "drugi")
        assert isinstance(keep(alice, context, "ze starego okna", stale.version), Conflict)


def test_an_emptied_text_is_no_draft(alice, context):
    kept = keep(alice, context)
    assert keep(alice, context, "", kept.version) == Kept(0)
    assert keep(alice, context, "") == Kept(0)
    assert not Draft.objects.exists()


def test_an_emptied_window_does_not_empty_the_other(alice, context):
    kept = keep(alice, context)
    keep(alice, context, "dalej", kept.version)
    assert isinstance(keep(alice, context, "", kept.version), Conflict)
    assert Draft.objects.get().body == "dalej"


def test_everything_in_the_form_is_kept(alice, fundacja, context):
    kept = keep(
        alice, context, "<p>Cytat</p>", title="T", body_format="html",
        parent_number=1, organization=fundacja,
    )  # fmt: skip
    draft = Draft.objects.get()
    assert (draft.title, draft.body_format, draft.parent_number) == ("T", "html", 1)
    assert (draft.organization, draft.version) == (fundacja, kept.version)


def test_scripts_are_not_kept(alice, context):
    keep(alice, context, "<p>a<script>alert(1)</script></p>", body_format="html")
    assert "script" not in Draft.objects.get().body


@pytest.mark.django_db(transaction=True)
def test_of_two_savers_at_once_one_wins_and_the_other_is_told():
    bob = User.objects.create_user(email="bob@example.org", display_name="Bob")
    context = f"thread-{a_thread(bob).pk}"
    for round_ in range(5):
        version = Draft.objects.values_list("version", flat=True).first() or 0
        answers, start = [], threading.Barrier(2)

        def race(body, version=version, answers=answers, start=start):
            try:
                start.wait()
                answers.append((body, keep(bob, context, body, version)))
            finally:
                connection.close()

        racers = [threading.Thread(target=race, args=(f"{name}{round_}",)) for name in "ab"]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()

        won = [body for body, answer in answers if isinstance(answer, Kept)]
        told = [answer.draft.body for _, answer in answers if isinstance(answer, Conflict)]
        assert (len(answers), len(won)) == (2, 1)
        assert won == told == [Draft.objects.get().body]


# --- The end of a draft -------------------------------------------------------------------------
def test_a_reply_a_thread_and_an_edit_end_the_draft_of_their_place(alice, bob):
    thread, category = a_thread(bob), a_category()
    post = a_reply(alice, thread)
    for context in (f"thread-{thread.pk}", f"category-{category.pk}", f"post-{post.pk}"):
        keep(alice, context)
    keep(bob, f"thread-{thread.pk}", "Szkic Boba")

    a_reply(alice, thread)
    a_thread(alice, category)
    actions.edit(author=alice, post=post, body="Inaczej.", body_format="markdown")
    assert [draft.body for draft in Draft.objects.all()] == ["Szkic Boba"]


def test_a_post_that_fails_leaves_the_draft(alice, thread, context, monkeypatch):
    keep(alice, context)

    def broken(*_args, **_options):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("forum.discussions.actions.writing._place", broken)
    with pytest.raises(RuntimeError):
        a_reply(alice, thread)
    assert Draft.objects.count() == 1


def test_what_another_window_wrote_meanwhile_is_not_ended_by_sending(as_alice, thread, context):
    seen = save(as_alice, context, "jedno").json()["version"]
    save(as_alice, context, "drugie, z telefonu", seen)
    form = {"body": "jedno", "body_format": "markdown", "voice": "", "once": str(uuid4())}
    as_alice.post(f"/threads/{thread.pk}/replies/", {**form, "draft": seen})
    assert thread.posts.count() == 2
    assert Draft.objects.get().body == "drugie, z telefonu"


def test_the_form_of_the_page_ends_its_draft(as_alice, thread, context):
    save(as_alice, context)
    page = as_alice.get(thread.get_absolute_url())
    form = page.context["form"]
    assert form.body_value.markdown == "Nie skończone"
    data = {"body": "Skończone", "body_format": "markdown", "draft": form["draft"].value()}
    as_alice.post(f"/threads/{thread.pk}/replies/", data)
    assert not Draft.objects.exists()


# --- Without scripts ----------------------------------------------------------------------------
def test_the_pages_begin_with_the_draft(as_alice, alice, thread, context):
    post = a_reply(alice, thread)
    keep(alice, context, "szkic odpowiedzi")
    keep(alice, f"category-{thread.category_id}", "szkic wątku", title="Szkic tytułu")
    keep(alice, f"post-{post.pk}", "szkic poprawki")
    for path, words in {
        thread.get_absolute_url(): ["szkic odpowiedzi"],
        f"/posts/{post.pk}/reply/": ["szkic odpowiedzi"],
        f"/categories/{thread.category_id}/threads/new/": ["szkic wątku", "Szkic tytułu"],
        f"/posts/{post.pk}/edit/": ["szkic poprawki"],
    }.items():
        text = as_alice.get(path).content.decode()
        assert all(word in text for word in words), path


def test_a_refused_plain_form_is_kept(as_alice, thread, context):
    Category.objects.update(writers=Category.Writers.STAFF)
    form = {"body": "Pisane długo.", "body_format": "markdown", "draft": "0"}
    assert as_alice.post(f"/threads/{thread.pk}/replies/", form).status_code == 403
    assert Draft.objects.get(context=context).body == "Pisane długo."


def test_a_lost_right_to_write_leaves_the_draft_and_the_page_says_why(as_alice, thread, context):
    save(as_alice, context, "Już prawie")
    Category.objects.update(writers=Category.Writers.STAFF)
    text = reverse("discussions:draft_text", args=[context])
    assert text in as_alice.get(thread.get_absolute_url()).content.decode()
    page = as_alice.get(text).content.decode()
    assert "Już prawie" in page
    assert save(as_alice, context, "Już prawie koniec", 0).status_code == 409


def test_what_may_no_longer_be_read_stays_its_authors_and_hides_its_title(as_alice, thread):
    context = f"thread-{thread.pk}"
    version = save(as_alice, context, "Moje słowa").json()["version"]
    Category.objects.update(readers=Category.Readers.STAFF)
    page = as_alice.get(LIST).content.decode()
    assert "Moje słowa" in page
    assert thread.title not in page
    assert save(as_alice, context, "Moje słowa dalej", version).status_code == 200


# --- The list -----------------------------------------------------------------------------------
def test_the_list_names_the_place_and_the_beginning(as_alice, alice, bob):
    thread = a_thread(bob, title="Sala we wtorki")
    keep(alice, f"thread-{thread.pk}", "<p>Chętnie <strong>my</strong></p>", body_format="html")
    keep(bob, f"thread-{thread.pk}", "Cudze słowa")
    page = as_alice.get(LIST).content.decode()
    assert "Sala we wtorki" in page
    assert "Chętnie my" in page
    assert "Cudze słowa" not in page
    assert f'href="{thread.get_absolute_url()}#composer"' in page


def test_the_list_costs_the_same_for_many(as_alice, alice, bob, django_assert_max_num_queries):
    costs = []
    for _ in range(2):
        for _ in range(5):
            thread = a_thread(bob)
            keep(alice, f"thread-{thread.pk}")
            keep(alice, f"category-{thread.category_id}")
            keep(alice, f"post-{a_reply(alice, thread).pk}")
        with django_assert_max_num_queries(7) as captured:  # and the bell
            assert as_alice.get(LIST).status_code == 200
        costs.append(len(captured))
    assert costs[0] == costs[1]


def test_an_empty_list_says_what_drafts_are(as_alice):
    assert as_alice.get(LIST).status_code == 200


def test_a_draft_is_discarded_by_a_plain_form_unless_it_changed(as_alice, alice, context):
    seen = keep(alice, context)
    keep(alice, context, "dalej", seen.version)
    address = reverse("discussions:discard", args=[context])
    as_alice.post(address, {"draft": seen.version})
    draft = Draft.objects.get()
    assert as_alice.post(address, {"draft": draft.version})["Location"] == LIST
    assert not Draft.objects.exists()
    assert as_alice.post(address, {"draft": draft.version}).status_code == 404


# --- Who may ------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["draft", "draft_text", "discard"])
def test_a_strangers_draft_is_not_there(as_alice, bob, context, name):
    keep(bob, context)
    address = reverse(f"discussions:{name}", args=[context])
    response = as_alice.post(address) if name == "discard" else as_alice.get(address)
    assert response.status_code == 404
    assert Draft.objects.count() == 1


def test_a_guest_hears_a_sentence(client, context):
    for response in (client.get(door_of(context)), save(client, context)):
        assert response.status_code == 401
        assert response.json()["refusal"]
    assert client.get(LIST).status_code == 302


def test_a_page_of_another_member_keeps_nothing_here(as_alice, bob, context):
    assert save(as_alice, context, viewer=str(bob.pk)).status_code == 401
    assert not Draft.objects.exists()


def test_a_place_one_may_not_read_takes_no_draft(as_alice, carol):
    thread = a_thread(carol, a_category(readers=Category.Readers.STAFF))
    post = opening_post(thread)
    for context in (f"thread-{thread.pk}", f"category-{thread.category_id}", f"post-{post.pk}"):
        assert save(as_alice, context).status_code == 404
    assert not Draft.objects.exists()


def test_a_post_of_somebody_else_takes_no_draft(as_alice, thread):
    assert save(as_alice, f"post-{opening_post(thread).pk}").status_code == 404


@pytest.mark.parametrize(
    "context",
    ["thread-0", "thread-01", "thread-999999", "thread-" + "9" * 18, "thread-" + "9" * 40, "x-1"]
    + ["thread-", "thread-1x", "thread--1", "thread-%00", "thread-1%00", "thread-१"],
)
def test_a_hostile_place_is_not_there(as_alice, context):
    for path in ("", "text/", "discard/"):
        assert as_alice.get(f"/drafts/{context}/{path}").status_code in (404, 405)
        response = as_alice.post(f"/drafts/{context}/{path}", "{}", content_type="application/json")
        assert response.status_code in (404, 405)


# --- Bad input ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "sent",
    [b"", b"{", b"[]", b'"a"', b"null", b"\xff\xfe", b"[" * 100_000, b'{"version":' + b"9" * 9000],
)
def test_bad_json_gets_a_sentence(as_alice, context, sent):
    response = as_alice.post(door_of(context), sent, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["refusal"]


@pytest.mark.parametrize(
    "fields",
    [{"version": "x"}, {"version": -1}, {"version": 2**31}, {"version": True}, {"version": [1]}]
    + [{"parent": "x"}, {"parent": 2**31}, {"title": "t" * 161}, {"title": "a\x00b"}]
    + [{"body": "a" * (SOURCE_MAX_CHARS["markdown"] + 1)}],
)
def test_a_bad_field_gets_a_sentence(as_alice, context, fields):
    response = save(as_alice, context, **{"body": "x", **fields})
    assert response.status_code == 422
    assert response.json()["errors"]


@pytest.mark.parametrize("voice", ["99", "x", "٣", None, [], "9" * 30])
def test_a_lost_voice_is_no_reason_to_lose_the_text(as_alice, context, voice):
    assert save(as_alice, context, voice=voice).status_code == 200
    assert Draft.objects.get().organization is None


def test_characters_that_nobody_typed_are_left_out(as_alice, context):
    assert save(as_alice, context, "a\x00b\ud800c").status_code == 200
    assert Draft.objects.get().body == "abc"


def test_ten_megabytes_get_a_sentence(as_alice, context):
    response = save(as_alice, context, "a" * 10_000_000)
    assert response.status_code == 413
    assert response.json()["refusal"]


def test_too_much_formatting_gets_a_sentence(as_alice, context):
    body = "<p>&amp;</p>" * 9_000
    response = save(as_alice, context, body, body_format="html")
    assert response.status_code == 422


def test_a_member_has_a_limited_number_of_drafts(alice, bob, monkeypatch):
    monkeypatch.setattr(drafting, "DRAFTS_PER_MEMBER", 2)
    contexts = [f"thread-{a_thread(bob).pk}" for _ in range(3)]
    kept = [keep(alice, context) for context in contexts[:2]]
    with pytest.raises(Refused):
        keep(alice, contexts[2])
    assert isinstance(keep(alice, contexts[0], "dalej", kept[0].version), Kept)


def test_a_flood_is_slowed_down(as_alice, context, monkeypatch):
    monkeypatch.setattr(door, "DRAFTS_PER_MINUTE", 2)
    with time_machine.travel("2026-11-20 12:00:01+00:00", tick=False):
        answers = [save(as_alice, context, "x").status_code for _ in range(3)]
    assert answers == [200, 200, 429]


def test_the_door_speaks_json_both_ways(as_alice, context):
    version = save(as_alice, context, "jedno", parent="1").json()["version"]
    found = as_alice.get(door_of(context)).json()
    assert (found["version"], found["body"], found["parent"]) == (version, "jedno", 1)
    response = save(as_alice, context, "drugie", version - 1)
    assert response.status_code == 409
    assert response.json()["body"] == "jedno"
    assert response.json()["changed_at"]
