"""The texts of the source and the catalogues that translate them, in pure Python.

GNU gettext is not on a bare machine, so xgettext and msgfmt are never called: Python files are
read by `ast`, templates by Django's own `templatize`, catalogues by polib.
"""

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from django.conf import settings
from django.utils.translation.template import templatize

SOURCE_LANGUAGE = "en"  # the language of the msgids: it needs no catalogue
PLURAL_FORMS = {
    # Django's own rule for Polish. Source: django/conf/locale/pl, and the shared domain notes 6.2.
    "pl": (
        "nplurals=4; plural=(n==1 ? 0 : (n%10>=2 && n%10<=4) && (n%100<12 || n%100>14) ? 1 : "
        "n!=1 && (n%10>=0 && n%10<=1) || (n%10>=5 && n%10<=9) || (n%100>=12 && n%100<=14) ? 2 : 3);"
    ),
}
TEMPLATE_SUFFIXES = {".html", ".txt", ".xml"}
SKIPPED_DIRECTORIES = {"tests", "bench", "migrations", "locale", "static", "var", "node_modules"}

ARGUMENTS = {
    "gettext": ("id",),
    "ngettext": ("id", "plural"),
    "pgettext": ("context", "id"),
    "npgettext": ("context", "id", "plural"),
}
FUNCTIONS = {
    "_": ("id",),
    "gettext_noop": ("id",),
    **ARGUMENTS,
    **{f"{name}_lazy": arguments for name, arguments in ARGUMENTS.items()},
}
CALL_IN_TEMPLATE = re.compile(r"\b(?:n?p?gettext|_)\(")


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What a catalogue looks a text up by."""

    id: str
    context: str = ""


@dataclass(slots=True)
class Text:
    """A text of the source: its plural, if it has one, and the files that use it."""

    plural: str = ""
    files: set[str] = field(default_factory=set)


class SourceProblem(Exception):
    """A place in the source that cannot be extracted; the message names it."""


def languages() -> list[str]:
    """The languages that need a catalogue: all that the forum speaks, without the source's own."""
    return [code for code, _name in settings.LANGUAGES if code != SOURCE_LANGUAGE]


def catalogue_path(language: str) -> Path:
    """Where the language's catalogue is kept; the file need not exist."""
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def texts_of(root: Path) -> dict[Key, Text]:
    """Every text that the Python files and templates below root mark for translation.

    Raises: SourceProblem for a file that cannot be read, a text that is not one literal, or a text
    with two different plurals.
    """
    texts: dict[Key, Text] = {}
    for path in sorted(source_files(root)):
        name = path.relative_to(root).as_posix()
        for key, plural in _texts_of_file(path, name):
            text = texts.setdefault(key, Text())
            if plural and text.plural and plural != text.plural:
                raise SourceProblem(f"{name}: {key.id!r} has two different plurals")
            text.plural = text.plural or plural
            text.files.add(name)
    return texts


def source_files(root: Path) -> Iterator[Path]:
    """The Python files and templates below root that speak to people."""
    for directory, below, names in os.walk(root):
        below[:] = [
            name for name in below if name not in SKIPPED_DIRECTORIES and not name.startswith(".")
        ]
        for name in names:
            path = Path(directory, name)
            if path.suffix == ".py" or is_template(path):
                yield path


def is_template(path: Path) -> bool:
    return path.suffix in TEMPLATE_SUFFIXES and "templates" in path.parts


def _texts_of_file(path: Path, name: str) -> Iterator[tuple[Key, str]]:
    source = path.read_text(encoding="utf-8")
    try:
        calls = (
            _calls_of_python(source)
            if path.suffix == ".py"
            else _calls_of_template(templatize(source, origin=name))
        )
        for call in calls:
            text = _text_of_call(call)
            if text is not None:
                yield text
    except (SyntaxError, SourceProblem) as problem:
        raise SourceProblem(f"{name}: {problem}") from problem


def _calls_of_python(source: str) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]


def _calls_of_template(templatized: str) -> Iterator[ast.Call]:
    for match in CALL_IN_TEMPLATE.finditer(templatized):
        yield _call_at(templatized, match.start())


def _call_at(text: str, start: int) -> ast.Call:
    # A closing bracket inside the literal leaves it unfinished: then the next one is tried.
    end = start
    while end := text.find(")", end) + 1:
        try:
            parsed = ast.parse(text[start:end], mode="eval").body
        except SyntaxError:
            continue
        assert isinstance(parsed, ast.Call)
        return parsed
    raise SourceProblem(f"unfinished text: {text[start : start + 60]}")


def _text_of_call(call: ast.Call) -> tuple[Key, str] | None:
    names = FUNCTIONS.get(_function_name(call), ())
    if not names or len(call.args) < len(names):
        return None
    given: dict[str, str] = {}
    for name, argument in zip(names, call.args, strict=False):
        if isinstance(argument, (ast.JoinedStr, ast.BinOp)):
            raise SourceProblem(f"line {call.lineno}: a text for translation must be one literal")
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            return None  # a variable: its text is marked where it is written
        given[name] = argument.value
    return Key(given["id"], given.get("context", "")), given.get("plural", "")


def _function_name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Name):
        return call.func.id
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def key_of(entry: polib.POEntry) -> Key:
    return Key(entry.msgid, entry.msgctxt or "")
