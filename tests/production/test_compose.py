"""docker-compose.yml and deploy/: by their schema, by our settings, by nginx itself."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.urls import Resolver404, resolve

from tests.floors import ROOT
from tests.production import nginx
from tests.production.nginx import Nginx
from tests.security.walking import addresses
from tests.test_settings import documented, read_in_the_code

FILES = ("docker-compose.yml", "deploy/compose.tls.yml")
USED = re.compile(r"\$\{([A-Z0-9_]+)(?:(:[-?])([^}]*))?\}")
PINNED = re.compile(r"[a-z0-9./-]+:v?\d+\.\d+(\.\d+)?[a-z0-9.-]*")
# Names that the proxy's templates and its image read, beside those of the forum.
OF_THE_PROXY = {"PROXY_PORT", "PROXY_TLS_PORT", "PAGES_DIR", "STATIC_DIR", "FILES_DIR", "TLS_DIR"}
OF_NGINX = {"NGINX_ENVSUBST_TEMPLATE_SUFFIX", "NGINX_ENTRYPOINT_QUIET_LOGS"}
VARIABLES = {
    "PROXY_PORT": "18080",
    "MAX_BODY_BYTES": "12582912",
    "PAGES_DIR": str(ROOT / "deploy/nginx/pages"),
    "STATIC_DIR": "/nonexistent/static",
    "FILES_DIR": "/nonexistent/files",
}


def compose(name: str = FILES[0]) -> dict[str, Any]:
    return yaml.safe_load((ROOT / name).read_text())


def services() -> dict[str, Any]:
    return compose()["services"]


@pytest.mark.parametrize("name", FILES)
def test_the_schema_of_compose_holds(name: str) -> None:
    checker = Path(sys.executable).parent / "check-jsonschema"
    done = subprocess.run(
        [checker, "--builtin-schema", "vendor.compose-spec", ROOT / name],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_schema_would_find_a_wrong_key(tmp_path: Path) -> None:
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text("services: {web: {image: a, read_olny: true}}")
    checker = Path(sys.executable).parent / "check-jsonschema"
    command = [checker, "--builtin-schema", "vendor.compose-spec", wrong]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


def test_every_part_is_there() -> None:
    assert set(services()) == {"prepare", "web", "worker", "postgres", "redis", "proxy", "mail"}
    assert services()["mail"]["profiles"] == ["try"]


def test_every_image_is_pinned() -> None:
    images = {each["image"] for each in services().values() if not each.get("build")}
    froms = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert len(images) == 4
    assert [image for image in [*images, *froms] if not PINNED.fullmatch(image)] == []


@pytest.mark.parametrize("name", ["postgres", "redis", "nginx", "postgres:latest", "a:17"])
def test_an_image_that_is_not_pinned_would_be_found(name: str) -> None:
    assert not PINNED.fullmatch(name)


@pytest.mark.parametrize("name", sorted(services()))
def test_every_part_is_contained(name: str) -> None:
    part = services()[name]
    assert part["read_only"] is True
    assert part["cap_drop"] == ["ALL"]
    assert part["security_opt"] == ["no-new-privileges:true"]
    assert part["user"] not in {"", "0", "root", "0:0"}
    assert "privileged" not in part
    assert part["logging"]["options"]["max-size"]


@pytest.mark.parametrize("name", sorted(set(services()) - {"prepare"}))
def test_every_part_that_stays_is_watched_and_comes_back(name: str) -> None:
    part = services()[name]
    assert part["restart"] == "unless-stopped"
    assert part["healthcheck"]["test"]


def test_the_database_is_prepared_once_and_before_all_others() -> None:
    assert services()["prepare"]["command"] == ["prepare"]
    assert services()["prepare"]["restart"] == "no"
    for name in ("web", "worker"):
        waits = services()[name]["depends_on"]["prepare"]
        assert waits == {"condition": "service_completed_successfully"}
    assert "--prepared" in services()["web"]["command"]


def test_the_database_and_redis_are_reached_from_inside_only() -> None:
    assert compose()["networks"]["back"] == {"internal": True}
    for name in ("postgres", "redis", "prepare"):
        assert services()[name]["networks"] == ["back"]
        assert "ports" not in services()[name]
    assert "back" not in services()["proxy"]["networks"]


def test_what_must_last_lies_in_named_volumes() -> None:
    named = set(compose()["volumes"])
    used = {
        volume.partition(":")[0]
        for part in services().values()
        for volume in part.get("volumes", [])
        if not volume.startswith(".")
    }
    assert used == named == {"data", "static", "files", "postgres"}


def test_a_web_process_has_time_to_drain() -> None:
    seconds = int(services()["web"]["stop_grace_period"].removesuffix("s"))
    assert seconds >= 25  # the launcher's drain, its threads and its workers


# --- Variables ----------------------------------------------------------------------------------


def test_every_setting_it_gives_is_read_by_the_forum() -> None:
    for name in ("prepare", "web", "worker"):
        assert set(services()[name]["environment"]) - read_in_the_code() == set()


@pytest.mark.parametrize("name", FILES)
def test_every_variable_it_uses_is_documented(name: str) -> None:
    assert used_in(name) - documented() == set()


def test_no_secret_has_a_default() -> None:
    text = (ROOT / FILES[0]).read_text()
    secrets = [
        (name, how)
        for name, how, _ in USED.findall(text)
        if name
        in {
            "SECRET_KEY",
            "POSTGRES_PASSWORD",
        }
    ]
    assert len(secrets) >= 3
    assert {how for _, how in secrets} == {":?"}


def test_its_defaults_are_those_of_the_settings() -> None:
    text, example = (ROOT / FILES[0]).read_text(), (ROOT / ".env.example").read_text()
    defaults = {name: value for name, how, value in USED.findall(text) if how == ":-"}
    assert f"# MAX_BODY_BYTES={defaults['MAX_BODY_BYTES']}\n" in example
    bodies = {
        part["environment"]["MAX_BODY_BYTES"]
        for part in services().values()
        if "MAX_BODY_BYTES" in part.get("environment", {})
    }
    assert len(bodies) == 1, "the proxy and the forum have one bound"
    assert services()["proxy"]["environment"]["MAX_BODY_BYTES"] in bodies


def test_the_proxy_is_given_what_its_templates_name() -> None:
    given = set(services()["proxy"]["environment"])
    given |= set(compose(FILES[1])["services"]["proxy"]["environment"])
    named = {
        name
        for template in nginx.DEPLOY.glob("*.template")
        for line in template.read_text().splitlines()
        if not line.startswith("#")
        for name in nginx.NAME.findall(line)
    }
    assert given - OF_NGINX == named
    assert named <= OF_THE_PROXY | {"MAX_BODY_BYTES"}


def test_every_file_it_mounts_is_there() -> None:
    mounted = [
        volume.partition(":")[0]
        for name in FILES
        for part in compose(name)["services"].values()
        for volume in part.get("volumes", [])
        if volume.startswith(".")
    ]
    assert len(mounted) >= 6
    assert [path for path in mounted if not (ROOT / path).exists()] == []


def used_in(name: str) -> set[str]:
    return {found for found, _, _ in USED.findall((ROOT / name).read_text())} - {"NAME"}


# --- nginx --------------------------------------------------------------------------------------


@pytest.mark.skipif(
    shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin") is None, reason="needs nginx"
)
@pytest.mark.parametrize("with_tls", [False, True], ids=["http", "tls"])
def test_nginx_takes_the_files(tmp_path: Path, *, with_tls: bool) -> None:
    variables = dict(VARIABLES)
    if with_tls:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
            + ["-nodes", "-subj", "/CN=forum.example.org", "-keyout", tmp_path / "privkey.pem"]
            + ["-out", tmp_path / "fullchain.pem"],
            check=True,
            capture_output=True,
        )
        variables |= {"PROXY_TLS_PORT": "18443", "TLS_DIR": str(tmp_path)}
    told = Nginx(tmp_path / "nginx", [8001, 8002], variables).test()
    assert "successful" in told


def test_the_proxys_log_cuts_off_what_opens_a_door() -> None:
    """Every address that bears a token or a code, also those that come later."""
    (cut,) = re.findall(r'"~(\^\(\?<door>.*)"  ', (nginx.DEPLOY / "nginx.conf").read_text())
    shown = re.compile(cut.replace("?<door>", "?P<door>"))
    paths = [path for _name, path in addresses() if path.startswith("/") and _opens_a_door(path)]
    assert len(paths) >= 7
    assert [path for path in paths if not shown.match(path)] == []
    assert shown.match("/invitations/x/accept/")["door"] == "/invitations/"
    for path in ("/", "/notice/", "/notifications/", "/notifications/settings/", "/threads/1/"):
        assert not shown.match(path), path


def _opens_a_door(path: str) -> bool:
    try:
        return bool(resolve(path).kwargs.keys() & {"token", "code", "uidb36"})
    except Resolver404:
        return False


def test_the_way_to_attached_files_is_the_one_the_forum_names() -> None:
    place = services()["web"]["environment"]["FILES_X_ACCEL"]
    assert f"location {place} {{\n    internal;" in (nginx.DEPLOY / "site.inc.template").read_text()


def test_the_image_has_what_the_forum_imports() -> None:
    copied = re.findall(r"^COPY (\w+) \1$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert set(copied) == {"accounts", "forum", "forum_site", "templates"}
    let_in = (ROOT / ".dockerignore").read_text().splitlines()
    assert {f"!{name}" for name in [*copied, "manage.py", "requirements.lock"]} <= set(let_in)
