"""The rules of this house that no linter knows; each is also shown a sample that breaks it."""

import ast
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.floors import ROOT

MAX_LINES = 400
MAX_ELEMENT_LINES = 100
PACKAGES = ("accounts", "forum", "forum_site")
WRITTEN_BY_HAND = {".py", ".html", ".css", ".js", ".md", ".toml", ".txt", ".yml", ".sh", ""}
NAMES_THAT_SAY_NOTHING = {"utils", "helpers", "common", "misc", "manager", "managers", "base"}
PLACES_OF_ONE_MACHINE = ("home", "root", "Users", "tmp", "mnt", "work")
# Names that say something where they stand: the page's frame, and the layer `base` of the styles.
EXCUSED_NAMES = {
    "templates/base.html",
    "templates/allauth/layouts/base.html",  # allauth asks for this name.
    "forum_site/static/css/base.css",
    "forum_site/postgresql/base.py",  # Django asks for this name.
    "forum_site/sqlite3/base.py",  # Likewise.
}

# The borders where everything is caught and logged; what lies behind them must go on.
BORDERS = {
    "forum/jobs/worker.py": "one row's failure must not stop the others",
    "forum/lib/fragments.py": "as below: a page is rendered anew where its cache is away",
    "forum/lib/limits.py": "every cache has its own errors, and none may stop a member",
    "forum/mailbox/polling.py": "one mail's failure must not stop the others",
    "forum/search/actions/renewing.py": "one thing's failure must not keep the others out",
    "forum/live/hub.py": "the pump is supervised: it must survive any failure of Redis",
    "forum_site/handler.py": "the answer is there: its end may not put an error in its place",
    "forum/live/announcing.py": "the change is committed: a hint that fails must not fail it",
}
# Posts and threads are found by `readable_by`, never all of them.
DOORS = re.compile(r"(^|/)(views|consumers|feeds|admin)(/|\.py$)")
ALL_OF_THEM = re.compile(r"\b(Thread|Post)\.objects\.(all|get|filter|exclude)\(")

Law = Callable[[str, str], list[str]]


# --- The laws: what is wrong in a file, given its path and its text ------------------------------
def scripts_and_styles_are_files(path: str, text: str) -> list[str]:
    if not path.endswith(".html"):
        return []
    reader = _Inline()
    reader.feed(re.sub(r"{%.*?%}|{#.*?#}|{{.*?}}", _blank, text, flags=re.DOTALL))
    return reader.found


def only_actions_announce(path: str, text: str) -> list[str]:
    if not path.endswith(".py") or path.startswith(("forum/live/", "tests/")):
        return []
    if re.search(r"/actions(\.py$|/)", path):
        return []
    return [f"line {call.lineno}: announce" for call in _calls(text, "announce")]


def files_are_short(path: str, text: str) -> list[str]:
    if "/migrations/" in path:
        return []  # Django writes them and nobody edits them.
    limit = MAX_ELEMENT_LINES if "/js/elements/" in path else MAX_LINES
    too_long = path.endswith((".py", ".js", ".css", ".html")) and len(text.splitlines()) >= limit
    return [f"{len(text.splitlines())} lines, the limit is {limit}"] if too_long else []


def file_names_say_something(path: str, _text: str) -> list[str]:
    name = Path(path).stem.strip("_")
    return [name] if name in NAMES_THAT_SAY_NOTHING and path not in EXCUSED_NAMES else []


def only_borders_catch_everything(path: str, text: str) -> list[str]:
    if not path.endswith(".py") or path in BORDERS or path.startswith("tests/"):
        return []
    handlers = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ExceptHandler))
    return [f"line {found.lineno}: broad except" for found in handlers if _is_broad(found)]


def doors_show_only_what_may_be_read(path: str, text: str) -> list[str]:
    if not DOORS.search(path) or not path.endswith(".py"):
        return []
    return [found.group() for found in ALL_OF_THEM.finditer(text)]


def models_do_not_override_saving(path: str, text: str) -> list[str]:
    if not re.search(r"(^|/)models(\.py$|/)", path):
        return []
    methods = (
        method
        for owner in ast.walk(ast.parse(text))
        if isinstance(owner, ast.ClassDef)
        for method in owner.body
    )
    return [
        method.name
        for method in methods
        if isinstance(method, ast.FunctionDef) and method.name in {"save", "delete"}
    ]


def rooms_have_no_signals_of_their_own(path: str, text: str) -> list[str]:
    if not path.endswith(".py"):
        return []
    return [f"line {call.lineno}: Signal" for call in _calls(text, "Signal")]


def no_file_names_a_place_on_one_machine(_path: str, text: str) -> list[str]:
    places = "|".join(PLACES_OF_ONE_MACHINE)
    return re.findall(rf"(?<![\w.:/}}~-])/(?:{places})/[\w.-]+", text)


def styles_need_no_force(path: str, text: str) -> list[str]:
    is_ours = path.endswith(".css") and not path.startswith("tests/")
    return re.findall(r"!\s*important", text) if is_ours else []


LAWS_AND_SAMPLES = [
    (scripts_and_styles_are_files, "templates/x.html", "<script>alert(1)</script>"),
    (scripts_and_styles_are_files, "templates/x.html", '<p style="color: red">a</p>'),
    (scripts_and_styles_are_files, "templates/x.html", "<style>p { color: red }</style>"),
    (scripts_and_styles_are_files, "templates/x.html", "<a {% if x %}onclick='go()'{% endif %}>"),
    (scripts_and_styles_are_files, "templates/x.html", '<a href="javascript:go()">a</a>'),
    (only_actions_announce, "forum/discussions/views.py", "live.announce('thread.1', 2)"),
    (files_are_short, "forum/discussions/views.py", "x = 1\n" * MAX_LINES),
    (files_are_short, "forum_site/static/js/elements/x.js", "x\n" * MAX_ELEMENT_LINES),
    (file_names_say_something, "forum/lib/utils.py", ""),
    (file_names_say_something, "forum_site/static/js/helpers.js", ""),
    (only_borders_catch_everything, "forum/a.py", "try:\n    x\nexcept Exception:\n    y"),
    (only_borders_catch_everything, "forum/a.py", "try:\n    x\nexcept:\n    y"),
    (only_borders_catch_everything, "a.py", "try:\n    x\nexcept (A, BaseException):\n    y"),
    (doors_show_only_what_may_be_read, "forum/discussions/views/x.py", "Thread.objects.all()"),
    (doors_show_only_what_may_be_read, "forum/overview/views.py", "Post.objects.filter(pk=1)"),
    (models_do_not_override_saving, "a/models.py", "class A:\n    def save(self): pass"),
    (rooms_have_no_signals_of_their_own, "a/b.py", "posted = Signal()"),
    (no_file_names_a_place_on_one_machine, "a.py", 'x = "/{}/anna/forum"'.format("home")),
    (styles_need_no_force, "a.css", "p { color: red !important }"),
]
LAWS = sorted({law for law, _, _ in LAWS_AND_SAMPLES}, key=lambda law: law.__name__)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_house_keeps_the_law(law: Law):
    broken = {path: found for path, text in _files() if (found := law(path, text))}
    assert broken == {}


@pytest.mark.parametrize(
    ("law", "path", "text"), LAWS_AND_SAMPLES, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_sample_that_breaks_the_law_is_found(law: Law, path: str, text: str):
    assert law(path, text)


@pytest.mark.parametrize("path", sorted(BORDERS))
def test_every_border_that_is_excused_still_catches(path: str):
    handlers = ast.walk(ast.parse((ROOT / path).read_text()))
    assert any(isinstance(node, ast.ExceptHandler) and _is_broad(node) for node in handlers)


def test_what_the_page_needs_from_scripts_is_allowed():
    allowed = (
        '<script type="module" src="{% static "js/main.js" %}" nonce="{{ nonce }}"></script>'
        '<script type="application/json" id="texts">{"a": 1}</script>'
        '<a href="{{ url }}" data-on="1">a</a>'
    )
    assert scripts_and_styles_are_files("templates/x.html", allowed) == []


# --- How they look ------------------------------------------------------------------------------
class _Inline(HTMLParser):
    """Collects what a strict Content-Security-Policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and not self._is_data_or_file(given)):
            self.found.append(f"<{tag}> in line {self.getpos()[0]}")
        for name, value in attrs:
            if name == "style" or name.startswith("on") or "javascript:" in (value or ""):
                self.found.append(f"{name}= in line {self.getpos()[0]}")

    @staticmethod
    def _is_data_or_file(given: dict[str, str | None]) -> bool:
        return "src" in given or given.get("type") in {"application/json", "importmap"}


def _blank(found: re.Match[str]) -> str:
    """As many lines as the tag had, so that the lines reported are those of the file."""
    return " " + "\n" * found.group().count("\n")


def _calls(text: str, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            if called == name:
                yield node


def _is_broad(handler: ast.ExceptHandler) -> bool:
    """Whether the handler swallows everything; one that ends by raising again does not."""
    last = handler.body[-1]
    if isinstance(last, ast.Raise) and last.exc is None:
        return False
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(getattr(one, "id", "") in {"Exception", "BaseException"} for one in caught)


def _files() -> Iterator[tuple[str, str]]:
    """Every file written by hand: its path from the root and its text."""
    places = [*PACKAGES, "templates", "tests", "bench", "docs", ".ci"]
    inside = (path for place in places for path in (ROOT / place).rglob("*"))
    for path in [*ROOT.glob("*"), *inside]:
        if path.is_file() and path.suffix in WRITTEN_BY_HAND and "__pycache__" not in path.parts:
            yield str(path.relative_to(ROOT)), path.read_text()
