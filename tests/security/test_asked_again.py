"""What did not change is not sent again; and what is a reader's own is never taken for the same."""

import pytest
from django.urls import reverse

from tests.factories import a_thread, an_attachment, opening_post

pytestmark = pytest.mark.django_db


def test_an_attachment_is_sent_once(client, bob):
    thread = a_thread(bob)
    attached = an_attachment(bob, opening_post(thread))
    address = reverse("discussions:attachment", args=[attached.key])
    etag = client.get(address).headers["ETag"]
    again = client.get(address, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Content-Security-Policy"].startswith("sandbox")


def test_the_right_is_asked_before_the_browsers_copy_is_used(client, bob):
    thread = a_thread(bob)
    attached = an_attachment(bob, opening_post(thread))
    address = reverse("discussions:attachment", args=[attached.key])
    etag = client.get(address).headers["ETag"]
    thread.category.readers = "staff"
    thread.category.save()
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 404


def test_the_service_worker_is_sent_once(client):
    first = client.get("/service-worker.js")
    assert first.status_code == 200
    again = client.get("/service-worker.js", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/service-worker.js", headers={"If-None-Match": '"other"'})
    assert other.content == first.content


def test_static_files_are_sent_once(client):
    first = client.get("/static/css/tokens.css")
    first.close()
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    again = client.get("/static/css/tokens.css", headers=since)
    assert again.status_code == 304


def test_a_page_has_no_name_that_could_be_the_same(client, bob):
    """Each page bears its own nonce and token: one that were 304 would have an old nonce."""
    answer = client.get(a_thread(bob).get_absolute_url())
    assert "ETag" not in answer.headers
    assert "Last-Modified" not in answer.headers
