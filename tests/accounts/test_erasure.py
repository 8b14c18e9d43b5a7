"""Erasing an account: the person becomes a number, organizations keep what was said for them."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import erasing, personal_data, rules
from accounts.actions import change_profile, choose_language
from accounts.models import Mandate, User
from accounts.personal_data import Texts
from forum.discussions import actions
from forum.discussions.actions import drafting
from forum.discussions.models import Draft, Post, Reaction, ReadMark, Revision, SavedPost
from forum.lib.answers import Refused
from tests.accounts.doors import ask_for_code, is_logged_in
from tests.accounts.factors import give_app
from tests.cast import SINCE, a_mandate, a_member, just_logged_in, logged_in
from tests.factories import a_category, a_reaction, a_reply, a_thread, opening_post

pytestmark = pytest.mark.django_db

PAGE = "/account/erase/"
NAME = "osoba usunięta"
SURE = {"step": "2", "is_understood": "on"}


def erase(member, texts=Texts.KEEP):
    erasing.erase_account(member=member, texts=texts)
    member.refresh_from_db()


@pytest.fixture
def frank(fundacja, alice):
    """A second representative of Alice's foundation: nothing hangs on him alone."""
    frank = a_member("Frank", "Lis")
    a_mandate(frank, fundacja)
    return frank


# --- The account ---------------------------------------------------------------------------------
def test_the_person_becomes_a_number(bob):
    erase(bob)
    assert (bob.email, bob.display_name) == (f"erased-{bob.pk}@invalid", NAME)
    assert not bob.is_active
    assert not bob.has_usable_password()
    assert bob.erased_at == bob.date_joined
    assert bob.last_login is None
    assert not EmailAddress.objects.exists()


def test_the_address_and_the_name_are_free_again(client, bob):
    erase(bob)
    client.post(reverse("account_signup"), {"email": "bob@example.org", "display_name": "Bob"})
    assert User.objects.get(email="bob@example.org").pk != bob.pk


def test_the_erased_cannot_come_back(client, bob):
    erase(bob)
    mail.outbox.clear()
    ask_for_code(client, "bob@example.org")
    assert "/accounts/signup/" in mail.outbox[-1].body
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=bob.pk).update(is_active=True)


def test_what_they_sent_a_moment_before_is_not_written_on_the_number(bob):
    erase(User.objects.get(pk=bob.pk))
    with pytest.raises(Refused):
        change_profile(member=bob, display_name="Bob Znowu", language="en")
    choose_language(member=bob, language="en")
    bob.refresh_from_db()
    assert (bob.display_name, bob.language) == (NAME, "pl")


def test_an_administrator_cannot_bring_them_back(bob):
    root = User.objects.create_superuser("root@example.org", display_name="Administrator")
    erase(bob)
    address = reverse("admin:accounts_user_change", args=[bob.pk])
    assert just_logged_in(root).post(address, {"is_active": "on"}).status_code == 403


def test_a_last_mail_tells_of_it(bob):
    User.objects.filter(pk=bob.pk).update(language="en")
    bob.refresh_from_db()
    erase(bob)
    assert [message.to for message in mail.outbox] == [["bob@example.org"]]
    assert "We no longer keep this address" in mail.outbox[0].body


def test_sessions_and_factors_are_gone(bob, time_machine):
    phone, office = just_logged_in(bob), just_logged_in(bob)
    time_machine.move_to(timezone.now() + timezone.timedelta(minutes=11))
    for client in (phone, office):
        client.get("/account/")
    give_app(bob)
    assert UserSession.objects.count() == 2
    erase(bob)
    assert not UserSession.objects.exists()
    assert not Authenticator.objects.exists()
    assert [client.get("/account/").status_code for client in (phone, office)] == [302, 302]


def test_mandates_end_and_stay_as_history(frank, fundacja):
    ended = a_mandate(frank, fundacja, Mandate.Role.PROXY, valid_to=SINCE)
    erase(frank)
    assert not rules.voices_of(frank).exists()
    assert Mandate.objects.held_by(frank).count() == 2
    ended.refresh_from_db()
    assert ended.revoked_at is None


def test_the_administrations_log_keeps_a_number(bob, carol):
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.create(
        user=carol, content_type=kind, object_id=bob.pk, object_repr="Bob Kowalski", action_flag=2
    )
    erase(bob)
    assert LogEntry.objects.get().object_repr == f"#{bob.pk}"


# --- What was written ----------------------------------------------------------------------------
@pytest.fixture
def talk(frank, fundacja, bob):
    """Frank's words in both voices, and what he keeps for himself."""
    thread = a_thread(frank, a_category(), title="Sala", body="Kto chce salę?", voice=fundacja)
    own = a_reply(frank, thread, "Stary tekst Franka.")
    own.created_at = timezone.now() - timezone.timedelta(hours=1)
    own.save()
    actions.edit(author=frank, post=own, body="Prywatne zdanie Franka.", body_format="markdown")
    answer = a_reply(bob, thread, "Odpowiedź Boba.", parent=own)
    a_reaction(frank, answer)
    actions.save_for_later(author=frank, post=answer, note="zapamiętać")
    drafting.keep(
        user=frank,
        context=f"thread-{thread.pk}",
        version=0,
        text=drafting.Text(body="Nie wysłano"),
    )
    return thread


def test_texts_may_stay_without_the_name(client, frank, talk):
    erase(frank, Texts.KEEP)
    html = client.get(talk.get_absolute_url()).content.decode()
    assert "Prywatne zdanie Franka." in html
    assert "Frank Lis" not in html
    assert NAME in html


def test_texts_may_be_withdrawn(client, frank, talk):
    erase(frank, Texts.WITHDRAW)
    html = client.get(talk.get_absolute_url()).content.decode()
    assert "Prywatne zdanie" not in html
    assert "Odpowiedź Boba." in html
    own = Post.objects.get(author=frank, organization=None)
    assert (own.state, own.source, own.html) == (Post.State.WITHDRAWN, "", "")
    assert not Revision.objects.filter(post=own).exists()


@pytest.mark.parametrize("texts", Texts)
def test_an_organizations_words_stay_the_organizations(client, frank, fundacja, talk, texts):
    erase(frank, texts)
    html = client.get(talk.get_absolute_url()).content.decode()
    assert "Kto chce salę?" in html
    assert fundacja.name in html
    assert "Frank" not in html.replace("Franka", "")


def test_what_was_withdrawn_before_is_emptied_in_any_case(frank, talk):
    post = a_reply(frank, talk, "Pomyłka.")
    actions.withdraw(author=frank, post=post)
    erase(frank, Texts.KEEP)
    post.refresh_from_db()
    assert post.source == ""


def test_every_withdrawn_text_is_a_change_of_its_own(frank, talk):
    a_reply(frank, talk, "Drugie zdanie.")
    before = Post.objects.filter(thread=talk).order_by("-seq").first().seq
    erase(frank, Texts.WITHDRAW)
    talk.refresh_from_db()
    seqs = list(Post.objects.filter(thread=talk, seq__gt=before).values_list("seq", flat=True))
    # Two posts of his, and the one he had thanked for.
    assert sorted(seqs) == [before + 1, before + 2, before + 3]
    assert talk.seq == before + 3


def test_an_accepted_answer_that_is_withdrawn_is_none(bob, frank):
    thread = a_thread(bob)
    answer = a_reply(frank, thread)
    actions.accept(author=bob, post=answer, on=True)
    erase(frank, Texts.WITHDRAW)
    thread.refresh_from_db()
    assert thread.accepted_id is None


def test_reactions_in_the_own_voice_go_an_organizations_stay(frank, fundacja, bob):
    own, official = (opening_post(a_thread(bob)) for _ in range(2))
    a_reaction(frank, own)
    a_reaction(frank, official, voice=fundacja)
    erase(frank)
    assert [each.post_id for each in Reaction.objects.all()] == [official.pk]


def test_what_the_member_kept_for_themselves_is_gone(frank, talk):
    assert Draft.objects.filter(user=frank).exists()
    erase(frank)
    for model in (Draft, ReadMark, SavedPost):
        assert not model.objects.filter(user=frank).exists()


def test_nothing_is_left_of_the_person_anywhere(frank, talk):
    give_app(frank)
    erase(frank, Texts.WITHDRAW)
    for holding in personal_data.holdings():
        for row in holding.rows(frank).values():
            assert "frank" not in str(row).lower(), holding.model


def test_others_lose_nothing(frank, talk, bob, alice):
    a_reaction(alice, talk.posts.get(number=3))
    drafting.keep(
        user=bob, context=f"thread-{talk.pk}", version=0, text=drafting.Text(body="Bob pisze")
    )
    erase(frank, Texts.WITHDRAW)
    assert Draft.objects.filter(user=bob).exists()
    assert Reaction.objects.filter(user=alice).exists()
    assert "Odpowiedź Boba." in talk.posts.get(number=3).html


# --- Refusals ------------------------------------------------------------------------------------
def test_the_last_representative_cannot_vanish(alice, fundacja):
    with pytest.raises(Refused, match=fundacja.name):
        erasing.erase_account(member=alice, texts=Texts.KEEP)
    alice.refresh_from_db()
    assert alice.erased_at is None
    page = just_logged_in(alice).get(PAGE)
    assert page.status_code == 403
    assert "Najpierw przekaż to innej osobie" in page.content.decode()
    assert just_logged_in(alice).post(PAGE, SURE | {"texts": "keep"}).status_code == 403


@pytest.mark.parametrize("help_from", ["proxy", "suspended", "ended", "coming"])
def test_only_a_standing_representative_relieves_them(alice, fundacja, help_from):
    other = a_member("Frank", "Lis")
    today = timezone.localdate()
    details = {
        "proxy": {"role": Mandate.Role.PROXY},
        "ended": {"valid_to": SINCE},
        "coming": {"valid_from": today + timezone.timedelta(days=1)},
    }.get(help_from, {})
    a_mandate(other, fundacja, **details)
    if help_from == "suspended":
        User.objects.filter(pk=other.pk).update(is_active=False)
    assert not rules.may_be_erased(alice)
    a_mandate(a_member("Gosia", "Bąk"), fundacja)
    assert rules.may_be_erased(alice) is True


def test_a_proxy_may_leave(dana):
    assert rules.may_be_erased(dana) is True


def test_the_last_administrator_cannot_vanish():
    root = User.objects.create_superuser("root@example.org", display_name="Administrator")
    refusal = rules.may_be_erased(root)
    assert "Nie ma innego administratora" in str(refusal.sentence)
    User.objects.create_superuser("root2@example.org", display_name="Drugi administrator")
    assert rules.may_be_erased(root) is True


def test_nobody_is_erased_twice(bob):
    erase(bob)
    with pytest.raises(Refused):
        erase(bob)


# --- The pages -----------------------------------------------------------------------------------
def test_it_is_asked_twice(bob):
    client = just_logged_in(bob)
    first = client.get(PAGE)
    assert "Co się stanie" in first.content.decode()
    second = client.post(PAGE, {"texts": "withdraw"})
    assert "Usunąć konto na zawsze?" in second.content.decode()
    assert "Wycofaj: nikt już tego nie przeczyta" in second.content.decode()
    unsure = client.post(PAGE, {"texts": "withdraw", "step": "2"})
    assert unsure.status_code == 422
    bob.refresh_from_db()
    assert bob.erased_at is None
    done = client.post(PAGE, SURE | {"texts": "withdraw"})
    assert (done.status_code, done.url) == (303, "/account/erased/")
    assert not is_logged_in(client)
    assert "Konto jest usunięte" in client.get(done.url).content.decode()
    bob.refresh_from_db()
    assert bob.erased_at is not None


@pytest.mark.parametrize("bad", [{}, {"texts": "everything"}, {"texts": ["keep", "\0"]}])
@pytest.mark.parametrize("step", [{}, SURE])
def test_bad_input_erases_nothing(bob, bad, step):
    assert just_logged_in(bob).post(PAGE, bad | step).status_code == 422
    bob.refresh_from_db()
    assert bob.erased_at is None


def test_it_asks_who_is_there(client, bob):
    assert client.get(PAGE).url.startswith(reverse("account_login"))
    assert logged_in(bob).post(PAGE, SURE | {"texts": "keep"}).url.startswith("/account/confirm/")
    bob.refresh_from_db()
    assert bob.erased_at is None
