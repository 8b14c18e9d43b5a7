"""Our own forum, started and filled as the peers are: one process, PostgreSQL, Redis."""

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from bench.peers import conversations as shape
from bench.peers.peer import MEMBERS, UNIQUE, Addresses, Reply, Running
from bench.peers.places import Place, redis_address
from bench.serving import sessions
from tests.live.serving import Serving

REDIS = 11
TOKEN = "a" * 32
SAID = (
    "import json; from forum.categories.models import Category;"
    " from forum.discussions.models import Post, Thread; from forum_site.filling import CATEGORY;"
    " threads = Thread.objects.filter(category__name=CATEGORY).order_by('pk');"
    " print(json.dumps({'category': Category.objects.get(name=CATEGORY).pk,"
    " 'threads': list(threads.values_list('pk', flat=True)),"
    " 'titles': [title.rpartition(' (')[0] for title in threads.values_list('title', flat=True)],"
    " 'sources': sorted(set(Post.objects.values_list('source', flat=True)))}))"
)


class Own:
    """The forum of this repository."""

    name = "this forum"
    served_by = "manage.py up, 1 process with its worker inside"

    def __init__(self, directory: Path) -> None:
        self.place = Place.of("own", directory)
        self.texts = self.place.directory / "texts.json"

    def install(self) -> None:
        """It runs from this repository."""

    def seed(self, texts: Path) -> None:
        """Fill it, and write down what was said there, for the others to say it too."""
        if self.place.told("there"):
            return
        self.place.new_database()
        with self._serving() as server:
            fill = ("fill", "--anyway", "--seed", str(shape.SEED))
            threads, posts = str(shape.THREADS), str(shape.POSTS)
            sizes = ("--threads", threads, "--posts", posts, "--thread-of", str(shape.LARGEST))
            server.manage(*fill, *sizes)
            found = json.loads(server.run(SAID))
        self.place.settle()
        texts.write_text(
            json.dumps({"sources": found.pop("sources"), "titles": found.pop("titles")})
        )
        self.place.tell("there", found)

    def forget(self) -> None:
        self.place.untell("there")

    @contextlib.contextmanager
    def running(self) -> Iterator[Running]:
        with self._serving() as server:
            addresses = self._addresses(sessions(server, MEMBERS), shape.Texts.read(self.texts))
            yield Running(server.port, server.pid, addresses, server.log)

    def _serving(self) -> Serving:
        return Serving(
            self.place.directory / "data",
            DEBUG="false",
            DATABASE_URL=self.place.address,
            REDIS_URL=os.environ.get("REDIS_URL") or redis_address(REDIS),
            POSTS_PER_MINUTE="100000",
            SEARCHES_PER_MINUTE="100000",
        )

    def _addresses(self, keys: list[str], texts: shape.Texts) -> Addresses:
        there = self.place.told("there")
        threads = dict(enumerate(there["threads"], 1))
        cookies = [f"sessionid={key}; csrftoken={TOKEN}" for key in keys]
        read = [f"/threads/{threads[number]}/" for number in shape.read_threads()]
        last = shape.LARGEST // 20
        return Addresses(
            thread=read[0],
            threads=read[1:],
            last_page=f"/threads/{threads[shape.THREADS]}/?order=time&page={last}",
            category=f"/categories/{there['category']}/",
            search=f"/search/?q={shape.WORD}",
            members=cookies,
            replies=[
                _reply(threads[number], cookies[number % MEMBERS], texts, number)
                for number in shape.written_threads()
            ],
            post_mark='<article class="post"',
        )


def _reply(pk: int, cookie: str, texts: shape.Texts, number: int) -> Reply:
    """As the page's script sends it."""
    source = texts.sources[number % len(texts.sources)]
    fields = {"body": f"{source} {UNIQUE}", "body_format": "markdown", "once": UNIQUE}
    headers = {
        "Cookie": cookie,
        "X-CSRFToken": TOKEN,
        "X-Fragment": "1",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return Reply(f"/threads/{pk}/replies/", headers, urlencode(fields, safe=UNIQUE))
