"""The export: everything the registry knows, for the eye and for programs, and nothing secret."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse

from accounts import personal_data
from accounts.models import User
from forum.discussions import actions
from forum.discussions.actions import drafting
from tests.accounts.factors import SECRET, give_app
from tests.cast import PASSWORD, a_member, just_logged_in, logged_in
from tests.factories import a_reaction, a_reply, a_thread

pytestmark = pytest.mark.django_db

ADDRESS = "/account/data/"


def unpacked(client):
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert "attachment" in answer["Content-Disposition"]
    with ZipFile(BytesIO(answer.content)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name).decode() for name in packed.namelist()}


def rows(files, label):
    return json.loads(files["dane.json"])[label]["rows"]


def test_everything_a_member_did_is_in_it(alice, bob, fundacja):
    thread = a_thread(alice, title="Sala we wtorki", body="Kto chce?", voice=fundacja)
    own = a_reply(alice, thread, "Dopisuję prywatnie.")
    actions.edit(
        author=alice, post=own, body="Dopisuję we własnym imieniu.", body_format="markdown"
    )
    actions.withdraw(author=alice, post=a_reply(alice, thread, "Wycofane słowo."))
    answer = a_reply(bob, thread, "Cudzy tekst.")
    a_reaction(alice, answer)
    actions.save_for_later(author=alice, post=answer, note="na zebranie")
    drafting.keep(
        user=alice,
        context=f"thread-{thread.pk}",
        version=0,
        text=drafting.Text(body="Niewysłane zdanie."),
    )
    files = unpacked(just_logged_in(alice))
    assert set(files) == {"dane.html", "dane.json", "dane.css"}
    for text in (
        "alice@example.org",
        "Alice Nowak",
        "Fundacja Dobry Start",
        "Sala we wtorki",
        "Dopisuję we własnym imieniu.",
        "Wycofane słowo.",
        "Niewysłane zdanie.",
        "na zebranie",
    ):
        assert text in files["dane.html"], text
        assert text in files["dane.json"], text
    assert len(rows(files, "discussions.Post")) == 3
    assert rows(files, "discussions.Post")[0]["organization"]["name"] == fundacja.name
    assert len(rows(files, "discussions.Reaction")) == 1
    assert rows(files, "accounts.Mandate")[0]["role"] == "representative"
    assert "Cudzy tekst." not in files["dane.html"] + files["dane.json"]


def test_it_has_every_kind_of_the_registry(bob):
    files = unpacked(just_logged_in(bob))
    kinds = {holding.model._meta.label for holding in personal_data.holdings()}
    assert set(json.loads(files["dane.json"])) == kinds
    for holding in personal_data.holdings():
        assert str(holding.title) in files["dane.html"]


def test_it_gives_out_no_secret():
    member = a_member("Grace", "Bąk", password=PASSWORD)
    codes = give_app(member)
    client = just_logged_in(member, method="mfa")
    client.get("/account/")
    files = unpacked(client)
    for secret in (SECRET, member.password, client.session.session_key, *codes):
        assert secret not in files["dane.html"] + files["dane.json"]
    assert "odcisk hasła" in files["dane.html"]


def test_it_gives_out_nothing_of_others(alice, bob):
    a_thread(alice, title="Cudzy wątek", body="Cudze słowa")
    files = unpacked(just_logged_in(bob))
    assert "Cudz" not in files["dane.html"] + files["dane.json"]
    assert "alice" not in files["dane.html"] + files["dane.json"]


def test_it_speaks_the_members_language(bob):
    User.objects.filter(pk=bob.pk).update(language="en")
    page = unpacked(just_logged_in(bob))["dane.html"]
    assert '<html lang="en">' in page
    assert "Posts saved for later" in page


def test_what_is_written_stays_text(bob):
    a_thread(bob, title="<script>alert(1)</script>")
    page = unpacked(just_logged_in(bob))["dane.html"]
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_it_asks_who_is_there(client, bob):
    assert client.get(ADDRESS).url.startswith(reverse("account_login"))
    assert logged_in(bob).get(ADDRESS).url.startswith("/account/confirm/")


def test_it_is_not_made_without_end(bob):
    client = just_logged_in(bob)
    assert [client.get(ADDRESS).status_code for _ in range(6)] == [200] * 5 + [429]


def test_it_costs_the_same_for_many_posts(bob, alice, django_assert_max_num_queries):
    thread = a_thread(alice)
    client = just_logged_in(bob)
    client.get(ADDRESS)
    a_reply(bob, thread)
    # One or two for each kind of rows that the registry of personal data lists.
    with django_assert_max_num_queries(56) as first:
        client.get(ADDRESS)
    for _ in range(5):
        a_reply(bob, thread)
    with django_assert_max_num_queries(len(first)):
        client.get(ADDRESS)
