"""The pages of one's own mails: what became of each, for nobody else."""

import json
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.utils import timezone

from accounts.export import archive
from forum.discussions import actions
from forum.mailbox import listing
from forum.mailbox.models import Inbound
from tests.cast import logged_in
from tests.factories import a_thread
from tests.mailbox.letters import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(bob):
    return a_thread(bob)


def page(client, letter):
    return client.get(letter.get_absolute_url()).content.decode()


def test_the_list_tells_what_became_of_each(alice, carol, thread):
    sent(alice, thread, subject="Re: Pierwszy")
    actions.close(staff=carol, thread=thread, on=True)
    sent(alice, thread, subject="Re: Drugi")
    content = logged_in(alice).get("/mailbox/").content.decode()
    assert content.index("Drugi") < content.index("Pierwszy")
    assert 'data-state="posted"' in content
    assert 'data-state="refused"' in content


def test_an_empty_list_says_how_it_works(alice):
    assert logged_in(alice).get("/mailbox/").status_code == 200


def test_a_published_letter_leads_to_its_post(alice, thread):
    letter = sent(alice, thread, "Tak.\n\n-- \nAlice")
    content = page(logged_in(alice), letter)
    assert letter.post.get_absolute_url() in content
    assert "-- \nAlice" in content


def test_a_refused_letter_leads_to_its_draft(alice, carol, thread):
    actions.close(staff=carol, thread=thread, on=True)
    letter = sent(alice, thread)
    assert f"/drafts/thread-{thread.pk}/text/" in page(logged_in(alice), letter)


def test_a_post_that_may_not_be_read_any_more_is_not_linked(alice, thread):
    letter = sent(alice, thread)
    thread.category.readers = "staff"
    thread.category.save()
    assert letter.post.get_absolute_url() not in page(logged_in(alice), letter)


def test_what_is_in_a_letter_is_shown_and_never_run(alice, thread):
    letter = sent(alice, thread, "<script>alert(1)</script>", subject="<b>x</b>")
    content = page(logged_in(alice), letter)
    assert "<script>alert(1)" not in content
    assert "<b>x</b>" not in content


def test_the_original_is_handed_out_as_it_came(alice, thread):
    letter = sent(alice, thread)
    response = logged_in(alice).get(f"/mailbox/{letter.pk}/original/")
    assert response.headers["Content-Type"] == "message/rfc822"
    assert "attachment" in response.headers["Content-Disposition"]
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert b"Klucze mam ja." in response.content


def test_an_original_that_was_let_go_is_gone(alice, thread):
    letter = sent(alice, thread)
    Inbound.objects.update(original="", whole="", text="")
    client = logged_in(alice)
    assert client.get(f"/mailbox/{letter.pk}/original/").status_code == 404
    assert client.get(letter.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("who", ["guest", "bob", "carol"])
def test_nobody_else_sees_a_letter(client, alice, bob, carol, thread, who):
    letter = sent(alice, thread, subject="Tajne")
    if who != "guest":
        client.force_login({"bob": bob, "carol": carol}[who])
    for address in ("/mailbox/", letter.get_absolute_url(), f"/mailbox/{letter.pk}/original/"):
        response = client.get(address)
        assert "Tajne" not in response.content.decode()
        if who == "guest":
            assert "/accounts/login/" in response.url
        elif address != "/mailbox/":
            assert response.status_code == 404


def test_pages_of_the_list_go_on_where_the_last_one_ended(alice, monkeypatch):
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)
    now = timezone.now()
    for number in range(5):
        Inbound.objects.create(
            key=str(number),
            member=alice,
            recipient="x",
            subject=f"List {number}",
            size_bytes=1,
            received_at=now - timedelta(minutes=number // 2),  # some in the same moment
        )
    client, address, seen = logged_in(alice), "/mailbox/", []
    while address:
        context = client.get(address).context["page"]
        seen += [letter.subject for letter in context.items]
        address = context.later_url
    assert seen == ["List 1", "List 0", "List 3", "List 2", "List 4"]


def test_the_list_costs_the_same_for_many(alice, django_assert_num_queries, thread):
    for _ in range(3):
        sent(alice, thread)
    client = logged_in(alice)
    client.get("/mailbox/")
    with django_assert_num_queries(4):
        client.get("/mailbox/")
    sent(alice, thread)
    with django_assert_num_queries(4):
        client.get("/mailbox/")


def test_the_account_menu_leads_there(alice):
    assert 'href="/mailbox/"' in logged_in(alice).get("/account/").content.decode()


def test_the_export_holds_the_words_and_not_the_key(alice, thread):
    letter = sent(alice, thread)
    with ZipFile(BytesIO(archive(alice))) as packed:
        data = packed.read("dane.json").decode()
    assert "Klucze mam ja." in data
    assert letter.recipient not in data
    assert json.loads(data)["mailbox.Inbound"]["rows"][0]["state"] == "posted"
