import pytest

from forum.lib.address_lists import parse_addresses


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("anna@example.org", ["anna@example.org"]),
        ("a@x.pl, b@x.pl;c@x.pl\nd@x.pl\te@x.pl", [f"{name}@x.pl" for name in "abcde"]),
        ("a@x.pl b@x.pl", ["a@x.pl", "b@x.pl"]),
        ("Anna Lis <anna@x.pl>", ["anna@x.pl"]),
        ("Kowalska, Anna <anna@x.pl>; Lis, Jan <jan@x.pl>", ["anna@x.pl", "jan@x.pl"]),
        ("Anna <anna@x.pl>, Jan <jan@x.pl>, ola@x.pl", ["anna@x.pl", "jan@x.pl", "ola@x.pl"]),
        ("ola@x.pl, Anna <anna@x.pl>", ["ola@x.pl", "anna@x.pl"]),
        ("Anna Lis anna@x.pl", ["anna@x.pl"]),
        ("„anna@x.pl”", ["anna@x.pl"]),
        ("mailto:anna@x.pl", ["anna@x.pl"]),
        ("ANNA@X.pl\nanna@x.pl", ["anna@x.pl"]),
        ("", []),
        (" ,;\r\n, ", []),
    ],
)
def test_addresses_are_found_whatever_stands_between(text, addresses):
    found = parse_addresses(text)
    assert (found.addresses, found.junk) == (addresses, [])


@pytest.mark.parametrize(
    ("text", "junk"),
    [
        ("prezes", ["prezes"]),
        ("a@x.pl\ntelefon 22 738", ["telefon 22 738"]),
        ("a@@x.pl", ["a@@x.pl"]),
        ("Anna <anna>", ["anna"]),
        ("a@x", ["a@x"]),
        ("x" * 300 + "@x.pl", ["x" * 60]),
    ],
)
def test_what_is_none_is_named(text, junk):
    assert parse_addresses(text).junk == junk
