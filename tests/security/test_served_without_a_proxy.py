"""The forum by itself, without a proxy in front: what its server says before and beside Django."""

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.live.serving import Serving

pytestmark = pytest.mark.server
BODY_LIMIT = 3 * 1024 * 1024


@pytest.fixture(scope="module")
def forum(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    place = tmp_path_factory.mktemp("alone")
    with Serving(place, DEBUG="false", MAX_BODY_BYTES=str(BODY_LIMIT)) as serving:
        yield serving


def test_static_files_are_compressed_and_kept_for_ever(forum: Serving) -> None:
    page = httpx.get(forum.url("/")).text
    for kind in ("css", "js"):
        address = next(iter(re.findall(rf'(/static/[^"]+\.{kind})"', page)))
        assert re.search(rf"\.[0-9a-f]{{12}}\.{kind}$", address)
        sent = httpx.get(forum.url(address), headers={"Accept-Encoding": "gzip"})
        assert sent.headers["Content-Encoding"] == "gzip"
        assert {"public", "immutable"} <= set(sent.headers["Cache-Control"].split(", "))
        assert sent.headers["X-Content-Type-Options"] == "nosniff"
        assert sent.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Vary" in sent.headers
        plain = re.sub(r"\.[0-9a-f]{12}\.", ".", address)
        assert "immutable" not in httpx.get(forum.url(plain)).headers["Cache-Control"]


def test_a_body_that_is_refused_is_refused_by_a_harmless_page(forum: Serving) -> None:
    answer = httpx.post(forum.url("/"), content=b"x" * (BODY_LIMIT + 1), timeout=20)
    assert answer.status_code == 413
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_it_does_not_tell_what_it_is_made_of(forum: Serving) -> None:
    for path in ("/", "/no/such/page/", "/healthz", "/admin/"):
        headers = httpx.get(forum.url(path)).headers
        assert not re.search(
            r"daphne|twisted|django|python|\d\.\d", headers.get("Server", ""), re.I
        )
        assert "X-Powered-By" not in headers


def test_a_fault_tells_nothing_of_the_code(forum: Serving) -> None:
    answer = httpx.get(forum.url("/no/such/page/"))
    assert answer.status_code == 404
    assert not re.search(r"Traceback|urlpatterns|settings|/site-packages/", answer.text)


@pytest.mark.parametrize(
    "path",
    [
        "/static/../secret-key",
        "/static/%2e%2e/secret-key",
        "/static/..%2fsecret-key",
        "//etc/passwd",
    ],
)
def test_nothing_beside_static_files_is_served(forum: Serving, path: str) -> None:
    assert httpx.get(forum.url(path)).status_code in {400, 404}


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "DELETE", "PROPFIND"])
def test_other_methods_do_nothing(forum: Serving, method: str) -> None:
    answer = httpx.request(method, forum.url("/"))
    assert answer.status_code in {400, 403, 405}


def test_a_foreign_host_gets_no_page(forum: Serving) -> None:
    answer = httpx.get(forum.url("/"), headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.text
