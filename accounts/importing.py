"""Rows of a public list of organizations, understood as profiles or told what is wrong with them.

The columns are described in docs/import/README.md.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Organization, Sphere
from accounts.profiles import Profile
from forum.lib import identifiers
from forum.lib.csv_files import Line, NotCsv, read_table
from forum.lib.folding import fold

MAX_ROWS = 50_000
Kind = Organization.Kind
Register = Organization.Register

# Folded headings, the documented one first.
COLUMNS = {
    "name": ("nazwa", "pelna nazwa", "nazwa organizacji", "name"),
    "short_name": ("nazwa skrocona", "skrot", "short name"),
    "kind": ("rodzaj", "forma prawna", "typ", "kind"),
    "gmina": ("gmina", "gmina siedziby", "commune"),
    "other_gminas": ("inne gminy", "gminy dzialania", "other communes"),
    "register": ("rejestr", "ewidencja", "register"),
    "register_number": ("numer", "numer w rejestrze", "nr", "number"),
    "krs": ("krs", "numer krs", "nr krs"),
    "nip": ("nip",),
    "regon": ("regon",),
    "is_opp": ("opp", "status opp"),
    "address": ("adres", "adres siedziby", "address"),
    "website": ("strona www", "www", "strona internetowa", "website"),
    "email": ("e mail", "email", "adres e mail"),
    "phone": ("telefon", "tel", "phone"),
    "spheres": ("sfery", "sfery zadan publicznych", "spheres"),
}
KIND_WORDS = {
    "osp": Kind.FIRE_BRIGADE,
    "kgw": Kind.RURAL_WOMENS_CIRCLE,
    "uks": Kind.PUPILS_SPORTS_CLUB,
    "ks": Kind.SPORTS_CLUB,
    "stowarzyszenie zwykle": Kind.ORDINARY_ASSOCIATION,
    "stowarzyszenie": Kind.ASSOCIATION,
    "towarzystwo": Kind.ASSOCIATION,
    "fundacja": Kind.FOUNDATION,
    "parafia": Kind.CHURCH,
    "spoldzielnia socjalna": Kind.SOCIAL_COOPERATIVE,
    "zwiazek stowarzyszen": Kind.UNION,
    "federacja": Kind.UNION,
    "klub sportowy": Kind.SPORTS_CLUB,
    "uczniowski klub sportowy": Kind.PUPILS_SPORTS_CLUB,
    "ochotnicza straz pozarna": Kind.FIRE_BRIGADE,
    "kolo gospodyn wiejskich": Kind.RURAL_WOMENS_CIRCLE,
    "grupa nieformalna": Kind.INFORMAL,
}
REGISTER_WORDS = {
    "krs": Register.KRS,
    "krajowy rejestr sadowy": Register.KRS,
    "stowarzyszenia zwykle": Register.ORDINARY_ASSOCIATIONS,
    "ewidencja stowarzyszen zwyklych": Register.ORDINARY_ASSOCIATIONS,
    "kluby sportowe": Register.SPORTS_CLUBS,
    "ewidencja klubow sportowych": Register.SPORTS_CLUBS,
    "krkgw": Register.KRKGW,
    "koscielny": Register.CHURCH,
    "inny": Register.OTHER,
    "brak": Register.NONE,
}
# Where such organizations are registered when the list does not say.
USUAL_REGISTER = {
    Kind.ORDINARY_ASSOCIATION: Register.ORDINARY_ASSOCIATIONS,
    Kind.PUPILS_SPORTS_CLUB: Register.SPORTS_CLUBS,
    Kind.SPORTS_CLUB: Register.SPORTS_CLUBS,
    Kind.RURAL_WOMENS_CIRCLE: Register.KRKGW,
    Kind.CHURCH: Register.CHURCH,
    Kind.INFORMAL: Register.OTHER,
}
LONGEST_FIRST = sorted(KIND_WORDS, key=len, reverse=True)
GMINA_WORDS = {fold(label): value for value, label in Organization.Gmina.choices}
SPHERES = frozenset(Sphere.values)
YES = frozenset(("tak", "t", "x", "1", "yes", "true", "opp"))
BETWEEN = re.compile(r"[,;|/]")
LONGEST = {"name": 160, "short_name": 60, "register_number": 40, "address": 200, "phone": 40}


@dataclass(frozen=True, slots=True)
class Row:
    """One organization of the list, and where it stands in the file."""

    line: int
    profile: Profile


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong with a line of the file, in a sentence."""

    line: int
    sentence: str


@dataclass(slots=True)
class Reading:
    """What a file says: rows to take, lines left out, and cells left out of rows taken."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)


class Unclear(ValueError):
    """A cell that cannot be understood; the text is a sentence."""


def read_organizations(data: bytes) -> Reading:
    """Every line of the file, understood or with a sentence. Raises: NotCsv where it is no list."""
    headings, lines = read_table(data)
    columns = _columns(headings)
    reading = Reading()
    for count, line in enumerate(lines, start=1):
        if count > MAX_ROWS:
            raise NotCsv(_("The file has more than 50,000 rows. Send it in parts."))
        try:
            reading.rows.append(Row(line.number, _profile(line, columns, reading.notes)))
        except Unclear as fault:
            reading.faults.append(Remark(line.number, str(fault)))
    return reading


def _columns(headings: Iterable[str]) -> dict[str, str]:
    """Which heading of the file is which column."""
    headings = list(headings)
    found = {
        column: heading
        for column, names in COLUMNS.items()
        for heading in headings
        if heading in names
    }
    if "name" not in found:
        raise NotCsv(_("The first line must name the columns, and one of them must be “nazwa”."))
    return found


def _profile(line: Line, columns: dict[str, str], notes: list[Remark]) -> Profile:
    given = {column: line.cells.get(heading, "") for column, heading in columns.items()}
    cells = dict.fromkeys(COLUMNS, "") | given
    name = cells["name"]
    if not name:
        raise Unclear(_("The name is missing."))
    kind = _kind(cells["kind"], name)
    register, number = _registered(cells["register"], cells["register_number"], cells["krs"], kind)
    for column in LONGEST:
        _demand_room(column, number if column == "register_number" else cells[column])
    return Profile(
        name=name,
        short_name=cells["short_name"],
        address=cells["address"],
        phone=cells["phone"],
        register_number=number,
        kind=kind,
        gmina=_gmina(cells["gmina"]),
        other_gminas=frozenset(map(_gmina, _several(cells["other_gminas"]))),
        register=register,
        nip=_number("NIP", identifiers.nip, cells["nip"]),
        regon=_number("REGON", identifiers.regon, cells["regon"]),
        is_opp=fold(cells["is_opp"]) in YES,
        website=_contact(_website, cells["website"], line, notes),
        email=_contact(_email, cells["email"], line, notes),
        spheres=frozenset(map(_sphere, _several(cells["spheres"]))),
    )


def _kind(typed: str, name: str) -> str:
    """The kind as it is written, else as the name begins."""
    if not typed:
        folded = f"{fold(name)} "
        begins = (word for word in LONGEST_FIRST if folded.startswith(f"{word} "))
        word = next(begins, "")
        if not word:
            raise Unclear(_("The kind is missing, and the name does not tell it."))
        return KIND_WORDS[word]
    known = _labels(Kind) | KIND_WORDS
    kind = known.get(fold(typed))
    if kind is None:
        raise Unclear(_("“%(typed)s” is no kind of organization that we know.") % {"typed": typed})
    return kind


def _registered(typed: str, number: str, krs: str, kind: str) -> tuple[str, str]:
    """The register and the number as that register writes it."""
    if krs:
        typed, number = Register.KRS, krs
    if not number:
        return Register.NONE, ""
    known = _labels(Register) | REGISTER_WORDS
    usual = USUAL_REGISTER.get(Kind(kind), Register.KRS)
    register = known.get(fold(typed)) if typed else usual
    if register is None or register == Register.NONE:
        raise Unclear(_("“%(typed)s” is no register that we know.") % {"typed": typed})
    if register == Register.KRS:
        return register, _number("KRS", identifiers.krs, number)
    return register, identifiers.bare_number(number)


def _gmina(typed: str) -> str:
    if not typed:
        return ""
    bare = re.sub(r"^(gmina|miasto|m) ", "", fold(typed))
    gmina = GMINA_WORDS.get(bare)
    if gmina is None:
        raise Unclear(_("“%(typed)s” is no commune of the county.") % {"typed": typed})
    return gmina


def _sphere(typed: str) -> str:
    bare = fold(typed).removeprefix("pkt ")
    if bare not in SPHERES:
        raise Unclear(
            _("“%(typed)s” is no sphere: give the point of art. 4, for example 16.")
            % {"typed": typed}
        )
    return bare


def _number(name: str, read: Callable[[str], str], typed: str) -> str:
    try:
        return read(typed) if typed else ""
    except ValueError as error:
        sentence = _("“%(typed)s” is no valid number: %(name)s.") % {"typed": typed, "name": name}
        raise Unclear(sentence) from error


def _contact(read: Callable[[str], str], typed: str, line: Line, notes: list[Remark]) -> str:
    """The address, or a note that it was left out: the row is worth more than its mail address."""
    try:
        return read(typed) if typed else ""
    except ValidationError:
        sentence = _("“%(typed)s” is no address and was left out.") % {"typed": typed}
        notes.append(Remark(line.number, sentence))
        return ""


def _website(typed: str) -> str:
    address = typed if "://" in typed else f"https://{typed}"
    URLValidator(schemes=["http", "https"])(address)
    if len(address) > 200:
        raise ValidationError("too long")
    return address


def _email(typed: str) -> str:
    validate_email(typed)
    return typed.lower()


def _several(typed: str) -> list[str]:
    return [one.strip() for one in BETWEEN.split(typed) if one.strip()]


def _demand_room(column: str, text: str) -> None:
    if len(text) > LONGEST[column]:
        raise Unclear(
            _("“%(column)s” is too long: at most %(most)d characters fit.")
            % {"column": COLUMNS[column][0], "most": LONGEST[column]}
        )


@cache
def _labels(choices: type[TextChoices]) -> dict[str, str]:
    """The choices by their values and by what the page calls them, in both languages."""
    known = {fold(value): str(value) for value in choices.values}
    for language in ("en", "pl"):
        with translation.override(language):
            known |= {fold(str(label)): str(value) for value, label in choices.choices}
    return known
