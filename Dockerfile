# The forum as one image: web, worker and every command of manage.py.
# Tags are pinned to the patch; whoever builds for a real installation adds the digest that
# `docker buildx imagetools inspect` shows.
FROM python:3.11.14-slim-bookworm AS installed
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
COPY requirements.lock ./
# Every package comes as a wheel and is checked against its hash: no compiler is needed.
RUN python -m venv /opt/forum \
    && /opt/forum/bin/pip install --only-binary=:all: --require-hashes -r requirements.lock

FROM python:3.11.14-slim-bookworm
ENV PATH=/opt/forum/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/srv/forum/data \
    FILES_DIR=/srv/forum/files
RUN groupadd --gid 10001 forum \
    && useradd --uid 10001 --gid forum --no-create-home --home-dir /nonexistent forum \
    && install -d -o forum -g forum -m 0700 /srv/forum/data /srv/forum/files \
    && install -d -o forum -g forum -m 0755 /srv/forum/data/static
COPY --from=installed /opt/forum /opt/forum
WORKDIR /app
COPY manage.py ./
COPY accounts accounts
COPY forum forum
COPY forum_site forum_site
COPY templates templates
# The code is read-only where it runs: what is compiled is compiled here.
RUN python -m compileall -q accounts forum forum_site \
    && DATA_DIR=/build python manage.py compile_catalogues \
    && rm -r /build
USER forum
EXPOSE 8000
ENTRYPOINT ["python", "manage.py"]
CMD ["up", "--prepared", "--host", "0.0.0.0", "--port", "8000", "--workers", "0"]
