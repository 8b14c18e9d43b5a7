"""The tag `url` gives what Django's own gives."""

import pytest
from django.template import Context, Template
from django.test import override_settings
from django.urls import NoReverseMatch, get_resolver, reverse, set_script_prefix
from django.urls.resolvers import RoutePattern

from forum_site.templatetags import addresses
from forum_site.templatetags.addresses import Address


def of_numbers(resolver=None, names=(), numbers=0):
    """Every name of ours whose address takes whole numbers only, and how many."""
    for each in (resolver or get_resolver()).url_patterns:
        pattern = each.pattern
        converters = pattern.converters if isinstance(pattern, RoutePattern) else {}
        if any(type(kind).__name__ != "IntConverter" for kind in converters.values()):
            continue
        count = numbers + len(converters)
        if hasattr(each, "url_patterns"):
            around = (*names, each.namespace) if each.namespace else names
            if "admin" not in around:
                yield from of_numbers(each, around, count)
        elif each.name and isinstance(pattern, RoutePattern):
            yield ":".join([*names, each.name]), count


def shown(text, **names):
    return Template(text).render(Context(names))


def test_it_is_djangos_for_every_name_of_ours():
    found = {(name, count) for name, count in of_numbers() if count}
    assert len(found) > 40
    for name, count in sorted(found):
        numbers = {f"number{place}": 10 ** (3 * place) + place for place in range(count)}
        text = f"{{% url '{name}' {' '.join(numbers)} %}}"
        for _ in range(2):
            assert shown(text, **numbers) == reverse(name, args=[*numbers.values()]), name


def test_the_resolver_is_asked_once(monkeypatch):
    asked = []

    def ask(*args, **kwargs):
        asked.append(args)
        return reverse(*args, **kwargs)

    addresses._parts.cache_clear()
    monkeypatch.setattr(addresses, "reverse", ask)
    text = Template("{% url 'discussions:thread' pk %}{% url 'moderation:report' 'post' pk %}")
    for pk in (1, 22, 2**40):
        expected = f"{reverse('discussions:thread', args=[pk])}" + reverse(
            "moderation:report", args=["post", pk]
        )
        assert text.render(Context({"pk": pk})) == expected
    assert len(asked) == 2


@pytest.mark.parametrize("pk", [-1, "x", None, 1.5, True, ""])
def test_what_is_no_number_is_djangos_matter(pk):
    def ours():
        return shown("{% url 'discussions:thread' pk %}", pk=pk)

    try:
        expected = reverse("discussions:thread", args=[pk])
    except NoReverseMatch:
        with pytest.raises(NoReverseMatch):
            ours()
    else:
        assert ours() == expected


def test_it_can_be_named_and_a_missing_one_is_empty_then():
    named = "{% url 'discussions:thread' pk as here %}{% url 'nowhere' as there %}"
    assert (
        shown(named + "{{ here }}|{{ there }}", pk=7)
        == f"{reverse('discussions:thread', args=[7])}|"
    )
    with pytest.raises(NoReverseMatch):
        shown("{% url 'nowhere' %}")


def test_names_keywords_and_words_that_vary_are_asked_anew():
    assert shown("{% url name %}", name="overview:home") == reverse("overview:home")
    by_keyword = shown("{% url 'discussions:thread' pk=pk %}", pk=5)
    assert by_keyword == reverse("discussions:thread", args=[5])
    by_word = shown("{% url 'moderation:report' kind 5 %}", kind="post")
    assert by_word == reverse("moderation:report", args=["post", 5])


def test_it_stands_where_the_forum_is_mounted():
    try:
        set_script_prefix("/forum/")
        assert shown("{% url 'discussions:thread' 7 %}") == "/forum/threads/7/"
    finally:
        set_script_prefix("/")
    assert shown("{% url 'discussions:thread' 7 %}") == "/threads/7/"


def test_another_map_of_addresses_is_asked_anew():
    assert shown("{% url 'discussions:thread' 7 %}") == "/threads/7/"
    with override_settings(ROOT_URLCONF="django.contrib.auth.urls"), pytest.raises(NoReverseMatch):
        shown("{% url 'discussions:thread' 7 %}")


def test_it_is_the_tag_of_every_template():
    (node,) = Template("{% url 'overview:home' %}").nodelist
    assert isinstance(node, Address)
