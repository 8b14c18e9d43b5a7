import pytest
from django.core import mail
from django.urls import reverse

from accounts import actions, rules
from accounts.models import JoinRequest, Mandate
from tests.accounts.mandate_world import a_request, refused, steps
from tests.cast import log_in

pytestmark = pytest.mark.django_db

OWN = reverse("accounts:own_organizations")


def join_url(organization):
    return reverse("accounts:ask_to_join", args=[organization.pk])


def answer_url(asked, name="join_request"):
    return reverse(f"accounts:{name}", args=[asked.pk])


def test_the_representatives_are_told(client, alice, bob, carol, erin, fundacja):
    log_in(client, bob)
    assert "reprezentanci" in client.get(join_url(fundacja)).content.decode()
    answer = client.post(join_url(fundacja), {"role": "proxy", "message": "Prowadzę kasę."})
    assert answer.url == OWN
    assert [letter.to for letter in mail.outbox] == [[alice.email]]  # not Erin, who is suspended
    assert "Prowadzę kasę." in mail.outbox[0].body
    assert answer_url(JoinRequest.objects.get()) in mail.outbox[0].body
    assert steps(fundacja) == [("join_asked", bob)]
    assert "czeka na odpowiedź" in client.get(OWN).content.decode()


def test_staff_answers_where_nobody_represents(client, bob, carol, dana, orlik):
    """Dana is a proxy: she speaks for the club, but does not say who else does."""
    log_in(client, bob)
    assert "starostwo" in client.get(join_url(orlik)).content.decode()
    asked = a_request(bob, orlik)
    assert [letter.to for letter in mail.outbox] == [[carol.email]]
    term = actions.Term.from_today("member")
    assert refused(actions.accept_request, actor=dana, request=asked, term=term)
    mandate = actions.accept_request(actor=carol, request=asked, term=term)
    assert mandate.ground == "adviser"


def test_one_request_at_a_time(client, alice, bob, fundacja):
    a_request(bob, fundacja)
    log_in(client, bob)
    assert client.get(join_url(fundacja)).status_code == 403
    assert client.post(join_url(fundacja), {"role": "member"}).status_code == 403
    log_in(client, alice)
    assert client.post(join_url(fundacja), {"role": "member"}).status_code == 403  # she is in
    assert JoinRequest.objects.count() == 1


def test_a_member_asks_so_many_a_day(client, bob, fundacja, orlik, settings):
    settings.JOIN_REQUESTS_PER_DAY = 1
    log_in(client, bob)
    client.post(join_url(fundacja), {"role": "member"})
    answer = client.post(join_url(orlik), {"role": "member", "message": "Gram w siatkówkę."})
    assert answer.status_code == 422
    assert "Gram w siatkówkę." in answer.content.decode()
    assert JoinRequest.objects.count() == 1


def test_accepted_with_another_role_and_days(client, alice, bob, fundacja):
    asked = a_request(bob, fundacja, role=Mandate.Role.REPRESENTATIVE)
    log_in(client, alice)
    page = client.get(answer_url(asked)).content.decode()
    assert "Prowadzę księgowość." in page
    assert '<option value="representative" selected>' in page
    mail.outbox.clear()
    client.post(answer_url(asked), {"role": "member", "valid_from": "2026-01-01", "valid_to": ""})
    mandate = bob.mandates.get()
    assert (mandate.role, mandate.granted_by, mandate.ground) == ("member", alice, "resolution")
    assert [letter.to for letter in mail.outbox] == [[bob.email]]
    assert steps(fundacja)[1:] == [("mandate_granted", alice), ("join_answered", alice)]
    log_in(client, bob)
    assert str(asked.Answer.ACCEPTED.label) in client.get(OWN).content.decode()


def test_declined_with_the_reason(client, alice, bob, fundacja):
    asked = a_request(bob, fundacja)
    log_in(client, alice)
    assert client.post(answer_url(asked, "decline_request"), {"reason": ""}).status_code == 422
    mail.outbox.clear()
    client.post(answer_url(asked, "decline_request"), {"reason": "Nie znamy się."})
    assert not bob.mandates.exists()
    assert "Nie znamy się." in mail.outbox[0].body
    log_in(client, bob)
    assert "Nie znamy się." in client.get(OWN).content.decode()
    a_request(bob, fundacja)  # another try is no crime


def test_an_answer_is_given_once(client, alice, bob, fundacja):
    asked = a_request(bob, fundacja)
    actions.decline_request(actor=alice, request=asked, reason="Nie.")
    term = actions.Term.from_today("member")
    assert "jest już odpowiedź" in refused(
        actions.accept_request, actor=alice, request=asked, term=term
    )
    assert "jest już odpowiedź" in refused(actions.withdraw_request, member=bob, request=asked)


def test_taken_back(client, alice, bob, fundacja):
    asked = a_request(bob, fundacja)
    log_in(client, alice)
    assert client.post(answer_url(asked, "withdraw_request")).status_code == 403
    log_in(client, bob)
    assert client.post(answer_url(asked, "withdraw_request")).url == OWN
    asked.refresh_from_db()
    assert asked.answer == "withdrawn"
    assert steps(fundacja)[-1] == ("join_withdrawn", bob)


@pytest.mark.parametrize("name", ["join_request", "decline_request", "withdraw_request"])
def test_requests_of_others_are_not_found(client, bob, dana, fundacja, alice, name):
    asked = a_request(bob, fundacja)
    log_in(client, dana)
    for pk in (asked.pk, 10**9):
        address = reverse(f"accounts:{name}", args=[pk])
        assert client.post(address, {"role": "member", "reason": "x"}).status_code == 404
    asked.refresh_from_db()
    assert asked.answered_at is None


def test_the_suspended_and_guests_ask_nobody(client, erin, orlik):
    assert refused(actions.ask_to_join, member=erin, organization=orlik, role="member")
    answer = client.get(join_url(orlik))
    assert answer.url == f"{reverse('account_login')}?next={join_url(orlik)}"
    assert client.get(join_url(type(orlik)(pk=10**9))).status_code == 302


def test_rules_and_list_say_the_same(alice, bob, carol, dana, fundacja, orlik):
    asked = a_request(bob, fundacja)
    for member in (alice, bob, carol, dana):
        may_answer = bool(rules.may_answer(member, asked))
        may_withdraw = bool(rules.may_withdraw_request(member, asked))
        is_listed = asked in JoinRequest.objects.readable_by(member)
        assert is_listed == (may_answer or may_withdraw), member


def test_a_new_board_is_led_to_the_adviser(client, bob, fundacja, monkeypatch):
    client.force_login(bob)
    monkeypatch.setattr("accounts.views.joining.claim_of", lambda organization: "/claim/here/")
    assert 'href="/claim/here/"' in client.get(join_url(fundacja)).content.decode()
