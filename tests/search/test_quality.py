"""Of the forms of words that nobody tuned the analyser for, nearly all find each other."""

import pytest

from forum.lib import word_forms
from forum.search.terms import all_terms, reading
from tests.search.finds import WAYS, is_found
from tests.search.word_pairs import CLASSES, different, pairs

needs_dictionary = pytest.mark.skipif(
    not word_forms.has_dictionary(), reason="Morfeusz has no wheel for this machine"
)
# New words of other languages have forms that no dictionary knows yet.
LEAST = dict.fromkeys(CLASSES, 0.97) | {"foreign words": 0.94}
LEAST_BY_RULES = {
    "nouns": 0.92, "alternations": 0.42, "diminutives": 0.97, "verbs": 0.65, "gerunds": 0.97,
    "adjectives": 0.85, "numerals": 0.6, "surnames": 0.95, "places": 0.91, "foreign words": 0.94,
}  # fmt: skip
FALSE_MAX, FALSE_MAX_BY_RULES = 3, 22


def lost(found, way):
    return [pair for pair in found if not way(*pair)]


@pytest.fixture
def _rules_only(monkeypatch):
    def forget():
        for cached in (word_forms.forms_of, reading, all_terms):
            cached.cache_clear()

    forget()
    monkeypatch.setattr(word_forms, "_dictionary", None)
    yield
    forget()


def test_there_are_enough_pairs_to_judge_by():
    assert sum(len(pairs(words)) for words in CLASSES.values()) >= 450
    assert len(different()) >= 250


@needs_dictionary
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", CLASSES)
def test_nearly_every_form_is_found(name, way):
    found = pairs(CLASSES[name])
    missing = lost(found, WAYS[way])
    assert len(missing) <= (1 - LEAST[name]) * len(found), missing


@needs_dictionary
@pytest.mark.parametrize("way", WAYS)
def test_in_all_at_least_99_of_100(way):
    found = [pair for words in CLASSES.values() for pair in pairs(words)]
    missing = lost(found, WAYS[way])
    assert len(missing) <= 0.01 * len(found), missing


@needs_dictionary
def test_words_that_look_alike_do_not_find_each_other():
    false = [pair for pair in different() if is_found(*pair)]
    assert len(false) <= FALSE_MAX, false


@pytest.mark.usefixtures("_rules_only")
@pytest.mark.parametrize("name", CLASSES)
def test_rules_alone_find_what_they_can(name):
    found = pairs(CLASSES[name])
    missing = lost(found, is_found)
    assert len(missing) <= (1 - LEAST_BY_RULES[name]) * len(found), missing


@pytest.mark.usefixtures("_rules_only")
def test_and_take_few_words_for_others():
    false = [pair for pair in different() if is_found(*pair)]
    assert len(false) <= FALSE_MAX_BY_RULES, false
