"""Limits of one address count an IPv6 line as one: its owner has 2^64 addresses."""

import pytest

from accounts.views import directory
from forum.live.consumers import LiveConsumer


@pytest.mark.django_db
def test_looking_for_organizations_from_many_addresses_of_one_line(client, monkeypatch):
    monkeypatch.setattr(directory, "SUGGESTIONS_PER_MINUTE", 3)
    answers = [
        client.get("/organizations/find/?q=a", REMOTE_ADDR=f"2a01:4f8:1:2::{n:x}").status_code
        for n in range(1, 6)
    ]
    assert answers == [200, 200, 200, 429, 429]
    assert client.get("/organizations/find/?q=a", REMOTE_ADDR="2a01:4f8:1:3::1").status_code == 200


def test_sockets_of_one_line_are_counted_together():
    described = [LiveConsumer.__new__(LiveConsumer) for _ in range(2)]
    for number, consumer in enumerate(described):
        consumer.scope = {
            "session": _Session(),
            "client": [f"2a01:4f8:1:2::{number + 1:x}", 5],
            "user": None,
            "query_string": b"",
        }
        consumer.send = consumer.close = None
    assert {consumer._describe().address for consumer in described} == {"2a01:4f8:1:2::"}


class _Session(dict):
    session_key = None
