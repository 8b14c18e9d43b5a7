"""Threads that begin with a form: chosen, filled, shown, filtered, changed, kept when unsent."""

import json
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from forum.categories.models import Category
from forum.discussions import actions
from forum.discussions.models import Draft, Post, Revision, Thread
from forum.discussions.templates_of_threads import TEMPLATES, Kind, offered_in, summary
from forum.lib.answers import Refused
from tests.cast import log_in
from tests.factories import a_category, a_reply, a_thread, opening_post

pytestmark = pytest.mark.django_db

ALL = list(TEMPLATES)
PARTNER = {
    "purpose": "konkurs powiatu 2027",
    "seek": "organizacji z busem\ni kierowcą",
    "gminas": "brwinow piastow",
    "until": "2026-12-05",
}


@pytest.fixture
def category(db):
    return a_category(templates=ALL)


@pytest.fixture
def as_bob(client, bob):
    client.force_login(bob)
    return client


def address(category, template=""):
    return f"/categories/{category.pk}/threads/new/" + (f"?template={template}" if template else "")


def sent(**fields):
    """The plain form of a thread that looks for a partner."""
    filled = {f"field_{key}": value for key, value in PARTNER.items()}
    filled["field_gminas"] = PARTNER["gminas"].split()
    return {
        "title": "Szukamy busa",
        "body": "Jeździmy razem.",
        "body_format": "markdown",
        "voice": "",
        "once": str(uuid.uuid4()),
        **filled,
        **fields,
    }


def a_partner(author, category, **fields):
    return a_thread(author, category, template="partner", filled=PARTNER, **fields)


# --- The forms ----------------------------------------------------------------------------------
def test_every_template_that_a_category_can_offer_is_declared_and_short():
    assert [*Category.Template.values] == ALL
    for template in TEMPLATES.values():
        keys = [field.key for field in template.fields]
        assert len(set(keys)) == len(keys) <= 5
        assert 1 <= sum(field.is_required for field in template.fields) <= 2
        for field in template.fields:
            assert (field.choices is not None) == (field.kind in (Kind.CHOICE, Kind.SEVERAL))


def test_labels_are_the_readers_and_values_stay_as_typed():
    with translation.override("en"):
        english = summary("partner", PARTNER)
    polish = summary("partner", PARTNER)
    assert [line.label for line in english] != [line.label for line in polish]
    values = [line.value for line in polish]
    assert values[:3] == [PARTNER["purpose"], PARTNER["seek"], "Brwinów, Piastów"]
    assert "2026" in values[3]
    assert values[3] != PARTNER["until"]


def test_what_no_form_asks_any_more_is_not_shown():
    assert summary("gone", {"a": "b"}) == []
    assert summary("question", {"about": "gone", "until": "kiedyś", "other": "x"}) == [
        summary("question", {"until": "kiedyś"})[0]
    ]


# --- Choosing -----------------------------------------------------------------------------------
def test_a_category_without_templates_goes_straight_to_the_form(as_bob):
    assert b'name="title"' in as_bob.get(address(a_category())).content


def test_a_category_with_templates_shows_them_first(as_bob):
    category = a_category(templates=["question", "partner"])
    page = as_bob.get(address(category)).content.decode()
    assert 'name="title"' not in page
    for key in ("question", "partner", "plain"):
        assert f'href="?template={key}"' in page
    assert "?template=report" not in page


@pytest.mark.parametrize("key", ALL)
def test_each_form_has_an_address_and_asks_its_fields(as_bob, category, key):
    page = as_bob.get(address(category, key)).content.decode()
    for field in TEMPLATES[key].fields:
        assert f'name="field_{field.key}"' in page
    plain = as_bob.get(address(category, "plain")).content.decode()
    assert 'name="title"' in plain
    assert 'name="field_' not in plain


def test_who_may_not_write_is_not_asked_to_choose(as_bob):
    closed = a_category(templates=ALL, writers=Category.Writers.STAFF)
    assert as_bob.get(address(closed)).status_code == 403


def test_the_choice_leads_back_to_what_was_begun(as_bob, bob, category):
    assert "/drafts/" not in as_bob.get(address(category)).content.decode().split("<main")[1]
    keep(as_bob, f"category-{category.pk}-partner", filled=PARTNER)
    assert "/drafts/" in as_bob.get(address(category)).content.decode().split("<main")[1]


# --- Sending ------------------------------------------------------------------------------------
def test_what_was_filled_in_stands_on_the_opening_post(as_bob, category):
    response = as_bob.post(address(category, "partner"), sent())
    thread = Thread.objects.get()
    assert response["Location"] == thread.get_absolute_url()
    assert thread.template == "partner"
    assert (opening_post(thread).template, opening_post(thread).filled) == ("partner", PARTNER)


def test_the_thread_shows_the_summary_and_lists_show_the_kind(as_bob, client, bob, category):
    thread = a_partner(bob, category)
    page = main_of(client.get(thread.get_absolute_url()).content.decode())
    assert page.count("<dl") == 1
    assert "Brwinów, Piastów" in page
    assert "konkurs powiatu 2027" in page
    label = TEMPLATES["partner"].name
    for path in ("/", "/threads/", f"/categories/{category.pk}/"):
        assert f'<span class="chip plain">{label}</span>' in client.get(path).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"field_purpose": ""}, {"field_purpose": "x" * 161}, {"field_seek": "x" * 1_001}]
    + [{"field_until": "jutro"}, {"field_until": "2026-13-40"}, {"field_gminas": ["warszawa"]}]
    + [{"field_until": "9" * 5_000}, {"field_gminas": ["brwinow"] * 60 + ["<b>"]}],
)
def test_a_wrong_field_gets_a_sentence_and_loses_nothing(as_bob, category, wrong):
    response = as_bob.post(address(category, "partner"), sent(**wrong))
    page = response.content.decode()
    assert response.status_code == 422
    assert "errorlist" in page
    assert "Jeździmy razem." in page
    assert not Thread.objects.exists()
    fragment = as_bob.post(address(category, "partner"), sent(**wrong), headers={"X-Fragment": "1"})
    assert list(fragment.json()["errors"]) == list(wrong)


def test_a_number_is_a_number(as_bob, category):
    form = {**sent(), "field_when": "2026-11-10", "field_conclusions": "Działa."}
    for people, status in [("-1", 422), ("dużo", 422), ("9" * 400, 422), ("19", 303)]:
        response = as_bob.post(address(category, "report"), {**form, "field_people": people})
        assert response.status_code == status, people
    assert opening_post(Thread.objects.get()).filled["people"] == "19"


def test_script_in_a_field_is_text(client, bob, category):
    thread = a_thread(
        bob, category, template="partner", filled={"purpose": "<script>alert(1)</script>"}
    )
    assert b"<script>alert(1)" not in client.get(thread.get_absolute_url()).content


def test_a_form_that_is_not_offered_is_refused_and_kept(as_bob, bob):
    category = a_category(templates=["question"])
    assert as_bob.post(address(category, "partner"), sent(draft="0")).status_code == 403
    kept = Draft.objects.get()
    assert (kept.context, kept.body) == (f"category-{category.pk}-partner", "Jeździmy razem.")
    assert kept.filled == PARTNER
    with pytest.raises(Refused):
        a_partner(bob, category)


def test_the_same_form_twice_is_one_thread_but_other_fields_are_another(bob, category):
    form = {
        "author": bob, "voice": None, "category": category, "title": "T", "body": "b",
        "body_format": "markdown", "once": uuid.uuid4(), "template": "partner",
    }  # fmt: skip
    first = actions.start_thread(**form, filled=PARTNER)
    assert actions.start_thread(**form, filled=PARTNER) == first
    assert actions.start_thread(**form, filled={**PARTNER, "purpose": "inny"}) != first


# --- The list of a category ---------------------------------------------------------------------
def test_a_category_is_filtered_by_template_with_pages(client, bob, category):
    start = timezone.now()
    for place in range(24):
        thread = a_partner(bob, category, title=f"Partner {place:02}")
        moment = start + timedelta(minutes=place)
        Thread.objects.filter(pk=thread.pk).update(last_post_at=moment)
    a_thread(bob, category, title="Zwykły wątek")
    first = client.get(f"/categories/{category.pk}/?template=partner")
    assert "Zwykły wątek" not in first.content.decode()
    assert len(first.context["page"].items) == 20
    later = first.context["page"].later_url
    assert "template=partner" in later
    second = client.get(later)
    assert [thread.title for thread in second.context["page"].items] == [
        f"Partner {place:02}" for place in (3, 2, 1, 0)
    ]
    assert second.context["page"].first_url == f"/categories/{category.pk}/?template=partner"


def test_a_filtered_page_costs_no_more(client, bob, category):
    for _ in range(3):
        a_partner(bob, category)
    counts = []
    for path in ("", "?template=partner", "?template=gone"):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(f"/categories/{category.pk}/{path}").status_code == 200
        counts.append(len(captured))
    assert counts[1] <= counts[0] == counts[2]


def test_a_pinned_thread_is_found_by_its_template(client, bob, carol, category):
    actions.pin(staff=carol, thread=a_partner(bob, category), on=True)
    page = client.get(f"/categories/{category.pk}/?template=partner")
    assert len(page.context["page"].items) == 1
    assert page.context["pinned"] == []


def test_a_page_of_a_thread_with_a_form_costs_what_another_costs(client, bob, category):
    client.get(a_thread(bob, category).get_absolute_url())  # the caches begin
    costs = []
    for thread in (a_thread(bob, category), a_partner(bob, category)):
        with CaptureQueriesContext(connection) as captured:
            client.get(thread.get_absolute_url())
        costs.append(len(captured))
    assert costs[0] == costs[1]


# --- Changing -----------------------------------------------------------------------------------
def edited(client, post, **fields):
    form = {"body": post.source, "body_format": "markdown", "draft": "0", **sent(), **fields}
    return client.post(f"/posts/{post.pk}/edit/", {**form, "body": post.source})


def main_of(page):
    return page.split("<main")[1].split("</main>")[0]


def test_the_opening_post_is_edited_with_its_fields(as_bob, bob, category):
    post = opening_post(a_partner(bob, category))
    page = main_of(as_bob.get(f"/posts/{post.pk}/edit/").content.decode())
    assert all(f'value="{value}"' in page for value in ("konkurs powiatu 2027", "2026-12-05"))
    assert page.count(" checked") == 2
    assert edited(as_bob, post, field_purpose="konkurs gminy").status_code == 303
    changed = Post.objects.get(pk=post.pk)
    assert changed.filled == {**PARTNER, "purpose": "konkurs gminy"}
    assert changed.seq == post.seq + 1
    thread = Thread.objects.get(pk=post.thread_id)
    assert thread.seq == changed.seq


def test_an_edit_that_changes_nothing_is_no_change(as_bob, bob, category):
    post = opening_post(a_partner(bob, category))
    edited(as_bob, post)
    assert Post.objects.get(pk=post.pk).seq == post.seq


def test_a_changed_field_has_a_history(as_bob, bob, category, settings):
    settings.EDIT_GRACE_SECONDS = 0
    post = opening_post(a_partner(bob, category))
    edited(as_bob, post, field_purpose="konkurs gminy 2028")
    assert Revision.objects.get().filled == PARTNER
    page = as_bob.get(f"/posts/{post.pk}/history/").content.decode()
    assert "gminy" in page
    assert "powiatu" in page
    assert "<ins>" in page


def test_an_edit_by_words_alone_leaves_the_fields(bob, category):
    post = opening_post(a_partner(bob, category))
    actions.edit(author=bob, post=post, body="Inaczej.", body_format="markdown")
    assert Post.objects.get(pk=post.pk).filled == PARTNER


def test_what_is_withdrawn_shows_no_fields(client, bob, category):
    thread = a_partner(bob, category)
    actions.withdraw(author=bob, post=opening_post(thread))
    assert "konkurs powiatu" not in client.get(thread.get_absolute_url()).content.decode()


def test_the_summary_goes_with_its_post_into_another_thread(client, bob, carol, category):
    thread, other = a_partner(bob, category), a_thread(bob, category)
    actions.merge(staff=carol, thread=thread, into=other)
    page = client.get(other.get_absolute_url()).content.decode()
    assert "konkurs powiatu 2027" in page


# --- Drafts -------------------------------------------------------------------------------------
def keep(client, context, version=0, **fields):
    data = {"version": version, "title": "", "body": "", "body_format": "markdown", **fields}
    return client.post(f"/drafts/{context}/", json.dumps(data), content_type="application/json")


def test_each_form_of_a_category_has_a_draft_of_its_own(as_bob, category):
    for key in ("", "-question", "-partner"):
        answer = keep(as_bob, f"category-{category.pk}{key}", title=f"Szkic {key}")
        assert answer.status_code == 200
    assert Draft.objects.count() == 3
    page = as_bob.get(address(category, "partner")).content.decode()
    assert "Szkic -partner" in page
    assert keep(as_bob, f"category-{category.pk}-gone").status_code == 404


def test_fields_alone_are_a_draft_and_the_form_begins_with_them(as_bob, category):
    context = f"category-{category.pk}-partner"
    version = keep(as_bob, context, filled=PARTNER).json()["version"]
    assert as_bob.get(f"/drafts/{context}/").json()["filled"] == PARTNER
    page = as_bob.get(address(category, "partner")).content.decode()
    assert 'value="konkurs powiatu 2027"' in page
    assert main_of(page).count(" checked") == 2
    listed = as_bob.get("/drafts/").content.decode()
    assert address(category, "partner").replace("&", "&amp;") in listed
    assert "konkurs powiatu 2027" in listed
    assert "konkurs powiatu 2027" in as_bob.get(f"/drafts/{context}/text/").content.decode()
    other = keep(as_bob, context, version - 1, filled={"purpose": "z telefonu"})
    assert other.status_code == 409
    assert "konkurs powiatu 2027" in other.json()["text"]


def test_sending_ends_the_draft_of_its_form_only(as_bob, category):
    keep(as_bob, f"category-{category.pk}", title="zwykły")
    version = keep(as_bob, f"category-{category.pk}-partner", filled=PARTNER).json()["version"]
    as_bob.post(address(category, "partner"), sent(draft=version))
    assert [draft.title for draft in Draft.objects.all()] == ["zwykły"]


def test_the_draft_of_an_edit_holds_fields(as_bob, bob, category):
    post = opening_post(a_partner(bob, category))
    keep(as_bob, f"post-{post.pk}", body="b", filled={"purpose": "niedokończ", "until": "2026-1"})
    page = as_bob.get(f"/posts/{post.pk}/edit/").content.decode()
    assert 'value="niedokończ"' in page


@pytest.mark.parametrize(
    "filled",
    [[], "x", 7, {"a": 1}, {"a": ["x"]}, {"a b": "x"}, {"ą": "x"}, {"k" * 41: "x"}]
    + [{"a": "x" * 2_001}, {f"k{n}": "x" for n in range(11)}],
)
def test_fields_that_no_form_sends_get_a_sentence(as_bob, category, filled):
    answer = keep(as_bob, f"category-{category.pk}-partner", body="b", filled=filled or {"": ""})
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_a_logged_out_form_shows_every_word_again(client, category):
    page = client.post(address(category, "partner"), sent()).content.decode()
    assert "konkurs powiatu 2027" in page
    assert "Jeździmy razem." in page


# --- Elsewhere ----------------------------------------------------------------------------------
def test_the_office_chooses_what_a_category_offers(client, carol, category):
    carol.is_superuser = True
    carol.save(update_fields=["is_superuser"])
    log_in(client, carol)
    form = {
        "name": category.name, "position": "1", "readers": "everybody", "writers": "members",
        "templates": ["report", "question"],
    }  # fmt: skip
    response = client.post(f"/admin/categories/category/{category.pk}/change/", form)
    assert response.status_code == 302, response.content.decode()
    category.refresh_from_db()
    assert [template.key for template in offered_in(category)] == ["question", "report"]


@pytest.mark.parametrize(
    ("language", "body", "guess"),
    [("pl", "Hello.", "pl"), ("en", "Hello.", "en"), ("en", "Dzień dobry, proszę.", "pl")],
)
def test_a_post_knows_its_language(client, bob, language, body, guess):
    bob.language = language
    bob.save(update_fields=["language"])
    thread = a_thread(bob, body=body)
    post = a_reply(bob, thread, body)
    assert {opening_post(thread).language, post.language} == {guess}
    page = client.get(thread.get_absolute_url()).content.decode()
    assert page.count(f'class="post__words words" lang="{guess}"') == 2
