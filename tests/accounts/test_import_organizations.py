"""Public lists become unclaimed profiles: any encoding, junk told by line, twice is once."""

import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.finding import find_organizations
from accounts.models import Organization, OrganizationEvent
from tests.floors import ROOT

pytestmark = pytest.mark.django_db

SAMPLE = ROOT / "docs" / "import" / "organizacje.csv"
HEADINGS = "Nazwa;Rodzaj;Gmina;Rejestr;Numer"


def run(file: Path, *options: str) -> tuple[list[str], list[str]]:
    """What the command says: its output and its complaints, line by line."""
    out, err = StringIO(), StringIO()
    call_command("import_organizations", str(file), *options, stdout=out, stderr=err)
    return out.getvalue().splitlines(), err.getvalue().splitlines()


@pytest.fixture
def listed(tmp_path):
    def write(*rows, headings=HEADINGS, encoding="utf-8"):
        file = tmp_path / "lista.csv"
        file.write_bytes("\n".join([headings, *rows]).encode(encoding))
        return file

    return write


def test_the_sample_is_taken_as_it_is_documented():
    out, err = run(SAMPLE)
    assert err == []
    assert "Nowe profile: 6" in out
    skrzypce = Organization.objects.get(name__contains="Skrzypce")
    assert (skrzypce.kind, skrzypce.gmina) == ("foundation", "pruszkow")
    assert (skrzypce.register, skrzypce.register_number) == ("krs", "0009900082")
    assert skrzypce.is_opp
    assert skrzypce.website == "https://skrzypce.example.org"
    assert {row.gmina for row in skrzypce.other_gminas.all()} == {"raszyn", "piastow"}
    assert {row.sphere for row in skrzypce.spheres.all()} == {"14", "16"}
    assert find_organizations("cichych skrzypiec", 1) == [skrzypce]
    assert not Organization.objects.claimed().exists()
    assert skrzypce.events.get().kind == OrganizationEvent.Kind.IMPORTED
    parish = Organization.objects.get(kind="church")
    assert (parish.register, parish.register_number) == ("none", "")


def test_a_preview_changes_nothing():
    out, _err = run(SAMPLE, "--dry-run")
    assert "Nowe profile: 6" in out
    assert "  + Fundacja „Ciche Skrzypce”" in out
    assert not Organization.objects.exists()


def test_twice_is_once():
    run(SAMPLE)
    before = list(Organization.objects.order_by("pk").values())
    out, err = run(SAMPLE)
    assert ("Nowe profile: 0" in out, "Już zgodne z listą: 6" in out) == (True, True)
    assert err == []
    assert list(Organization.objects.order_by("pk").values()) == before
    assert OrganizationEvent.objects.count() == 6


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250", "iso-8859-2"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_every_usual_encoding_and_separator(tmp_path, encoding, separator):
    rows = ["Nazwa;Gmina", "Fundacja Źdźbło ąęłóśćż;Pruszków", "Stowarzyszenie Świt;Michałowice"]
    file = tmp_path / "lista.csv"
    file.write_bytes("\r\n".join(rows).replace(";", separator).encode(encoding))
    run(file)
    names = set(Organization.objects.values_list("name", "gmina"))
    assert names == {
        ("Fundacja Źdźbło ąęłóśćż", "pruszkow"),
        ("Stowarzyszenie Świt", "michalowice"),
    }


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (";fundacja;Raszyn;;", "Brak nazwy"),
        ("Zespół Muzyczny;;Raszyn;;", "Brak rodzaju"),
        ("Klub;partia;Raszyn;;", "„partia”"),
        ("Fundacja A;;Warszawa;;", "„Warszawa”"),
        ("Fundacja A;;Raszyn;KRS;9,90E+09", "„9,90E+09”"),
        ("Fundacja A;;Raszyn;KRS;12345678901", "KRS"),
        ("Fundacja A;;Raszyn;rejestr zabytków;12", "„rejestr zabytków”"),
        (f"Fundacja {'a' * 160};;Raszyn;;", "160"),
    ],
)
def test_a_line_that_is_not_understood_is_named_and_the_others_taken(listed, row, word):
    file = listed("Fundacja Przed;;Raszyn;;", row, "Fundacja Po;;Raszyn;;")
    out, err = run(file)
    (complaint,) = err
    assert complaint.startswith("Wiersz 3:")
    assert word in complaint
    assert "Nowe profile: 2" in out
    assert "Wiersze pominięte: 1" in out
    assert set(Organization.objects.values_list("name", flat=True)) == {
        "Fundacja Przed",
        "Fundacja Po",
    }


def test_lines_are_counted_as_a_reader_counts_them(listed):
    file = listed('"Fundacja\nna dwa wiersze";;Raszyn;;', "", ";;;;", "Klub;partia;;;")
    _out, err = run(file)
    assert err[0].startswith("Wiersz 6:")
    assert Organization.objects.get().name == "Fundacja na dwa wiersze"


def test_a_bad_mail_address_costs_only_itself(listed):
    file = listed(
        "Fundacja A;brak;nie mam;0000158386x",
        "Fundacja B;www.example.org;Biuro@Example.org;",
        headings="Nazwa;WWW;E-mail;Telefon",
    )
    _out, err = run(file)
    assert [line[:10] for line in err] == ["Wiersz 2: ", "Wiersz 2: "]
    assert Organization.objects.get(name="Fundacja A").email == ""
    taken = Organization.objects.get(name="Fundacja B")
    assert (taken.email, taken.website) == ("biuro@example.org", "https://www.example.org")


@pytest.mark.parametrize(
    "rows",
    [
        ["Fundacja Łan;;Raszyn;;", "FUNDACJA „ŁAN”;;Raszyn;;"],
        ["Fundacja A;;Raszyn;KRS;9900001", "Fundacja B;;Piastów;KRS;0009900001"],
    ],
    ids=["name", "number"],
)
def test_a_double_in_the_file_names_its_first_line(listed, rows):
    _out, err = run(listed(*rows))
    assert err == ["Wiersz 3: Tę samą organizację podaje wiersz 2."]
    assert Organization.objects.count() == 1


def test_two_communes_may_have_the_same_club(listed):
    run(listed("UKS Orlik;;Raszyn;;", "UKS Orlik;;Nadarzyn;;"))
    assert Organization.objects.count() == 2


def test_an_unclaimed_profile_takes_what_a_newer_list_says(listed):
    run(listed("Fundacja Stara;;Raszyn;KRS;9900001"))
    headings = f"{HEADINGS};Adres;Sfery"
    run(listed("Fundacja Nowa;;;KRS;9900001;Klonowa 3;16", headings=headings))
    changed = Organization.objects.get()
    assert (changed.name, changed.gmina, changed.address) == (
        "Fundacja Nowa",
        "raszyn",
        "Klonowa 3",
    )
    assert changed.spheres.get().sphere == "16"
    assert find_organizations("fundacja nowa", 5) == [changed]
    assert [event.kind for event in changed.events.all()] == ["changed", "imported"]


def test_a_number_is_added_to_a_profile_that_had_none(listed):
    run(listed("Fundacja A;;Raszyn;;"))
    run(listed("Fundacja A;;Raszyn;KRS;9900001"))
    assert Organization.objects.get().register_number == "0009900001"


def test_another_number_for_a_known_name_is_told(listed):
    run(listed("Fundacja A;;Raszyn;KRS;9900001"))
    _out, err = run(listed("Fundacja A;;Raszyn;KRS;9900002"))
    assert "innym numerem" in err[0]
    assert Organization.objects.get().register_number == "0009900001"


def test_a_number_whose_new_name_is_taken_is_told(listed):
    run(listed("Fundacja A;;Raszyn;KRS;9900001", "Fundacja B;;Raszyn;;"))
    _out, err = run(listed("Fundacja B;;Raszyn;KRS;9900001"))
    assert "innym numerem" in err[0]


def test_a_claimed_profile_belongs_to_its_people(listed, fundacja):
    out, _err = run(listed("FUNDACJA DOBRY START;stowarzyszenie;Pruszków;KRS;9900001"))
    assert any(line.endswith("nieruszane: 1") for line in out)
    fundacja.refresh_from_db()
    assert (fundacja.name, fundacja.register_number) == ("Fundacja Dobry Start", "")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "nazwa"),
        (b"Name of it;Town\nA;B", "nazwa"),
        (b"PK\x03\x04rest of an xlsx", "arkusz"),
        (b"\xd0\xcf\x11\xe0rest of an xls", "arkusz"),
        (b"Nazwa\nA\x00B", "tekstowy"),
        (b"\x81\x83\x90", "tekstowy"),
        (b'Nazwa;Gmina\n"Fundacja' + b"x" * 200_000, "cudzys"),
    ],
    ids=["empty", "no name", "xlsx", "xls", "zeros", "no encoding", "open quote"],
)
def test_what_is_no_list_is_refused_in_a_sentence(tmp_path, data, word):
    file = tmp_path / "lista.csv"
    file.write_bytes(data)
    with pytest.raises(CommandError, match=word):
        run(file)
    assert not Organization.objects.exists()


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="otworzy"):
        run(tmp_path / "nic.csv")


def test_ten_thousand_rows_take_seconds_and_few_queries(listed, django_assert_max_num_queries):
    rows = [
        f"Fundacja Przyjaciół Ulicy {number};;Raszyn;KRS;{9_900_000_000 + number};16, 14"
        for number in range(10_000)
    ]
    file = listed(*rows, headings=f"{HEADINGS};Sfery", encoding="cp1250")
    began = time.process_time()  # the machine may be busy with other tests
    with django_assert_max_num_queries(500):  # SQLite takes few values at once
        out, err = run(file)
    assert err == []
    assert "Nowe profile: 10000" in out
    assert time.process_time() - began < 30
    with django_assert_max_num_queries(100):
        out, _err = run(file)
    assert "Już zgodne z listą: 10000" in out
