"""Bring the catalogues in step with the texts of the source (for developers)."""

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from forum_site import catalogues
from forum_site.catalogues import Key, Text

LINE_WIDTH = 98


class Command(BaseCommand):
    help = (
        "Adds new texts of the source to every catalogue and sorts it; translations are kept. "
        "Texts that left the source become obsolete (#~); --drop removes them."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--drop", action="store_true", help="remove the obsolete entries")

    def handle(self, *args: Any, drop: bool, **options: Any) -> None:
        try:
            texts = catalogues.texts_of(settings.ROOT)
        except catalogues.SourceProblem as problem:
            raise CommandError(f"Nothing was written. {problem}") from problem
        for language in catalogues.languages():
            path = catalogues.catalogue_path(language)
            catalogue = merged(_open(path, language), texts, drop=drop)
            path.parent.mkdir(parents=True, exist_ok=True)
            catalogue.save(str(path))
            self.stdout.write(f"{language}: {_summary(catalogue)}")


def merged(old: polib.POFile, texts: dict[Key, Text], *, drop: bool) -> polib.POFile:
    """A catalogue with exactly the given texts, in a stable order, and what old knew of them."""
    # Where a text stands twice, the living entry is the one that is kept.
    by_life = sorted(old, key=lambda entry: not entry.obsolete)
    known = {catalogues.key_of(entry): entry for entry in reversed(by_life)}
    new = polib.POFile(wrapwidth=LINE_WIDTH)
    new.header, new.metadata = old.header, old.metadata
    for key in sorted(texts):
        new.append(_entry(key, texts[key], known.pop(key, None), old))
    if not drop:
        for key in sorted(known):
            if known[key].translated() or known[key].obsolete:
                known[key].obsolete = True
                known[key].occurrences = []
                new.append(known[key])
    return new


def _entry(
    key: Key, text: Text, old: polib.POEntry | None, catalogue: polib.POFile
) -> polib.POEntry:
    entry = polib.POEntry(
        msgid=key.id,
        msgctxt=key.context or None,
        # Files without line numbers: a catalogue changes only where a text does.
        occurrences=[(name, "") for name in sorted(text.files)],
        flags=["python-format"] if "%(" in key.id + text.plural else [],
    )
    if old is not None:
        entry.tcomment = old.tcomment
        entry.flags += [flag for flag in old.flags if flag == "fuzzy"]
    if not text.plural:
        entry.msgstr = old.msgstr if old is not None else ""
        return entry
    entry.msgid_plural = text.plural
    kept = old.msgstr_plural if old is not None else {}
    forms = range(_plural_count(catalogue))
    entry.msgstr_plural = {form: kept.get(form, "") for form in forms}
    return entry


def _plural_count(catalogue: polib.POFile) -> int:
    rule = catalogue.metadata["Plural-Forms"]
    return int(rule.split(";")[0].removeprefix("nplurals="))


def _open(path: Path, language: str) -> polib.POFile:
    if path.exists():
        catalogue = polib.pofile(str(path))
    else:
        catalogue = polib.POFile()
        catalogue.metadata = {
            "Language": language,
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
        }
    catalogue.metadata["Plural-Forms"] = catalogues.PLURAL_FORMS[language]
    return catalogue


def _summary(catalogue: polib.POFile) -> str:
    living = [entry for entry in catalogue if not entry.obsolete]
    missing = sum(1 for entry in living if not entry.translated())
    obsolete = len(catalogue) - len(living)
    return f"{len(living)} texts, {missing} without translation, {obsolete} obsolete"
