import pytest

from tests.cast import logged_in

pytestmark = pytest.mark.django_db

ADDRESS = "/language/"
LOGIN = "/accounts/login/"


def test_a_guests_choice_stays_in_a_cookie(client):
    assert client.get(LOGIN).headers["Content-Language"] == "pl"
    answer = client.post(ADDRESS, {"language": "en", "next": LOGIN})
    assert (answer.status_code, answer.url) == (303, LOGIN)
    page = client.get(LOGIN)
    assert page.headers["Content-Language"] == "en"
    assert '<html lang="en"' in page.content.decode()


def test_a_members_choice_follows_them_to_another_browser(bob):
    logged_in(bob).post(ADDRESS, {"language": "en"})
    bob.refresh_from_db()
    assert bob.language == "en"
    assert logged_in(bob).get("/account/").headers["Content-Language"] == "en"


def test_a_members_language_wins_over_the_cookie(client, bob):
    client.cookies["django_language"] = "en"
    client.force_login(bob)
    assert client.get("/account/").headers["Content-Language"] == "pl"


def test_an_unknown_cookie_means_polish(client):
    client.cookies["django_language"] = "xx"
    assert client.get(LOGIN).headers["Content-Language"] == "pl"


def test_the_browsers_own_wish_is_not_asked(client):
    page = client.get(LOGIN, headers={"Accept-Language": "en"})
    assert page.headers["Content-Language"] == "pl"


def test_shared_caches_are_told_that_the_cookie_decides(client):
    assert "Cookie" in client.get(LOGIN).headers["Vary"]


@pytest.mark.parametrize(
    "bad", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_nobody_is_sent_to_another_host(client, bad):
    answer = client.post(ADDRESS, {"language": "en", "next": bad})
    assert (answer.status_code, answer.url) == (303, "/")


def test_an_unknown_language_is_refused(client):
    answer = client.post(ADDRESS, {"language": "xx"})
    assert answer.status_code == 400
    assert "django_language" not in client.cookies


def test_reading_the_address_changes_nothing(client):
    assert client.get(ADDRESS).status_code == 405
