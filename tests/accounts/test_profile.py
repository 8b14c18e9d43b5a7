import pytest
from django.urls import reverse
from django.utils import timezone

from tests.cast import SINCE, a_mandate

pytestmark = pytest.mark.django_db

PROFILE = "/account/"


def test_a_guest_is_asked_to_log_in(client):
    answer = client.get(PROFILE)
    assert answer.url == f"{reverse('account_login')}?next={PROFILE}"


def test_name_and_language_are_changed(client, bob):
    client.force_login(bob)
    answer = client.post(PROFILE, {"display_name": " Robert  Kowalski", "language": "en"})
    assert (answer.status_code, answer.url) == (303, PROFILE)
    bob.refresh_from_db()
    assert (bob.display_name, bob.language) == ("Robert Kowalski", "en")
    page = client.get(PROFILE)
    assert "Your profile is saved." in page.content.decode()
    assert page.headers["Content-Language"] == "en"


@pytest.mark.parametrize("bad", [{"display_name": ""}, {"language": "de"}])
def test_bad_input_changes_nothing(client, bob, bad):
    client.force_login(bob)
    given = {"display_name": "Robert", "language": "en"} | bad
    answer = client.post(PROFILE, given)
    assert answer.status_code == 422
    bob.refresh_from_db()
    assert (bob.display_name, bob.language) == ("Bob Kowalski", "pl")


def test_a_refused_name_does_not_appear_in_the_masthead(client, bob, fundacja):
    client.force_login(bob)
    answer = client.post(PROFILE, {"display_name": fundacja.name, "language": "pl"})
    assert answer.context["user"].display_name == "Bob Kowalski"


def test_every_mandate_is_shown_with_its_standing(client, alice, orlik, starostwo):
    a_mandate(alice, orlik, valid_to=SINCE)
    revoked = a_mandate(alice, starostwo)
    revoked.revoked_at = timezone.now()
    revoked.save()
    client.force_login(alice)
    page = client.get(PROFILE)
    shown = {str(m.organization): m.standing.value for m in page.context["mandates"]}
    assert shown == {
        "Fundacja Dobry Start": "current",
        "UKS Orlik Brwinów": "ended",
        "Starostwo Powiatowe w Pruszkowie": "revoked",
    }
    for name in shown:
        assert name in page.content.decode()


def test_mandates_cost_one_query_however_many(client, alice, orlik, django_assert_num_queries):
    client.force_login(alice)
    client.get(PROFILE)
    # The session, the member, the bell, the mandates, the second factor.
    with django_assert_num_queries(5):
        client.get(PROFILE)
    a_mandate(alice, orlik)
    with django_assert_num_queries(5):
        client.get(PROFILE)


def test_a_member_may_stay_unseen_while_reading_and_writing(client, bob):
    client.force_login(bob)
    assert b'name="shows_presence"' in client.get("/account/").content
    known = {"display_name": "Bob Kowalski", "language": "pl"}
    for ticked, is_shown in [({}, False), ({"shows_presence": "on"}, True)]:
        client.post("/account/", {**known, **ticked})
        bob.refresh_from_db()
        assert bob.shows_presence is is_shown
