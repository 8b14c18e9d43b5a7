"""Limits of one address count an IPv6 line as one: its owner has 2^64 addresses."""

import re

import pytest
from django.utils import timezone

from accounts.views import directory
from forum.live.consumers import LiveConsumer
from tests.floors import ROOT


@pytest.mark.django_db
def test_looking_for_organizations_from_many_addresses_of_one_line(
    client, monkeypatch, time_machine
):
    time_machine.move_to(timezone.now(), tick=False)  # all within one window
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


def test_the_proxy_counts_an_ipv6_line_as_one_too():
    """By its first four groups, as text: of an address that has them written out."""
    conf = (ROOT / "deploy" / "nginx" / "forum.conf.template").read_text()
    pattern = re.search(r'"~(\^\(\?<network>[^"]+)"', conf)[1].replace("?<", "?P<")
    for address in ("2a01:4f8:1:2:aaaa:1:2:3", "2a01:4f8:1:2::1"):
        assert re.match(pattern, address)["network"] == "2a01:4f8:1:2"
    assert re.match(pattern, "203.0.113.7") is None
    assert "zone=forum_connections" in conf
    assert "$binary_remote_addr" not in conf
