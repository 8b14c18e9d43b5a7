"""The administration goes through the forum's own doors: proof, second factor, actions."""

import time

import pytest
from django.urls import reverse

from accounts.models import Mandate, User
from tests.cast import SINCE, a_mandate, a_member, just_logged_in, logged_in

pytestmark = pytest.mark.django_db
HALF_AN_HOUR_S = 30 * 60


@pytest.fixture
def representative(orlik):
    """The only one who represents the club."""
    return a_mandate(a_member("Grace", "Bąk"), orlik)


def change_of(mandate):
    return reverse("admin:accounts_mandate_change", args=[mandate.pk])


@pytest.mark.parametrize("path", ["/admin/", "/admin/accounts/user/"])
def test_an_old_session_is_asked_who_it_is(carol, path):
    answer = logged_in(carol).get(path)
    assert answer.status_code == 302
    assert answer.url.startswith("/account/confirm/"), answer.url
    assert just_logged_in(carol).get(path).status_code == 200


def test_a_proof_lasts_for_half_an_hour(carol, time_machine):
    time_machine.move_to(time.time(), tick=False)
    client = just_logged_in(carol)
    time_machine.shift(HALF_AN_HOUR_S - 5)
    assert client.get("/admin/").status_code == 200
    time_machine.shift(10)
    assert client.get("/admin/").status_code == 302


def test_a_form_sent_without_a_proof_changes_nothing(carol, bob):
    address = reverse("admin:accounts_user_change", args=[bob.pk])
    logged_in(carol).post(address, {"display_name": "Inna Osoba"})
    bob.refresh_from_db()
    assert bob.display_name == "Bob Kowalski"


@pytest.mark.usefixtures("db")
def test_whoever_loses_staff_loses_the_administration(carol):
    client = just_logged_in(carol)
    assert client.get("/admin/").status_code == 200
    User.objects.filter(pk=carol.pk).update(is_staff=False)
    assert client.get("/admin/accounts/user/", follow=True).status_code == 403


def test_the_last_representative_does_not_go_unnoticed(carol, representative):
    given = {"role": "member", "valid_from": SINCE, "valid_to": ""}
    answer = just_logged_in(carol).post(change_of(representative), given)
    assert answer.status_code == 302
    organization = representative.organization
    organization.refresh_from_db()
    assert organization.needs_succession_since is not None
    steps = set(organization.events.values_list("kind", flat=True))
    assert {"mandate_changed", "succession_needed"} <= steps


def test_a_second_open_mandate_is_refused_with_a_sentence(carol, representative):
    given = {"user": representative.user_id, "organization": representative.organization_id}
    given |= {"role": "proxy", "valid_from": SINCE}
    answer = just_logged_in(carol).post(reverse("admin:accounts_mandate_add"), given)
    assert answer.status_code in {200, 403}
    assert Mandate.objects.filter(user=representative.user).count() == 1


def test_a_given_mandate_is_in_the_log(carol, bob, orlik):
    given = {"user": bob.pk, "organization": orlik.pk, "role": "member", "valid_from": SINCE}
    just_logged_in(carol).post(reverse("admin:accounts_mandate_add"), given)
    assert (Mandate.objects.get(user=bob).granted_by, orlik.events.get().actor) == (carol, carol)


def test_the_holder_of_a_mandate_is_never_changed(carol, bob, representative):
    given = {"user": bob.pk, "organization": 1, "role": "proxy", "valid_from": SINCE}
    holder = representative.user
    just_logged_in(carol).post(change_of(representative), given)
    representative.refresh_from_db()
    assert representative.user == holder


@pytest.mark.parametrize("who", ["carol", "administrator"])
def test_nobody_deletes_a_mandate(request, representative, who):
    staff = (
        User.objects.create_superuser("root@example.org", display_name="Administrator")
        if who == "administrator"
        else request.getfixturevalue("carol")
    )
    client = just_logged_in(staff)
    address = reverse("admin:accounts_mandate_delete", args=[representative.pk])
    assert client.post(address, {"post": "yes"}).status_code == 403
    page = reverse("admin:accounts_mandate_changelist")
    client.post(
        page, {"action": "delete_selected", "_selected_action": [representative.pk], "post": "yes"}
    )
    assert Mandate.objects.filter(pk=representative.pk).exists()


def test_the_page_of_an_organization_only_shows_mandates(carol, representative):
    organization = representative.organization
    fields = {"name": organization.name, "kind": organization.kind, "gmina": organization.gmina}
    fields |= {"register": "none", "is_claimed": "on"}
    inline = {"mandates-TOTAL_FORMS": "1", "mandates-INITIAL_FORMS": "1"}
    inline |= {"mandates-0-id": str(representative.pk), "mandates-0-DELETE": "on"}
    inline |= {"mandates-0-role": "member", "mandates-0-revoked_at_0": "2026-01-01"}
    address = reverse("admin:accounts_organization_change", args=[organization.pk])
    just_logged_in(carol).post(address, fields | inline)
    representative.refresh_from_db()
    assert (representative.role, representative.revoked_at) == ("representative", None)
