"""Cross-site forms: every address refuses a POST without the page's own token."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import actions
from accounts.models import User
from tests.cast import log_in
from tests.factories import a_thread
from tests.security.walking import addresses

pytestmark = pytest.mark.django_db

ADDRESSES = sorted({path for _name, path in addresses()})
# RFC 8058: mail programs post there without a cookie; the signed address is the proof.
SIGNED = {"/notifications/stop/x/"}
WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def strict(bob):
    """An administrator's browser, which a page of somebody else makes post."""
    a_thread(bob)
    client = Client(enforce_csrf_checks=True)
    root = User.objects.create_superuser("root@example.org", display_name="Administrator")
    actions.confirm_email(member=root)
    log_in(client, root)
    return client


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_taken_without_the_token(strict, method):
    for path in ADDRESSES:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = getattr(strict, method)(path, {"body": "x"})
        written = [each["sql"] for each in queries if each["sql"].startswith(WRITES)]
        assert answer.status_code == 403 or (path in SIGNED and answer.status_code != 200), path
        assert written == [], path


def test_an_unsigned_address_stops_nothing(strict):
    for path in SIGNED:
        assert strict.post(path).status_code == 404


def test_a_foreign_origin_is_refused_even_with_the_token(strict):
    strict.get("/account/")
    token = strict.cookies["csrftoken"].value
    given = {"language": "en", "next": "/"}
    headers = {"X-CSRFToken": token}
    foreign = {**headers, "Origin": "https://evil.example"}
    assert strict.post("/language/", given, headers=foreign).status_code == 403
    assert strict.post("/language/", given, headers=headers).status_code == 303


@pytest.mark.parametrize("method", ["get", "head"])
def test_reading_changes_nothing(strict, method):
    """A picture on a foreign page can make a browser GET: so no GET may be a deed."""
    strict.get("/")  # what a first visit writes
    for path in ADDRESSES:
        with CaptureQueriesContext(connection) as queries:
            getattr(strict, method)(path)
        changed = [
            each["sql"]
            for each in queries
            if each["sql"].startswith(WRITES) and not _is_a_note(each["sql"])
        ]
        assert changed == [], path


NOTES = re.compile(
    r'\w[\w ]* "(django_session|usersessions_usersession|discussions_readmark)"', re.ASCII
)


def _is_a_note(sql):
    """What reading writes about the reading itself: sessions, and what has been read."""
    return NOTES.match(sql) is not None
