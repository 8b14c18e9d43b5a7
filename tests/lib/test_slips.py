"""Numbers that say too much of a person: what is found, and what only looks like one."""

import pytest

from forum.lib.slips import Kind, Slip, mark_of, slips_in

PESEL, ACCOUNT, PHONE = Kind.PESEL, Kind.ACCOUNT, Kind.PHONE
# Both fit their check digits; neither was given out to anybody.
A_PESEL = "44051401359"
AN_ACCOUNT = "61109010140000071219812874"


def kinds(text):
    return [slip.kind for slip in slips_in(text)]


@pytest.mark.parametrize(
    ("text", "kind", "digits"),
    [
        pytest.param(f"PESEL {A_PESEL}.", PESEL, A_PESEL, id="a-pesel"),
        pytest.param("pesel:440514 01359", PESEL, A_PESEL, id="a-pesel-with-a-gap"),
        pytest.param("Ur. 2002: 02270803624", PESEL, "02270803624", id="a-pesel-of-this-century"),
        pytest.param(f"PL{AN_ACCOUNT}", ACCOUNT, AN_ACCOUNT, id="an-account-with-its-country"),
        pytest.param(
            "konto 61 1090 1014 0000 0712 1981 2874", ACCOUNT, AN_ACCOUNT, id="an-account-in-fours"
        ),
        pytest.param(
            "PL 61-1090-1014-0000-0712-1981-2874", ACCOUNT, AN_ACCOUNT, id="an-account-with-dashes"
        ),
        pytest.param("tel. 501 234 567", PHONE, "501234567", id="a-mobile"),
        pytest.param("tel.501234567", PHONE, "501234567", id="a-mobile-in-one"),
        pytest.param("+48 501-234-567", PHONE, "48501234567", id="a-mobile-of-poland"),
        pytest.param("(22) 738 14 00", PHONE, "227381400", id="a-line-in-brackets"),
        pytest.param("22 738 14 00", PHONE, "227381400", id="a-line"),
        pytest.param("501\u00a0234\u00a0567", PHONE, "501234567", id="hard-spaces"),
    ],
)
def test_a_number_of_a_person_is_found(text, kind, digits):
    (slip,) = slips_in(f"Proszę pisać: {text}")
    assert (slip.kind, slip.digits) == (kind, digits)
    assert slip.written in text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("44051401358", id="a-wrong-check-digit"),
        pytest.param("44053201355", id="a-day-that-never-was"),
        pytest.param("61109010140000071219812875", id="a-wrong-account"),
        pytest.param("Dotacja 100 000 000 zł", id="money"),
        pytest.param("Razem 250 400 600 zł", id="odd-money"),
        pytest.param("REGON 991047296", id="a-regon"),
        pytest.param("NIP 0000158385", id="a-tax-number"),
        pytest.param("NIP: 526-104-08-28", id="a-tax-number-with-dashes"),
        pytest.param("KRS 0000123456", id="a-register-number"),
        pytest.param("2026-11-26 10:00", id="a-day"),
        pytest.param("Dz.U. 2003 nr 96 poz. 873", id="a-law"),
        pytest.param("https://example.org/1234567890123456", id="an-address"),
        pytest.param("rok 2024, 2025 i 2026", id="years"),
        pytest.param("05-800 Pruszków", id="a-postal-code"),
        pytest.param("", id="nothing"),
    ],
)
def test_another_number_is_left_alone(text):
    assert slips_in(text) == []


def test_the_digits_of_one_are_no_other():
    text = f"Konto {AN_ACCOUNT}, tel. 501 234 567, PESEL {A_PESEL}"
    assert kinds(text) == [ACCOUNT, PHONE, PESEL]


def test_a_number_said_twice_is_one():
    assert kinds("501 234 567 albo 501234567") == [PHONE]


def test_a_yes_is_for_these_numbers_only():
    one, other = Slip(PHONE, "501 234 567"), Slip(PHONE, "501 234 568")
    assert mark_of([one]) == mark_of([Slip(PHONE, "501234567")])
    assert len({mark_of([one]), mark_of([other]), mark_of([one, other])}) == 3


def test_a_long_text_is_read_quickly():
    """No pattern may take more time than the text is long."""
    assert slips_in("1 " * 50_000 + "11 1111 " * 10_000 + "+48 " * 5_000) == []
