"""An organization is found by what somebody remembers of its name; the recall is stated."""

import pytest

from accounts.finding import CANDIDATES, find_organizations
from accounts.models import Organization
from accounts.similarity import likeness

pytestmark = pytest.mark.django_db

NAMES = [
    ("Ochotnicza Straż Pożarna w Wierzbiu", "OSP Wierzbie", "nadarzyn"),
    ("Ochotnicza Straż Pożarna Falenty Nowe", "", "raszyn"),
    ("Świetlica Środowiskowa „Łąka”", "", "pruszkow"),
    ("Koło Gospodyń Wiejskich „Trzy Brzozy” w Olszynkach", "KGW „Trzy Brzozy”", "brwinow"),
    ("KGW Sitowie", "", "nadarzyn"),
    ("Uczniowski Klub Sportowy „Szybki Borsuk”", "", "piastow"),
    ("UKS Leśna Piątka", "", "nadarzyn"),
    ("Stowarzyszenie „Zielony Peron”", "„Zielony Peron”", "piastow"),
    ("Stowarzyszenie Pamięci Fabryk „Trzecia Zmiana”", "„Trzecia Zmiana”", "pruszkow"),
    ("Fundacja „Furtka bez Progu”", "", "pruszkow"),
    ("Fundacja dla Zwierząt „Merdanie”", "„Merdanie”", "michalowice"),
    ("Uniwersytet Trzeciego Wieku „Srebrny Notes”", "", "pruszkow"),
    ("Towarzystwo Osób Słabowidzących „Kontrast” – Koło w Pruszkowie", "", "pruszkow"),
    ("Stowarzyszenie Orkiestra Dęta „Złota Tuba”", "", "brwinow"),
    ("Parafia pw. św. Hieronima – Zespół Charytatywny", "", "raszyn"),
    ("Klub Sportowy Judo „Grobla”", "KS „Grobla”", "raszyn"),
    ("Lokalna Grupa Działania „Między Rzeczkami”", "", "nadarzyn"),
    ("Spółdzielnia Socjalna „Ciepła Miska”", "", "pruszkow"),
    ("Stowarzyszenie Przyrodnicze „Stawy i Ludzie”", "", "raszyn"),
    ("Polski Związek Emerytów, Rencistów i Inwalidów – Oddział", "", "pruszkow"),
]
# What is typed, and the beginning of the name that is meant.
WITHOUT_MARKS = [
    ("swietlica", "Świetlica"),
    ("laka", "Świetlica"),
    ("zlota tuba", "Stowarzyszenie Orkiestra"),
    ("SWIETLICA SRODOWISKOWA", "Świetlica"),
    ("lesna piatka", "UKS Leśna"),
    ("orkiestra deta", "Stowarzyszenie Orkiestra"),
    ("„zielony peron”", "Stowarzyszenie „Zielony"),
]
INFLECTED = [
    ("strazy pozarnej w wierzbiu", "Ochotnicza Straż Pożarna w W"),
    ("straż pożarna wierzbie", "Ochotnicza Straż Pożarna w W"),
    ("świetlicy środowiskowej", "Świetlica"),
    ("koła gospodyń trzech brzóz", "Koło Gospodyń"),
    ("stowarzyszenia zielonego peronu", "Stowarzyszenie „Zielony"),
    ("fundacji merdania", "Fundacja dla"),
    ("spółdzielni socjalnej", "Spółdzielnia"),
    ("orkiestry dętej", "Stowarzyszenie Orkiestra"),
    ("parafii hieronima", "Parafia"),
    ("w furtce bez progu", "Fundacja „Furtka"),
    ("emeryci i renciści", "Polski Związek"),
    ("klubu judo", "Klub Sportowy"),
]
MISTYPED = [
    ("swietilca", "Świetlica"),
    ("śwjetlica", "Świetlica"),
    ("zielony peorn", "Stowarzyszenie „Zielony"),
    ("zileony peron", "Stowarzyszenie „Zielony"),
    ("stowazyszenie zielony peron", "Stowarzyszenie „Zielony"),
    ("fundacja merdani", "Fundacja dla"),
    ("szypki borsuk", "Uczniowski"),
    ("srebny notes", "Uniwersytet"),
    ("kontarst", "Towarzystwo"),
    ("sitowei", "KGW Sitowie"),
    ("furtka bes progu", "Fundacja „Furtka"),
    ("przyrodnice stawy", "Stowarzyszenie Przyrodnicze"),
    ("spoldzielna socjalna", "Spółdzielnia"),
    ("ochotnica straz falenty", "Ochotnicza Straż Pożarna F"),
]
ABBREVIATED = [
    ("osp falenty", "Ochotnicza Straż Pożarna F"),
    ("koło gospodyń wiejskich sitowie", "KGW Sitowie"),
    ("uczniowski klub leśna", "UKS Leśna"),
    ("uks borsuk", "Uczniowski"),
    ("utw pruszków", "Uniwersytet"),
    ("lgd rzeczki", "Lokalna"),
    ("pzerii", "Polski Związek"),
]
BEGUN = [
    ("zielo", "Stowarzyszenie „Zielony"),
    ("merd", "Fundacja dla"),
    ("fur", "Fundacja „Furtka"),
]
# Worse than one wrong letter, or two things wrong with one word: most of these, not all.
HARD = [
    ("szwietlica", "Świetlica"),
    ("swjetlicy", "Świetlica"),
    ("zjelonego perony", "Stowarzyszenie „Zielony"),
    ("borsok", "Uczniowski"),
    ("gospodyn brzuzy", "Koło Gospodyń"),
    ("merdajace zwierzeta", "Fundacja dla"),
    ("hjeronim", "Parafia"),
    ("cieple miski", "Spółdzielnia"),
    ("fabryka trzecia zmian", "Stowarzyszenie Pamięci"),
    ("tuby zlote", "Stowarzyszenie Orkiestra"),
]
HARD_RECALL = 0.8


@pytest.fixture
def county(db):
    Organization.objects.bulk_create(
        Organization(name=name, short_name=short, gmina=gmina, kind="association")
        for name, short, gmina in NAMES
    )


def place(typed, meant):
    """Where in the answer the meant organization stands, from 1; 0 where it does not."""
    names = [found.name for found in find_organizations(typed, 5)]
    return next((at for at, name in enumerate(names, 1) if name.startswith(meant)), 0)


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize(
    ("typed", "meant"), [*WITHOUT_MARKS, *INFLECTED, *MISTYPED, *ABBREVIATED, *BEGUN]
)
def test_the_meant_organization_is_the_first(typed, meant):
    assert place(typed, meant) == 1


@pytest.mark.usefixtures("county")
def test_the_recall_of_hard_texts_is_as_stated():
    missed = [(typed, meant) for typed, meant in HARD if place(typed, meant) == 0]
    assert 1 - len(missed) / len(HARD) >= HARD_RECALL, missed


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize(
    "typed", ["hospicjum", "żeglarze", "xq", "", "   ", "„”", "%", "_", "-1", "ą" * 500]
)
def test_what_is_not_there_is_not_found(typed):
    assert find_organizations(typed, 5) == []


@pytest.mark.usefixtures("county")
def test_a_word_for_every_second_name_finds_those_with_the_other_word():
    found = find_organizations("stowarzyszenie stawy", 3)
    assert found[0].name.startswith("Stowarzyszenie Przyrodnicze")


@pytest.mark.parametrize("typed", ["0009900001", "9900001", "KRS 0009900001", "0009-900-001"])
def test_a_number_finds_its_owner(typed):
    owner = Organization.objects.create(
        name="Klub", kind="sports_club", register="krs", register_number="0009900001"
    )
    if typed == "9900001":
        assert find_organizations(typed, 5) == []  # seven digits may be anything
    elif typed.startswith("KRS"):
        assert find_organizations(typed.split()[1], 5) == [owner]
    else:
        assert find_organizations(typed, 5) == [owner]


def test_nip_and_regon_find_their_owner():
    owner = Organization.objects.create(
        name="Klub", kind="sports_club", nip="0000158385", regon="991047296"
    )
    assert find_organizations("000-015-83-85", 5) == [owner]
    assert find_organizations("991 047 296", 5) == [owner]


@pytest.mark.usefixtures("county")
def test_a_search_among_some_finds_only_those():
    raszyn = Organization.objects.in_gmina("raszyn")
    assert find_organizations("straz pozarna", 5, raszyn)[0].name.endswith("Falenty Nowe")
    assert find_organizations("zielony peron", 5, raszyn) == []


def test_a_county_of_ten_thousand_costs_two_queries(django_assert_num_queries):
    kinds = ["Stowarzyszenie", "Fundacja", "Klub Sportowy", "Koło Gospodyń"]
    Organization.objects.bulk_create(
        Organization(name=f"{kinds[n % 4]} Przyjaciół Ulicy {n}", kind="association")
        for n in range(10_000)
    )
    meant = Organization.objects.create(name="Stowarzyszenie Ulica Wierzbowa", kind="association")
    with django_assert_num_queries(2):
        found = find_organizations("stowarzyszenia ulicy wierzbowej", 5)
    assert found[0] == meant
    assert CANDIDATES < 10_000


@pytest.mark.parametrize(
    ("word", "other", "least", "most"),
    [
        ("kot", "kot", 1, 1),
        ("kot", "kod", 0, 0),  # three letters: another word
        ("las", "lasek", 0.9, 0.95),
        ("strazy", "straz", 0.85, 0.95),
        ("psy", "pies", 0, 0),
        ("ab", "abc", 0, 0),
        ("przedszkole", "przedmioty", 0, 0),
    ],
)
def test_likeness(word, other, least, most):
    assert least <= likeness(word, other) <= most


def test_a_renamed_organization_is_found_by_its_new_name(fundacja):
    fundacja.name = "Fundacja Nowe Skrzydła"
    fundacja.save(update_fields=["name", "searched_words", "sorted_name"])
    assert find_organizations("nowych skrzydeł", 5) == [fundacja]
    assert find_organizations("dobry start", 5) == []
