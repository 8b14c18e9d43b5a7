import re
import time
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forum.lib import markup
from tests.floors import ROOT

WORD = Path(ROOT / "tests" / "browser" / "clipboard_of_word.txt").read_text()
REL = 'rel="nofollow ugc noopener"'
SLOW_S = 8  # of the processor; the faults met here took a minute and more

ATTACKS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><circle/></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<p onclick=alert(1) style='position:fixed'>x</p>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' &#106;avascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='//evil.example'>x</a>",
    "<a href='https://bank.pl@evil.example/'>x</a>",
    "<iframe src=https://evil.example></iframe>",
    "<object data=x></object><embed src=x>",
    "<form action=/accounts/logout/><button>x</button></form>",
    "<base href=https://evil.example>",
    "<meta http-equiv=refresh content=0>",
    "<link rel=stylesheet href=//evil.example>",
    "<style>body{display:none}</style>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<post-composer></post-composer><rich-text data-html='<img onerror=x>'></rich-text>",
    "<p id=composer class=post>x</p>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "<javascript:alert(1)>",
    "![x](x onerror=alert(1))",
    '[x](https://a.pl "onmouseover=alert(1)")',
    "[<img src=x onerror=alert(1)>](https://a.pl)",
    'https://a.pl/"onmouseover=alert(1)',
    "`<script>alert(1)</script>`",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
]


ATTRIBUTES = {"a": {"href", "rel"}, "img": {"src", "alt"}}
PICTURE = "/attachments/123e4567-e89b-12d3-a456-426614174000/"


class _Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def assert_harmless(html: str) -> None:
    for tag, attributes in _Tags(html).found:
        assert tag in markup.TAGS
        assert set(attributes) <= ATTRIBUTES.get(tag, set())
        if tag == "img":
            assert re.fullmatch(r"/attachments/[0-9a-f-]{36}/", attributes["src"] or "")
        if tag == "a":
            assert re.match(r"(https?://[^@]+|mailto:)", attributes["href"] or "")
            assert attributes["rel"] == markup.LINK_REL


def html(source: str) -> str:
    return markup.render(source, "html")


def markdown(source: str) -> str:
    return markup.render(source, "markdown")


# --- Nothing harmful gets through ----------------------------------------------------------------
@pytest.mark.parametrize("source_format", markup.FORMATS)
@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_leaves_only_words(attack: str, source_format: str) -> None:
    assert_harmless(markup.render(attack, source_format))


def test_the_judge_of_attacks_sees_an_attack() -> None:
    for attack in (
        '<img src="https://a.pl/x.png">',
        "<img onerror=x src=/attachments/x/>",
        "<p onclick=x>",
        '<a href="javascript:x" rel="x">',
    ):
        with pytest.raises(AssertionError):
            assert_harmless(attack)


FRAGMENTS = st.sampled_from(
    """a|ż|1. |- |> |# |*|**|_|<|&|&lt;|\xa0| |\n|\t|[x](https://a.pl)|www.b.pl|https://c.pl.|<p>|</p>
    |<b>|</b>|<i>|<strong>|</strong>|<em>|</em>|<h1>|</h1>|<ul>|<ol>|<li>|</li>|</ul>|<div>|</div>
    |<br>|<td>|<blockquote>|</blockquote>|<a href=https://d.pl>|<script>|</script>|<svg>|<style>
    |<!--|-->|<span style='mso-list:Ignore'>|</span>|<p style='mso-list:l0 level2 lfo1'>|<u>
    |<table>|</table>|javascript:|"|'|\ue000|\ue001|![f](https://f.pl/f.png)|<img src=//g.pl/g.png>
    |<img alt='h>www.i.pl' src=PICTURE>|![j _k_ [l\\]](PICTURE)|<img src=/attachments/x/ onerror=x>
    """.replace("PICTURE", PICTURE)
    .rstrip()
    .replace("\n    |", "|")
    .split("|")
)
SOURCES = st.lists(FRAGMENTS | st.text(max_size=4), max_size=24).map("".join)


@settings(max_examples=400, deadline=None)
@given(SOURCES, st.sampled_from(markup.FORMATS))
@example("<p>a</p><p>\xa0https://a.pl</p>", "html")
@example("<strong>https://a.pl</strong><br><strong>https://a.pl</strong>", "html")
@example("<strong>http<strong>://x.pl</strong></strong>", "html")
def test_any_source_gives_listed_tags_and_cleaning_again_changes_nothing(
    source: str, source_format: str
) -> None:
    rendered = markup.render(source, source_format)
    assert_harmless(rendered)
    assert markup.clean_html(rendered) == rendered


@settings(max_examples=200, deadline=None)
@given(SOURCES)
def test_any_rich_text_can_be_edited_as_markdown(source: str) -> None:
    assert_harmless(markdown(markup.as_markdown(html(source), "html")))


# --- Every feature in both formats ---------------------------------------------------------------
@pytest.mark.parametrize(
    ("feature", "written", "expected"),
    [
        ("bold", "**sala**", "<p><strong>sala</strong></p>"),
        ("italic", "*sala*", "<p><em>sala</em></p>"),
        ("heading", "# sala", "<h3>sala</h3>"),
        (
            "bullet_list",
            "- sala\n- kuchnia",
            "<ul><li><p>sala</p></li><li><p>kuchnia</p></li></ul>",
        ),
        ("ordered_list", "1. sala\n2. hol", "<ol><li><p>sala</p></li><li><p>hol</p></li></ol>"),
        ("blockquote", "> sala", "<blockquote><p>sala</p></blockquote>"),
        ("link", "[sala](https://a.pl)", f'<p><a href="https://a.pl" {REL}>sala</a></p>'),
        ("picture", f"![sala]({PICTURE})", f'<p><img src="{PICTURE}" alt="sala"></p>'),
    ],
)
def test_a_feature_survives_both_ways(feature: str, written: str, expected: str) -> None:
    assert markdown(written) == expected
    assert html(expected) == expected
    assert markdown(markup.as_markdown(expected, "html")) == expected
    tags = {tag for tag, _ in _Tags(expected).found}
    assert tags & markup.FEATURES[feature]


def test_the_editor_and_the_template_know_every_feature() -> None:
    preset = (ROOT / "forum_site/static/js/editor/preset.js").read_text()
    known = re.search(r"const FEATURES = {(.*?)};", preset, re.DOTALL)
    assert known is not None
    assert re.findall(r"^  (\w+):", known[1], re.MULTILINE) == list(markup.FEATURES)
    template = (ROOT / "templates/components/_body_field.html").read_text()
    for feature in markup.FEATURES:
        assert f"data-label-{feature}=" in template


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<h1>a</h1><h6>b</h6>", "<h3>a</h3><h3>b</h3>"),
        ("<div>a<div>b</div>c</div>", "<p>a</p><p>b</p><p>c</p>"),
        ("a<br>b<br><br>c<br>", "<p>a<br>b</p><p>c</p>"),
        ("<p>a</p><p>&nbsp;</p><p></p><ul><li></li></ul><p>b</p>", "<p>a</p><p>b</p>"),
        ("<b>a </b>b<i> c</i>", "<p><strong>a</strong> b <em>c</em></p>"),
        ("<b></b><b>a</b><b>b</b>", "<p><strong>ab</strong></p>"),
        ("<strong><p>a</p><p>b</p></strong>", "<p><strong>a</strong></p><p><strong>b</strong></p>"),
        (
            "<ul>\n<li>a\n<ul>\n<li>b</ul></ul>",
            "<ul><li><p>a</p><ul><li><p>b</p></li></ul></li></ul>",
        ),
        (
            "<ul><li>a</li><ul><li>b</li></ul></ul>",
            "<ul><li><p>a</p><ul><li><p>b</p></li></ul></li></ul>",
        ),
        ("<li>a</li>", "<p>a</p>"),
        ("<ul>a<li>b</ul>", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
        ("<table><tr><td>a<td>b</table>", "<p>a</p><p>b</p>"),
        ('<b style="font-weight:normal"><p>a</p></b>', "<p>a</p>"),
        ('<b style="mso-bidi-font-weight:normal">a</b>', "<p><strong>a</strong></p>"),
        ("a &amp;lt; b", "<p>a &amp;lt; b</p>"),
    ],
)
def test_html_of_all_kinds_takes_the_one_form(source: str, expected: str) -> None:
    assert html(source) == expected


def test_a_page_of_word_becomes_headings_lists_and_paragraphs() -> None:
    assert html(WORD) == (
        "<h3>Program współpracy</h3><p>Zarząd <strong>powiatu</strong> ogłasza <em>nabór</em>.</p>"
        "<ul><li><p>dotacje</p><ul><li><p>małe granty</p></li></ul></li><li><p>lokale</p></li></ul>"
        "<ol><li><p>oferta</p></li><li><p>umowa</p></li></ol><p>Pruszków</p><p>Piastów</p>"
    )


def test_markdown_keeps_lines_and_shows_html_as_text() -> None:
    assert markdown("jeden\ndwa") == "<p>jeden<br>dwa</p>"
    assert markdown("a <b>b</b> `c`") == "<p>a &lt;b&gt;b&lt;/b&gt; `c`</p>"


# --- Bare addresses ------------------------------------------------------------------------------
@pytest.mark.parametrize("source_format", markup.FORMATS)
@pytest.mark.parametrize(
    ("text", "href", "shown"),
    [
        ("Zob. https://ngo.pl.", "https://ngo.pl", "https://ngo.pl"),
        ("Zob. www.ngo.pl, proszę", "https://www.ngo.pl", "www.ngo.pl"),
        (
            "(https://pl.wikipedia.org/wiki/Piast_(ród))",
            "https://pl.wikipedia.org/wiki/Piast_(ród)",
            None,
        ),
        ("Czy https://ngo.pl/?a=1&amp;b=2?", "https://ngo.pl/?a=1&b=2", None),
        ("„https://ngo.pl/x”", "https://ngo.pl/x", None),
    ],
)
def test_a_bare_address_becomes_a_link_without_the_sentence_round_it(
    text: str, href: str, shown: str | None, source_format: str
) -> None:
    rendered = markup.render(text, source_format)
    ((_, attributes),) = [found for found in _Tags(rendered).found if found[0] == "a"]
    assert attributes["href"] == href
    assert f">{shown or href.replace('&', '&amp;')}</a>" in rendered


@pytest.mark.parametrize(
    "text",
    ["np.inż", "plik.docx", "http://", "https://localhost", "www.", "jan@www.pl", "1.2.2026"],
)
def test_what_only_looks_like_an_address_stays_text(text: str) -> None:
    assert html(text) == f"<p>{text}</p>"


def test_a_link_is_not_linked_again() -> None:
    link = f'<p><a href="https://a.pl" {REL}>https://b.pl</a></p>'
    assert html(link) == link


# --- Limits --------------------------------------------------------------------------------------
@pytest.mark.parametrize("source_format", markup.FORMATS)
def test_ten_megabytes_are_refused_before_any_work(source_format: str) -> None:
    began = time.process_time()
    with pytest.raises(markup.TooLong):
        markup.render("<b>" * 3_500_000, source_format)
    assert time.process_time() - began < SLOW_S


def test_html_that_swells_is_refused() -> None:
    swelling = "<strong><em><a href=https://a.pl>" + "<p>a" * 24_000
    with pytest.raises(markup.TooLong):
        html(swelling[: markup.SOURCE_MAX_CHARS["html"]])


HEAVY = {
    "quotes": "<blockquote>" * 8_000 + "x",
    "lists": "<ul><li>a" * 11_000,
    "formatting": "".join(f'<b class="{number}">x<p>' for number in range(5_000)),
    "unclosed": "<b " * 33_000,
    "addresses": "www.a.pl" + ")" * 90_000,
    "brackets": "[" * 99_000,
    "markers": "> " * 40_000,
    "emphasis": "*a **b " * 14_000,
    "links": "[x](" * 24_000,
}


@pytest.mark.parametrize("source_format", markup.FORMATS)
@pytest.mark.parametrize("name", HEAVY)
def test_no_source_is_slow_or_exhausts_the_stack(
    name: str, source_format: markup.SourceFormat
) -> None:
    source = HEAVY[name][: markup.SOURCE_MAX_CHARS[source_format]]
    began = time.process_time()
    with suppress(markup.TooLong):  # escaped or marked anew it may have grown: also an answer
        markup.render(source, source_format)
    assert time.process_time() - began < SLOW_S


@pytest.mark.parametrize(
    ("source", "source_format"),
    [
        ("<blockquote>" * 500 + "x", "html"),
        ("> " * 500 + "x", "markdown"),
        (">" * 500 + "x", "markdown"),
    ],
)
def test_five_hundred_quotes_are_drawn_as_eight(source: str, source_format: str) -> None:
    rendered = markup.render(source, source_format)
    assert rendered.count("<blockquote>") == 8
    assert markup.plain_text(rendered) == "x"


def test_no_word_is_lost_in_deep_lists() -> None:
    deep = "\n".join(f"{'  ' * level}- w{level}" for level in range(150))
    words = [f"w{level}" for level in range(150)]
    assert re.findall(r"w\d+", markup.plain_text(markdown(deep))) == words


def test_characters_that_no_database_keeps_are_removed() -> None:
    assert html("a\x00b\ud800c\x1fd") == "<p>abcd</p>"
    assert markdown("a\x00b\ud800c\x1fd") == "<p>abcd</p>"


# --- Other forms of the same text ----------------------------------------------------------------
def test_markdown_escapes_only_what_would_act() -> None:
    text = "5 - 6 tys. zł (10%) + VAT, plik_nowy_2.docx, R&amp;D, pkt 4. i #ngo"
    assert markup.as_markdown(f"<p>{text}</p>", "html") == text.replace("&amp;", "&")
    for acting in ("1. nie", "- nie", "# nie", "*nie*", "&gt; nie", "[x](https://a.pl", "&amp;lt;"):
        kept = html(f"<p>{acting}</p>")
        assert markdown(markup.as_markdown(kept, "html")) == kept


def test_markdown_stays_as_it_was_written() -> None:
    assert markup.as_markdown("*a* <b>", "markdown") == "*a* <b>"


def test_plain_text_has_a_line_for_each_block() -> None:
    rendered = markdown("# Sala\n\n- a & b\n- c\nd\n\n> e")
    assert markup.plain_text(rendered) == "Sala\na & b\nc\nd\ne"


@pytest.mark.parametrize("source", ["", "  \n", "<p>&nbsp;</p>", "<p>\u200b</p>", "<img src=x>"])
def test_text_that_nobody_sees_is_empty(source: str) -> None:
    assert markup.is_empty(source)
    assert markup.is_empty(html(source))


def test_a_single_sign_is_not_empty() -> None:
    assert not markup.is_empty(html("?"))
