"""A mail's HTML as a page of its own, for a frame: it may do nothing but be read."""

from django.http import HttpResponse

# Its styles are written on its elements; nothing is fetched, no script runs, no link leads the
# page around it away.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"


def as_page(html: str) -> HttpResponse:
    """The HTML under a policy of its own; whatever stands in it is harmless.

    The view must allow frames of the same origin (`xframe_options_sameorigin`).
    """
    response = HttpResponse(html)
    response.headers["Content-Security-Policy"] = POLICY
    return response
