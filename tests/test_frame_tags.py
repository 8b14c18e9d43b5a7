import json
import re
from datetime import UTC, datetime

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from forum_site.templatetags import frame
from tests.floors import ROOT

SPRITE = ROOT / "forum_site" / "static" / "icons.svg"


def drawn(source: str, **context: object) -> str:
    request = RequestFactory().get("/")
    request.csp_nonce = "once"
    return engines["django"].from_string(source).render(context, request)


def icons() -> set[str]:
    return set(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text()))


def test_the_import_map_names_every_module_and_the_editor() -> None:
    page = drawn("{% import_map %}")
    opening, entries = re.fullmatch(r"(<script[^>]*>)(.*)</script>", page, re.DOTALL).groups()
    assert opening == '<script type="importmap" nonce="once">'
    imports = json.loads(entries)["imports"]
    assert imports["django-prose-editor/editor"] == "/static/django_prose_editor/editor.js"
    assert imports["forum/editor/rich-text"] == "/static/js/editor/rich-text.js"
    modules = (ROOT / "forum_site" / "static" / "js").rglob("*.js")
    assert len(imports) == 1 + len(list(modules))


def test_the_import_map_is_read_once_outside_debug(settings) -> None:
    frame._remembered_entries.cache_clear()
    drawn("{% import_map %}{% import_map %}")
    assert frame._remembered_entries.cache_info().hits == 1
    settings.DEBUG = True
    drawn("{% import_map %}")
    assert frame._remembered_entries.cache_info().hits == 1


def test_every_import_of_a_module_is_in_the_map() -> None:
    imports = json.loads(frame._read_entries())["imports"]
    scripts = ROOT / "forum_site" / "static" / "js"
    for script in scripts.rglob("*.js"):
        text = script.read_text()
        for name in re.findall(r'(?:from|import)[ (]"((?:forum|django-prose)[^"]*)"', text):
            assert name in imports, f"{script.name} imports {name}"
        assert not re.search(r'from "\.', text), f"{script.name}: hashed names break this import"


def test_an_icon_is_decoration_from_the_sprite() -> None:
    page = drawn('{% icon "reply" %}')
    assert 'href="/static/icons.svg#reply"' in page
    assert 'aria-hidden="true"' in page


def test_every_icon_that_is_asked_for_is_drawn() -> None:
    asked = set()
    for place in ("templates", "forum_site/static/js"):
        for file in (ROOT / place).rglob("*.*"):
            asked |= set(re.findall(r"""\bicon(?:=|: | )['"]([a-z-]+)['"]""", file.read_text()))
    assert "bold" in asked
    assert asked - icons() == set()


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Marek Zieliński", "MZ"),
        ("Stowarzyszenie „Środkowy Rynek”", "ŚR"),
        ("Uniwersytet Trzeciego Wieku", "UT"),
        ("OSP w Nadarzynie", "ON"),
        ("Anna Maria Kowalczyk-Nowak", "AM"),
        ("UKS 5 Piastów", "UP"),
        ("ala", "AL"),
        ("jan kot", "JK"),
        ("Ż", "Ż"),
        ("!!!", "?"),
        ("", "?"),
    ],
)
def test_initials_are_those_of_the_telling_words(name: str, letters: str) -> None:
    assert drawn("{{ name|initials }}", name=name) == letters


def test_a_tint_is_the_same_for_the_same_row_and_one_of_six() -> None:
    assert [frame.tint(pk) for pk in (1, 6, 7, None)] == [1, 0, 1, 0]


def test_a_moment_is_told_in_full_in_the_readers_language_and_warsaw_time() -> None:
    moment = datetime(2026, 11, 23, 17, 42, tzinfo=UTC)
    assert drawn("{{ moment|when }}", moment=moment) == "23 listopada 2026, 18:42"
    with translation.override("en"):
        assert drawn("{{ moment|when }}", moment=moment) == "23 November 2026, 18:42"
    assert drawn("{{ moment|when }}", moment=None) == ""
