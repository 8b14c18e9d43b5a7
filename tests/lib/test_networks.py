"""What counts as one sender, and what is out in the world."""

import pytest

from forum.lib.networks import is_public, network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2a01:4f8:1:2:3:4:5:6", "2a01:4f8:1:2::"),
        ("2a01:4f8:1:2::", "2a01:4f8:1:2::"),
        ("2a01:4f8:1:3::1", "2a01:4f8:1:3::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_one_line_of_a_provider_is_one_sender(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "255.255.255.255", "224.0.0.1", "192.0.2.1", "::1", "::", "fe80::1", "fd00::1",  # noqa: S104  # nobody listens there
        "ff02::1", "2001:db8::1", "::ffff:10.0.0.1",
        "64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b:1::1",
        "2002:a00:1::", "2002:7f00:1::1", "::10.0.0.1", "::127.0.0.1", "4000::1",
    ],
)  # fmt: skip
def test_what_is_or_hides_an_address_of_ours_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:101:101::1"],
)
def test_others_are_public(address: str) -> None:
    assert is_public(address)
