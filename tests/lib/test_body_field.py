import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from forum.lib import markup
from forum.lib.body_field import BodyForm, body_initial


def sent(body: str, body_format: str = "markdown") -> BodyForm:
    return BodyForm({"body": body, "body_format": body_format})


def drawn(form: BodyForm) -> str:
    return render_to_string("components/_body_field.html", {"form": form})


def test_a_text_comes_out_with_its_format() -> None:
    form = sent("<p>Sala</p>", "html")
    assert form.is_valid()
    assert form.cleaned_data == {"body": "<p>Sala</p>", "body_format": "html"}


@pytest.mark.parametrize("body_format", ["", "rtf"])
def test_an_unknown_format_is_markdown(body_format: str) -> None:
    form = sent("**Sala**", body_format)
    assert form.is_valid()
    assert form.cleaned_data["body_format"] == "markdown"


def test_null_bytes_and_windows_lines_are_put_right() -> None:
    form = sent("Sa\x00la\r\nwolna\r\n")
    assert form.is_valid()
    assert form.cleaned_data["body"] == "Sala\nwolna"


@pytest.mark.parametrize(
    ("body", "body_format"),
    [("", "markdown"), ("  \n", "markdown"), ("<p>&nbsp;</p>", "html"), ("---", "markdown")],
)
def test_an_empty_text_is_refused(body: str, body_format: str) -> None:
    with translation.override("en"):
        assert sent(body, body_format).errors == {"body": ["Write something first."]}


def test_a_missing_body_is_refused_not_an_error() -> None:
    assert list(BodyForm({}).errors) == ["body"]


@pytest.mark.parametrize("body_format", markup.FORMATS)
def test_a_text_of_the_longest_length_fits_and_one_more_does_not(body_format: str) -> None:
    assert sent("a" * markup.BODY_MAX_CHARS, body_format).is_valid()
    with translation.override("en"):
        form = sent("a" * (markup.BODY_MAX_CHARS + 1), body_format)
        assert form.errors["body"] == [
            "The text is too long: it has 20001 characters, and 20000 fit. Send it in parts."
        ]


def test_tags_do_not_count_as_text() -> None:
    assert sent("<p><strong>a</strong></p>" * 3_000, "html").is_valid()


def test_too_much_formatting_of_little_text_is_refused() -> None:
    with translation.override("en"):
        form = sent("<p><strong>a</strong></p>" * 5_000, "html")
        assert form.errors["body"] == [
            "The text carries too much formatting. Simplify it or send it in parts."
        ]


@pytest.mark.parametrize(
    ("body", "body_format"),
    [
        ("a" * 150_000, "markdown"),
        ("<p>" + "a" * 150_000 + "</p>", "html"),
        ("<p>" + "a" * 30_000 + "</p>", "html"),
    ],
)
def test_a_refused_text_is_shown_again_in_full(body: str, body_format: str) -> None:
    form = sent(body, body_format)
    assert not form.is_valid()
    assert form.body_value.markdown == body.removeprefix("<p>").removesuffix("</p>")


def test_a_refused_html_text_returns_to_the_editor_as_html_and_to_the_textarea_as_markdown() -> (
    None
):
    value = sent("<p><strong>Sala</strong><img src=x onerror=y></p>", "html").body_value
    assert (value.markdown, value.html) == ("**Sala**", "<p><strong>Sala</strong></p>")


@pytest.mark.parametrize(
    ("source", "source_format"), [("**Sala**", "markdown"), ("<p><b>Sala</b></p>", "html")]
)
def test_a_stored_source_fills_the_form(source: str, source_format: str) -> None:
    value = BodyForm(initial=body_initial(source, source_format)).body_value
    assert (value.markdown, value.html) == ("**Sala**", "<p><strong>Sala</strong></p>")


def test_the_field_is_markdown_until_the_editor_says_otherwise() -> None:
    page = drawn(BodyForm(initial=body_initial("<p><em>Sala</em></p>", "html")))
    assert re.search(r'<input type="hidden" name="body_format" value="markdown">', page)
    assert 'data-html="&lt;p&gt;&lt;em&gt;Sala&lt;/em&gt;&lt;/p&gt;"' in page
    assert ">\n*Sala*</textarea>" in page
    assert f'data-features="{" ".join(markup.FEATURES)}"' in page


def test_a_first_empty_line_survives_the_textarea() -> None:
    # A browser drops the first line break in a textarea: the template gives it one to drop.
    assert ">\n</textarea>" in drawn(BodyForm())


def test_a_fault_is_tied_to_the_textarea() -> None:
    page = drawn(sent(""))
    assert 'aria-invalid="true"' in page
    described = re.search(r'aria-describedby="([^"]+)"', page)
    assert described is not None
    for name in described[1].split():
        assert f'id="{name}"' in page
    assert re.search(r'id="id_body-errors"><p>\w', page)


def test_a_field_without_a_fault_shows_none() -> None:
    page = drawn(BodyForm())
    assert "aria-invalid" not in page
    assert 'id="id_body-errors" hidden></div>' in page


def test_a_prefix_keeps_two_forms_on_a_page_apart() -> None:
    page = drawn(BodyForm(prefix="second"))
    assert 'name="second-body"' in page
    assert 'name="second-body_format"' in page
    assert 'id="id_second-body"' in page
