"""A kept page as the answer to a guest: with a tag, or 304 where the browser has it already.

Source: docs/decisions/0046-conditional-requests.md; RFC 9110, 8.8.3, 13.1.2 and 15.4.5.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.middleware.csrf import get_token
from django.utils.cache import get_conditional_response
from django.utils.crypto import salted_hmac

from forum.lib.shared_pages import NONCE, TOKEN, SharedPage

SALT = "forum.lib.conditional"
TAG_CHARS = 32  # of hexadecimal digits: 128 bits


def answer_to_guest(request: HttpRequest, page: SharedPage) -> HttpResponse:
    """The identified page for a guest for whom nothing else waits, or 304 without a body.

    The answer 304 says neither a policy nor a token: those of the page in the browser stay, and
    belong together (`forum_site.middleware.security_headers`). Queries: none.
    """
    if _has_it(request, page):
        answer: HttpResponse = HttpResponseNotModified()
    else:
        nonce = request.csp_nonce  # type: ignore[attr-defined]  # our middleware's
        answer = HttpResponse(page.finished({NONCE: nonce, TOKEN: get_token(request)}))
    if tag := _tag(request, page):
        answer.headers["ETag"] = tag
    return answer


def _has_it(request: HttpRequest, page: SharedPage) -> bool:
    tag = _tag(request, page)
    answer = get_conditional_response(request, etag=tag) if tag else None
    return answer is not None and answer.status_code == HttpResponseNotModified.status_code


def _tag(request: HttpRequest, page: SharedPage) -> str:
    """What validates the page in this guest's browser; empty where nothing may.

    Weak: nonce and masked token differ from answer to answer, what is read and what works do not.
    """
    # The form's token in the page is good as long as this is the browser's; none, and it has none.
    secret = request.META.get("CSRF_COOKIE")
    # Somebody is logging in, or was logged in: this answer may end their session.
    if secret is None or settings.SESSION_COOKIE_NAME in request.COOKIES:
        return ""
    # The policy too, since the browser goes on with the one that the page came with.
    whole = f"{page.digest} {settings.SECURE_CSP} {secret}"
    digest = salted_hmac(SALT, whole, algorithm="sha256").hexdigest()
    return f'W/"{digest[:TAG_CHARS]}"'
