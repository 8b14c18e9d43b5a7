"""Organizations of a public list are written to in waves, each once."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Invitation, Organization
from tests.cast import an_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def unclaimed():
    made = [an_organization(f"Koło {number}", "association") for number in range(5)]
    for number, each in enumerate(made):
        each.is_claimed, each.email = False, f"Biuro{number}@example.org"
        each.save()
    an_organization("Bez adresu", "association")
    Organization.objects.filter(name="Bez adresu").update(is_claimed=False)
    return made


def run(by, *wishes):
    said = io.StringIO()
    call_command("invite_organizations", "--by", by.email, *wishes, stdout=said)
    return said.getvalue()


def test_each_wave_goes_on_where_the_last_one_ended(carol, unclaimed):
    assert "Czeka jeszcze: 3" in run(carol, "--count", "2")
    run(carol, "--count", "2")
    assert [each.email for each in Invitation.objects.order_by("pk")] == [
        f"biuro{number}@example.org" for number in range(4)
    ]
    run(carol)
    run(carol)
    assert Invitation.objects.count() == 5
    assert {each.role for each in Invitation.objects.all()} == {"representative"}


def test_a_preview_sends_nothing(carol, unclaimed):
    said = run(carol, "--dry-run", "--count", "2")
    assert "Koło 0" in said
    assert "Koło 2" not in said
    assert "Czeka jeszcze: 3" in said
    assert not Invitation.objects.exists()


def test_organizations_with_people_are_left_alone(carol, fundacja):
    fundacja.email = "biuro@example.org"
    fundacja.save()
    run(carol)
    assert not Invitation.objects.exists()


def test_only_staff_sends_them(bob, unclaimed):
    with pytest.raises(CommandError, match="reprezentanci"):
        run(bob)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("wishes", [["--count", "0"], ["--count", "-3"]])
def test_a_wave_without_letters_is_refused(carol, wishes):
    with pytest.raises(CommandError):
        run(carol, *wishes)


def test_an_unknown_adviser_is_named(unclaimed):
    with pytest.raises(CommandError, match="nobody@example.org"):
        call_command("invite_organizations", "--by", "nobody@example.org")
