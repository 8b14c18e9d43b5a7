"""The texts of the forum are complete in Polish and English, and the machine that says so works."""

import gettext as standard_gettext
from io import StringIO
from pathlib import Path

import polib
import pytest
from django.conf import LazySettings
from django.conf import settings as site
from django.core.management import CommandError, call_command

from forum_site import catalogue_checks, catalogues
from forum_site.catalogues import Key, SourceProblem

REPLIES = (
    "{% blocktranslate count n=n %}One reply{% plural %}{{ n }} replies{% endblocktranslate %}"
)


@pytest.fixture
def tree(tmp_path: Path, settings: LazySettings) -> Path:
    """A small project of its own: one Python file, one template, no catalogue."""
    settings.ROOT = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "rules.py").write_text('_("Log in (first) to reply.")\n')
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(f"<p>{REPLIES}</p>")
    return tmp_path


def update(*options: str) -> None:
    call_command("update_catalogues", *options, stdout=StringIO())


def catalogue() -> polib.POFile:
    return polib.pofile(str(catalogues.catalogue_path("pl")))


def complete() -> None:
    """Fill the small project's catalogue."""
    update()
    texts = catalogue()
    texts.find("Log in (first) to reply.").msgstr = "Zaloguj się, aby odpowiedzieć."
    texts.find("One reply").msgstr_plural = {
        0: "Jedna odpowiedź",
        1: "%(n)s odpowiedzi",
        2: "%(n)s odpowiedzi",
        3: "%(n)s odpowiedzi",
    }
    texts.save()


def faults(root: Path) -> list[str]:
    return list(catalogue_checks.faults(root))


def test_every_text_of_the_forum_is_complete_in_every_language() -> None:
    assert faults(site.ROOT) == []


def test_a_new_catalogue_lists_the_texts_of_python_files_and_templates(tree: Path) -> None:
    update()
    assert [(entry.msgid, entry.msgid_plural) for entry in catalogue()] == [
        ("Log in (first) to reply.", ""),
        ("One reply", "%(n)s replies"),
    ]


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ('{% translate "Save" %}', Key("Save")),
        ('{% translate "May" context "month" %}', Key("May", "month")),
        ("{{ _('Later') }}", Key("Later")),
        ('{% include "x.html" with label=_("More (all)") %}', Key("More (all)")),
        (
            "{% blocktranslate trimmed with n=a.b %}\n  By\n  {{ n }}\n{% endblocktranslate %}",
            Key("By %(n)s"),
        ),
    ],
)
def test_every_way_to_mark_a_text_in_a_template_is_read(tree: Path, source: str, key: Key) -> None:
    (tree / "templates" / "other.html").write_text(source)
    assert key in catalogues.texts_of(tree)


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ('translation.gettext("Save")', Key("Save")),
        ('pgettext_lazy("month", "May")', Key("May", "month")),
        ('_("One "\n  "sentence.")', Key("One sentence.")),
        ('npgettext("a", "One b", "%(n)s b", n)', Key("One b", "a")),
    ],
)
def test_every_way_to_mark_a_text_in_python_is_read(tree: Path, source: str, key: Key) -> None:
    (tree / "room" / "views.py").write_text(source)
    assert key in catalogues.texts_of(tree)


def test_a_text_put_together_in_the_call_is_refused(tree: Path) -> None:
    (tree / "room" / "views.py").write_text('_(f"Hello {name}")')
    with pytest.raises(SourceProblem, match=r"room/views\.py: line 1"):
        catalogues.texts_of(tree)


def test_an_unreadable_source_leaves_the_catalogue_as_it_was(tree: Path) -> None:
    complete()
    before = catalogues.catalogue_path("pl").read_text()
    (tree / "room" / "rules.py").write_text("_(")
    with pytest.raises(CommandError, match="Nothing was written"):
        update()
    assert catalogues.catalogue_path("pl").read_text() == before


def test_an_update_keeps_translations_and_changes_nothing_the_second_time(tree: Path) -> None:
    complete()
    update()
    once = catalogues.catalogue_path("pl").read_text()
    update()
    assert catalogues.catalogue_path("pl").read_text() == once
    assert "Zaloguj się" in once


def test_a_text_that_comes_back_finds_its_translation(tree: Path) -> None:
    complete()
    rules = (tree / "room" / "rules.py").read_text()
    (tree / "room" / "rules.py").write_text("")
    update()
    assert [entry.msgid for entry in catalogue().obsolete_entries()] == ["Log in (first) to reply."]
    (tree / "room" / "rules.py").write_text(rules)
    update()
    assert faults(tree) == []


def test_obsolete_entries_are_dropped_on_demand(tree: Path) -> None:
    complete()
    (tree / "room" / "rules.py").write_text("")
    update("--drop")
    assert [entry.msgid for entry in catalogue()] == ["One reply"]


def test_a_complete_project_has_no_faults(tree: Path) -> None:
    complete()
    assert faults(tree) == []
    call_command("check_catalogues", stdout=StringIO(), stderr=StringIO())


def test_the_check_fails_and_names_the_missing_text(tree: Path) -> None:
    update()
    listed = StringIO()
    with pytest.raises(CommandError, match="2 faults"):
        call_command("check_catalogues", stderr=listed)
    assert "pl: missing: 'One reply'" in listed.getvalue()


def test_a_project_without_a_catalogue_is_incomplete(tree: Path) -> None:
    assert faults(tree) == ["pl: there is no catalogue django.po"]


def test_a_text_that_is_only_in_the_source_is_a_fault(tree: Path) -> None:
    complete()
    (tree / "room" / "views.py").write_text('_("New")')
    assert faults(tree) == ["pl: not in the catalogue: 'New' (room/views.py)"]


def test_fuzzy_obsolete_and_unknown_entries_are_faults(tree: Path) -> None:
    complete()
    texts = catalogue()
    texts.find("One reply").flags.append("fuzzy")
    texts.append(polib.POEntry(msgid="Old", msgstr="Stare", obsolete=True))
    texts.append(polib.POEntry(msgid="Stray", msgstr="Obce"))
    texts.save()
    assert sorted(faults(tree)) == [
        "pl: fuzzy: 'One reply'",
        "pl: not in the source: 'Stray'",
        "pl: obsolete: 'Old'",
    ]


@pytest.mark.parametrize(
    ("form", "text", "is_right"),
    [
        (0, "Jedna odpowiedź", True),
        (0, "%(n)s odpowiedź", True),
        (0, "%(count)s odpowiedź", False),
        (1, "odpowiedzi", False),
        (2, "%(m)s odpowiedzi", False),
        (3, "", False),
    ],
)
def test_placeholders_of_plural_forms_are_compared(
    tree: Path, form: int, text: str, is_right: bool
) -> None:
    complete()
    texts = catalogue()
    texts.find("One reply").msgstr_plural[form] = text
    texts.save()
    assert (faults(tree) == []) is is_right


def test_placeholders_of_a_single_text_are_compared(tree: Path) -> None:
    (tree / "room" / "views.py").write_text('_("By %(name)s")')
    complete()
    texts = catalogue()
    texts.find("By %(name)s").msgstr = "Od %(nazwa)s"
    texts.save()
    assert faults(tree) == ["pl: other placeholders: 'By %(name)s'"]


def test_a_wrong_plural_rule_is_a_fault(tree: Path) -> None:
    complete()
    texts = catalogue()
    rule = texts.metadata["Plural-Forms"]
    texts.metadata["Plural-Forms"] = rule.replace("n%100>14", "n%100>=14")
    texts.save()
    assert faults(tree) == ["pl: Plural-Forms gives form 1 for 14, must be 2"]
    texts.metadata["Plural-Forms"] = "nplurals=3; plural=(n==1 ? 0 : 1);"
    texts.save()
    assert faults(tree) == [
        "pl: Plural-Forms must have four forms: 'nplurals=3; plural=(n==1 ? 0 : 1);'"
    ]


def test_the_polish_rule_is_the_one_django_uses() -> None:
    with (Path(polib.__file__).parent / "django/conf/locale/pl/LC_MESSAGES/django.mo").open(
        "rb"
    ) as file:
        django_rule = standard_gettext.GNUTranslations(file).plural
    ours = standard_gettext.c2py(catalogues.PLURAL_FORMS["pl"].partition("plural=")[2].rstrip(";"))
    assert [ours(n) for n in range(1000)] == [django_rule(n) for n in range(1000)]


def test_polish_in_a_msgid_is_a_fault(tree: Path) -> None:
    complete()
    (tree / "templates" / "other.html").write_text('{% translate "Wątki" %}')
    assert "en: not English: 'Wątki'" in faults(tree)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ('<p>{% translate "Hello" %} · <b>7</b> {{ name }} %</p>', []),
        ('<input placeholder="Your name" class="wide">', ["Your name"]),
        ("<nav aria-label=\"{% translate 'Pages' %}\"></nav>", []),
        ('<a lang="en">English <b>now</b></a> <i>then</i>', ["then"]),
        ('<html lang="{{ code }}"><p>Hello</p></html>', ["Hello"]),
        ("{% blocktranslate %}Hello <b>you</b>{% endblocktranslate %}", []),
        ("{% comment %}Why so{% endcomment %}{# and so #}<!-- or so -->", []),
        (
            "{% block page_class %}page narrow{% endblock %}{% block main %}Hello{% endblock %}",
            ["Hello"],
        ),
        ("<script>let it = 1</script>", []),
    ],
)
def test_words_of_a_template_outside_translation_are_found(template: str, words: list[str]) -> None:
    assert catalogue_checks.unmarked_words(template) == words


def test_compiling_makes_what_gettext_reads(tree: Path) -> None:
    complete()
    call_command("compile_catalogues", stdout=StringIO())
    with catalogues.catalogue_path("pl").with_suffix(".mo").open("rb") as file:
        compiled = standard_gettext.GNUTranslations(file)
    assert compiled.gettext("Log in (first) to reply.") == "Zaloguj się, aby odpowiedzieć."
    assert [compiled.ngettext("One reply", "%(n)s replies", n) for n in (1, 22, 5)] == [
        "Jedna odpowiedź",
        "%(n)s odpowiedzi",
        "%(n)s odpowiedzi",
    ]


def test_compiling_again_has_nothing_to_do_until_the_catalogue_changes(tree: Path) -> None:
    complete()
    said = StringIO()
    call_command("compile_catalogues", stdout=said)
    assert said.getvalue() == "Compiled pl/django.po\n"
    call_command("compile_catalogues", stdout=said)
    assert said.getvalue() == "Compiled pl/django.po\n"
    catalogue().save()
    call_command("compile_catalogues", stdout=said)
    assert said.getvalue() == "Compiled pl/django.po\n" * 2
