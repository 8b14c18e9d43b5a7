from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts import actions, rules
from accounts.models import Invitation, Mandate
from tests.accounts.doors import is_logged_in, newest_code
from tests.accounts.mandate_world import (
    a_member_of,
    a_request,
    an_invitation,
    newest_link,
    refused,
    steps,
)
from tests.cast import a_mandate, log_in

pytestmark = pytest.mark.django_db

Role = Mandate.Role
BOB = "bob@example.org"


def invite_url(organization):
    return reverse("accounts:invite", args=[organization.pk])


@pytest.fixture
def invited(alice, bob, fundacja):
    """Bob's invitation, and its link."""
    return an_invitation(alice, fundacja, BOB, Role.PROXY, valid_to=in_days(100))


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


# --- Sending ---
def test_the_letter_says_who_invites_to_what_and_what_is_public(invited, fundacja):
    letter = mail.outbox[-1]
    assert letter.to == [BOB]
    for words in ("Alice Nowak", fundacja.name, "pełnomocnik", "Przy wpisach w jej imieniu"):
        assert words in letter.body
    assert letter.body.count(f"{settings.SITE_URL}/invitations/") == 1
    assert "zaprasza" in letter.body


def test_the_token_stands_in_the_letter_only(invited):
    invitation, link = invited
    token = link.split("/")[2]
    row = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert token not in str(row)
    assert len(row["token_hash"]) == 64


def test_a_pasted_list_is_invited_once_each(client, alice, fundacja):
    log_in(client, alice)
    emails = "Ola <ola@example.org>; jan@example.org,\nOLA@example.org"
    answer = client.post(invite_url(fundacja), {"emails": emails, "role": "member"})
    assert answer.status_code == 303
    assert sorted(letter.to[0] for letter in mail.outbox) == ["jan@example.org", "ola@example.org"]
    assert steps(fundacja) == [("invited", alice), ("invited", alice)]


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"emails": "ola@example.org\nprezes"}, "prezes"),
        ({"emails": "\n".join(f"a{n}@example.org" for n in range(101))}, "101"),
        ({"emails": ""}, "Wypełnij"),
        ({"emails": "x" * 30_000}, "20000"),
        ({"emails": "ola@example.org", "role": "proxy"}, "Pełnomocnictwo"),
        ({"emails": "ola@example.org", "role": "king"}, "king"),
    ],
)
def test_bad_lists_send_nothing_and_keep_what_was_typed(client, alice, fundacja, form, words):
    log_in(client, alice)
    answer = client.post(invite_url(fundacja), {"role": "member", **form})
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors)
    assert form["emails"][:40] in answer.content.decode()
    assert mail.outbox == []


def test_a_hundred_fit(client, alice, fundacja):
    log_in(client, alice)
    emails = "\n".join(f"a{number}@example.org" for number in range(100))
    assert (
        client.post(invite_url(fundacja), {"emails": emails, "role": "member"}).status_code == 303
    )
    assert len(mail.outbox) == Invitation.objects.usable().count() == 100


def test_an_invitation_that_waits_is_not_sent_twice(client, alice, fundacja, invited):
    log_in(client, alice)
    mail.outbox.clear()
    answer = client.post(
        invite_url(fundacja), {"emails": f"{BOB}, ola@example.org", "role": "member"}, follow=True
    )
    assert [letter.to[0] for letter in mail.outbox] == ["ola@example.org"]
    assert f"czeka już zaproszenie: {BOB}" in answer.content.decode()


def test_nobody_learns_whether_an_address_has_an_account(client, alice, bob, fundacja):
    """The same answers and the same letter for Bob, who is even in, and for a stranger."""
    a_member_of(fundacja, bob)
    log_in(client, alice)
    told = []
    for email in (BOB, "nikt@example.org"):
        form = {"emails": email, "role": "member"}
        answer = client.post(invite_url(fundacja), form, follow=True)
        sentences = [str(message) for message in answer.context["messages"]]
        body = mail.outbox[-1].body.replace(newest_link(), "")
        told.append((answer.status_code, sentences, body))
    assert told[0] == told[1]


def test_one_organization_sends_so_many_letters_a_day(client, alice, fundacja, settings):
    settings.INVITATIONS_PER_DAY = 2
    log_in(client, alice)
    form = {"emails": "a@example.org, b@example.org, c@example.org", "role": "member"}
    answer = client.post(invite_url(fundacja), form)
    assert answer.status_code == 422
    assert len(mail.outbox) == 2
    page = answer.content.decode()
    assert "Dziś poszło już dużo zaproszeń" in page
    assert ">\nc@example.org</textarea>" in page
    again = reverse("accounts:invite_again", args=[fundacja.pk, Invitation.objects.first().pk])
    client.post(again)
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("name", ["bob", "dana", "erin"])
def test_others_invite_nobody(request, name, fundacja, alice):
    given = {"organization": fundacja, "emails": ["ola@example.org"]}
    stranger = request.getfixturevalue(name)
    assert refused(actions.invite, actor=stranger, term=actions.Term.from_today("member"), **given)
    assert mail.outbox == []


# --- Its state, sending again, withdrawing ---
def test_the_state_is_readable(client, alice, fundacja, invited):
    invitation, link = invited
    log_in(client, alice)
    page = reverse("accounts:people", args=[fundacja.pk])
    assert invitation.standing == "sent"
    client.get(link)
    for standing in ("opened", "bounced"):
        if standing == "bounced":
            assert actions.mark_bounced(message_id=invitation.message_id) == 1
        invitation.refresh_from_db()
        assert invitation.standing == standing
        assert str(invitation.standing.label) in client.get(page).content.decode()


def test_a_bounce_is_known_by_the_letter_or_the_address(alice, fundacja, invited, orlik, dana):
    invitation, _ = invited
    assert mail.outbox[-1].extra_headers["Message-ID"] == invitation.message_id
    assert actions.mark_bounced(message_id="<other@example.org>") == 0
    assert actions.mark_bounced(email="BOB@example.org ") == 1
    assert actions.mark_bounced(email=BOB) == 0
    assert steps(fundacja)[-1] == ("invitation_bounced", None)


def test_a_new_letter_makes_the_old_link_dead(client, alice, fundacja, invited):
    invitation, old = invited
    actions.mark_bounced(email=BOB)
    log_in(client, alice)
    client.post(reverse("accounts:invite_again", args=[fundacja.pk, invitation.pk]))
    invitation.refresh_from_db()
    assert invitation.standing == "sent"
    assert client.get(old).status_code == 404
    assert client.get(newest_link()).status_code == 200
    assert steps(fundacja)[-1] == ("invited_again", alice)


def test_an_expired_invitation_is_renewed_by_inviting_again(alice, bob, fundacja, time_machine):
    time_machine.move_to("2026-03-02 10:00:00+00:00", tick=False)
    first, link = an_invitation(alice, fundacja, BOB)
    time_machine.move_to("2026-04-02 10:00:00+00:00", tick=False)
    assert first.standing == "expired"
    assert "wygasło" in refused(actions.accept_invitation, member=bob, invitation=first)
    second, _ = an_invitation(alice, fundacja, BOB)
    assert second.pk != first.pk
    actions.accept_invitation(member=bob, invitation=second)


def test_a_withdrawn_invitation_says_so(client, alice, bob, fundacja, invited):
    invitation, link = invited
    log_in(client, alice)
    client.post(reverse("accounts:revoke_invitation", args=[fundacja.pk, invitation.pk]))
    log_in(client, bob)
    answer = client.get(link)
    assert answer.status_code == 410
    assert "zostało wycofane" in answer.content.decode()
    assert client.post(f"{link}accept/").status_code == 403
    assert not bob.mandates.exists()


def test_invitations_of_others_are_not_found(client, dana, orlik, fundacja, invited):
    invitation, _ = invited
    log_in(client, dana)
    for name in ("invite_again", "revoke_invitation"):
        for organization, status in ((orlik, 403), (fundacja, 403)):
            address = reverse(f"accounts:{name}", args=[organization.pk, invitation.pk])
            assert client.post(address).status_code == status
    dana.mandates.filter(organization=orlik).update(role=Role.REPRESENTATIVE)
    theirs = reverse("accounts:invite_again", args=[orlik.pk, invitation.pk])
    assert client.post(theirs).status_code == 404
    invitation.refresh_from_db()
    assert invitation.standing == "sent"


# --- Opening and accepting ---
def test_everybody_with_the_link_reads_it_without_an_account(client, fundacja, invited):
    invitation, link = invited
    page = client.get(link).content.decode()
    assert fundacja.name in page
    assert "Alice Nowak" in page
    assert BOB not in page
    invitation.refresh_from_db()
    opened_at = invitation.opened_at
    assert opened_at
    client.get(link)
    invitation.refresh_from_db()
    assert invitation.opened_at == opened_at


@pytest.mark.parametrize("token", ["x", "a" * 43, "a" * 5000, "ą%00", "..", "<script>"])
def test_a_forged_token_is_not_found(client, bob, invited, token):
    assert client.get(reverse("accounts:invitation", args=[token])).status_code == 404
    log_in(client, bob)
    assert client.post(reverse("accounts:accept_invitation", args=[token])).status_code == 404
    assert not bob.mandates.exists()


def test_whoever_proved_the_address_accepts(client, bob, alice, fundacja, invited):
    _, link = invited
    log_in(client, bob)
    assert "accept/" in client.get(link).content.decode()
    assert client.post(f"{link}accept/").url == reverse("accounts:own_organizations")
    mandate = bob.mandates.get()
    assert (mandate.role, mandate.valid_to) == ("proxy", in_days(100))
    assert (mandate.granted_by, mandate.ground) == (alice, "invitation")
    assert rules.may_speak(bob, fundacja)
    assert steps(fundacja)[1:] == [("invitation_accepted", bob), ("mandate_granted", alice)]


def test_another_account_is_told_what_to_do(client, dana, invited):
    _, link = invited
    log_in(client, dana)
    page = client.get(link).content.decode()
    assert "na inny adres" in page
    assert "accept/" not in page
    assert BOB not in page
    assert client.post(f"{link}accept/").status_code == 403


def test_an_address_that_is_not_proven_does_not_count(bob, invited):
    invitation, _ = invited
    bob.emailaddress_set.update(verified=False)
    assert "inny adres" in refused(actions.accept_invitation, member=bob, invitation=invitation)


def test_a_suspended_member_does_not_come_in(bob, invited):
    invitation, _ = invited
    bob.is_active = False
    bob.save()
    assert "zawieszone" in refused(actions.accept_invitation, member=bob, invitation=invitation)


def test_it_works_once(client, bob, fundacja, invited):
    invitation, link = invited
    actions.accept_invitation(member=bob, invitation=invitation)
    log_in(client, bob)
    assert client.post(f"{link}accept/").status_code == 403
    answer = client.get(link)
    assert (answer.status_code, "wykorzystane" in answer.content.decode()) == (410, True)
    assert bob.mandates.count() == 1


def test_a_new_member_signs_up_and_is_in_by_the_invitation(client, alice, fundacja):
    _, link = an_invitation(alice, fundacja, "ewa@example.org")
    signup = f"{reverse('account_signup')}?next={link}"
    assert f"?next={link}" in client.get(link).content.decode()
    client.get(signup)
    answer = client.post(signup, {"email": "ewa@example.org", "display_name": "Ewa Lis"})
    answer = client.post(answer.url, {"code": newest_code()})
    assert is_logged_in(client)
    assert answer.url == reverse("overview:welcome")
    assert fundacja.mandates.get(user__email="ewa@example.org").role == "member"


def test_the_letter_is_not_needed_to_find_it(client, bob, dana, fundacja, invited):
    """Whoever signed up by another way still sees that they are invited."""
    invitation, _ = invited
    accept = reverse("accounts:accept_own_invitation", args=[invitation.pk])
    log_in(client, dana)
    assert client.post(accept).status_code == 404
    log_in(client, bob)
    assert accept in client.get(reverse("accounts:own_organizations")).content.decode()
    client.post(accept)
    assert bob.mandates.get().role == "proxy"


@pytest.mark.parametrize(
    ("has", "until", "offered", "expected"),
    [
        ("member", None, "proxy", "proxy"),
        ("representative", None, "member", "representative"),
        ("proxy", 50, "proxy", "proxy"),
        ("proxy", 300, "proxy", "proxy"),
    ],
)
def test_a_mandate_gives_way_only_to_more(alice, bob, fundacja, has, until, offered, expected):
    a_mandate(bob, fundacja, has, valid_to=in_days(until) if until else None)
    invitation, _ = an_invitation(alice, fundacja, BOB, offered, valid_to=in_days(100))
    mandate = actions.accept_invitation(member=bob, invitation=invitation)
    assert Mandate.objects.current().get(user=bob) == mandate
    assert mandate.role == expected
    if until:
        assert mandate.valid_to == in_days(max(until, 100))


def test_an_invitation_answers_what_the_member_asked(alice, bob, fundacja):
    asked = a_request(bob, fundacja)
    invitation, _ = an_invitation(alice, fundacja, BOB)
    actions.accept_invitation(member=bob, invitation=invitation)
    asked.refresh_from_db()
    assert asked.answer == "accepted"


def test_a_mandate_whose_end_has_passed_is_not_accepted(alice, bob, fundacja, time_machine):
    time_machine.move_to("2026-03-02 10:00:00+00:00", tick=False)
    invitation, _ = an_invitation(alice, fundacja, BOB, Role.PROXY, valid_to=in_days(3))
    time_machine.move_to("2026-03-09 10:00:00+00:00", tick=False)
    assert "nowe zaproszenie" in refused(
        actions.accept_invitation, member=bob, invitation=invitation
    )
    invitation.refresh_from_db()
    assert invitation.accepted_at is None
