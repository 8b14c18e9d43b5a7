"""What may be wrong with the texts of the forum in its languages, as sentences for a developer."""

import gettext as standard_gettext
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import polib
from django.template.base import Lexer, TokenType
from django.utils import translation

from forum_site import catalogues
from forum_site.catalogues import Key, Text

PLACEHOLDER = re.compile(r"%\(\w+\)[a-zA-Z]|%[sd]|\{\w*\}")
POLISH_LETTER = re.compile(r"[ąćęłńóśźżĄĆĘŁŃÓŚŹŻ]")
WORD = re.compile(r"[^\W\d_]{2,}")
# A count and the form it takes in Polish: 0 one, 1 few, 2 many.
POLISH_FORMS = {0: 2, 1: 0, 2: 1, 5: 2, 12: 2, 14: 2, 22: 1, 25: 2, 101: 2, 102: 1, 112: 2}
SPOKEN_ATTRIBUTES = {"alt", "aria-description", "aria-label", "placeholder", "title"}


def faults(root: Path) -> Iterator[str]:
    """Everything that keeps a reader from seeing all texts below root in their own language.

    Raises: SourceProblem where the source cannot be read.
    """
    texts = catalogues.texts_of(root)
    yield from english_faults(texts)
    for language in catalogues.languages():
        path = catalogues.catalogue_path(language)
        if path.exists():
            for fault in catalogue_faults(polib.pofile(str(path)), texts):
                yield f"{language}: {fault}"
        else:
            yield f"{language}: there is no catalogue {path.name}"
    for path in sorted(filter(catalogues.is_template, catalogues.source_files(root))):
        text = path.read_text(encoding="utf-8")
        # A template without an element holds attributes, to be included inside a tag.
        for words in unmarked_words(text) if "<" in text else ():
            yield f"{path.relative_to(root)}: not marked for translation: {words!r}"


def english_faults(texts: dict[Key, Text]) -> Iterator[str]:
    """English has no catalogue: each msgid must be English, and no package may change it."""
    for key, text in texts.items():
        if POLISH_LETTER.search(key.id + text.plural):
            yield f"en: not English: {key.id!r}"
        if text.plural and _placeholders(key.id) - _placeholders(text.plural):
            yield f"en: the plural lacks a placeholder: {key.id!r}"
        if _shown_in_english(key, text) != [key.id, text.plural or key.id]:
            yield f"en: a catalogue of a package changes {key.id!r}"


def _shown_in_english(key: Key, text: Text) -> list[str]:
    with translation.override(catalogues.SOURCE_LANGUAGE):
        if not text.plural:
            shown = translation.pgettext(key.context, key.id) if key.context else None
            return [shown or translation.gettext(key.id)] * 2
        if key.context:
            return [translation.npgettext(key.context, key.id, text.plural, n) for n in (1, 2)]
        return [translation.ngettext(key.id, text.plural, n) for n in (1, 2)]


def catalogue_faults(catalogue: polib.POFile, texts: dict[Key, Text]) -> Iterator[str]:
    """The Polish catalogue against the texts of the source."""
    yield from _plural_rule_faults(catalogue.metadata.get("Plural-Forms", ""))
    missing = set(texts)
    for entry in catalogue:
        key = catalogues.key_of(entry)
        missing.discard(key)
        if entry.obsolete:
            yield f"obsolete: {key.id!r}"
        elif key not in texts:
            yield f"not in the source: {key.id!r}"
        elif entry.fuzzy:
            yield f"fuzzy: {key.id!r}"
        elif not entry.translated() or (entry.msgid_plural or "") != texts[key].plural:
            yield f"missing: {key.id!r}"
        else:
            yield from _entry_faults(entry)
    for key in sorted(missing):
        yield f"not in the catalogue: {key.id!r} ({', '.join(sorted(texts[key].files))})"


def _plural_rule_faults(rule: str) -> Iterator[str]:
    match = re.fullmatch(r"nplurals=(\d+); plural=(.+?);?\s*", rule)
    if match is None or match[1] != "4":
        yield f"Plural-Forms must have four forms: {rule!r}"
        return
    form_of = standard_gettext.c2py(match[2])  # as Django reads it
    for count, form in POLISH_FORMS.items():
        if form_of(count) != form:
            yield f"Plural-Forms gives form {form_of(count)} for {count}, must be {form}"


def _entry_faults(entry: polib.POEntry) -> Iterator[str]:
    if not entry.msgid_plural:
        if _placeholders(entry.msgstr) != _placeholders(entry.msgid):
            yield f"other placeholders: {entry.msgid!r}"
        if _edges(entry.msgstr) != _edges(entry.msgid):
            yield f"other line breaks at the ends: {entry.msgid!r}"
        return
    if set(entry.msgstr_plural) != {0, 1, 2, 3}:
        yield f"not four plural forms: {entry.msgid!r}"
    allowed = _placeholders(entry.msgid_plural) | _placeholders(entry.msgid)
    for form, text in entry.msgstr_plural.items():
        # Form 0 is only ever said of one thing, so it may leave out the number as English may.
        needed = _placeholders(entry.msgid_plural if form else entry.msgid)
        has = _placeholders(text)
        if not (has <= allowed and (needed <= has or (form == 0 and len(needed - has) == 1))):
            yield f"other placeholders in form {form}: {entry.msgid!r}"


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text.replace("%%", "")))


def _edges(text: str) -> tuple[bool, bool]:
    return text.startswith("\n"), text.endswith("\n")


def unmarked_words(template: str) -> list[str]:
    """The words of a template that no translation tag holds.

    A text that is no language, or another one on purpose, stands in an element with `lang`.
    """
    finder = _WordFinder()
    finder.feed("".join(_literals(template)))
    finder.close()
    return finder.found


def _literals(template: str) -> Iterator[str]:
    ending = ""
    for token in Lexer(template).tokenize():
        if token.token_type == TokenType.BLOCK and not ending:
            ending = _end_of_silence(token.contents)
        elif token.token_type == TokenType.BLOCK and token.contents.split()[0] == ending:
            ending = ""
        elif token.token_type == TokenType.TEXT and not ending:
            yield token.contents


def _end_of_silence(tag: str) -> str:
    """The tag up to which no words are looked for, or nothing where they are."""
    word, *rest = tag.split()
    if word in {"blocktranslate", "blocktrans", "comment"}:
        return f"end{word}"
    # A block that fills a class attribute of the page below it is named for that.
    return "endblock" if word == "block" and rest[0].endswith("_class") else ""


class _WordFinder(HTMLParser):
    """Collects texts and spoken attributes outside elements that name their language."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent: list[str] = []  # open elements from the outermost silent one inwards

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if self._silent or given.get("lang") or tag in {"script", "style"}:
            self._silent.append(tag)
            return
        for name in SPOKEN_ATTRIBUTES & given.keys():
            self._look_at(given[name] or "")

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while tag in self._silent and self._silent.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._look_at(data)

    def _look_at(self, text: str) -> None:
        if WORD.search(text):
            self.found.append(" ".join(text.split()))
