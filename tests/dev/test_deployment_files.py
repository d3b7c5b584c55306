"""The image and the compose file: what a deployment relies on, held while no container engine is at hand."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
APP = ("migrate", "web", "worker", "beat")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    return services


def dockerfile() -> list[str]:
    return (ROOT / "Dockerfile").read_text().splitlines()


def test_nothing_starts_before_the_migration_is_done(services: dict[str, Any]) -> None:
    assert services["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
        assert services[name]["depends_on"]["redis"]["condition"] == "service_healthy"


def test_the_migration_loads_the_law_and_the_forms_and_ends(services: dict[str, Any]) -> None:
    assert services["migrate"]["restart"] == "no"
    steps = [f"python manage.py {step}" for step in ("migrate --noinput", "load_law", "load_forms")]
    assert services["migrate"]["command"][-1] == " && ".join(steps)


def test_redis_keeps_what_it_was_given(services: dict[str, Any]) -> None:
    command = " ".join(services["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command
    assert services["redis"]["volumes"] == ["redis:/data"]


def test_only_the_site_is_reachable_and_only_from_this_machine(services: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:${WEB_PORT:-8000}:8000"]}


@pytest.mark.parametrize("name", APP)
def test_the_programs_can_change_nothing_in_their_container(services: dict[str, Any], name: str) -> None:
    assert services[name]["read_only"] is True
    assert services[name]["cap_drop"] == ["ALL"]


@pytest.mark.parametrize("name", APP)
def test_stored_files_outlive_the_container(services: dict[str, Any], name: str) -> None:
    assert services[name]["volumes"] == ["files:/app/var/files"]
    assert any("chown" in line and "/app/var/files/incoming" in line for line in dockerfile())


@pytest.mark.parametrize("name", ["web", "worker", "beat", "postgres", "redis"])
def test_everything_that_stays_is_watched(services: dict[str, Any], name: str) -> None:
    assert "healthcheck" in services[name] or name == "web"  # web: the image's own
    assert services[name]["restart"] == "unless-stopped"


def test_there_is_one_beat_with_one_schedule(services: dict[str, Any]) -> None:
    assert "deploy" not in services["beat"]
    assert [name for name in services if "beat" in services[name].get("command", [])] == ["beat"]
    assert services["beat"]["tmpfs"], "a schedule file broken by a crash must not outlive it"


def test_secrets_are_required_and_stand_nowhere(services: dict[str, Any]) -> None:
    given = services["web"]["environment"]
    assert given["SECRET_KEY"].startswith("${SECRET_KEY:?")
    assert "${POSTGRES_PASSWORD:?" in given["DATABASE_URL"]
    assert given["INFORMANT_KEYS"].startswith("${INFORMANT_KEYS:?")
    assert given["DEBUG"] == "false"
    example = (ROOT / ".env.example").read_text()
    assert "SECRET_KEY=\n" in example
    assert "POSTGRES_PASSWORD=\n" in example
    assert ".env" in (ROOT / ".gitignore").read_text().splitlines()
    assert ".env" in (ROOT / ".dockerignore").read_text().splitlines()


def test_the_image_runs_as_nobody_in_particular_from_the_hashed_lock() -> None:
    lines = dockerfile()
    assert [line for line in lines if line.startswith("USER ")] == ["USER casemgr"]
    assert any("--require-hashes -r requirements.lock" in line for line in lines)
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    fetched = [
        word for line in lines if "apt-get install" in line for word in line.split("--no-install-recommends")[1].split()
    ]
    assert fetched and all(word.startswith("fonts-") or word == "\\" for word in fetched), "programs come from the lock"


def test_the_image_and_the_compose_file_start_the_same_server(services: dict[str, Any]) -> None:
    command = "".join(line.strip("\\ ") for line in dockerfile() if line.startswith((" " * 5 + '"', "CMD")))
    in_image = yaml.safe_load(command.partition("CMD")[2])
    in_compose = [word.replace("${WEB_PROCESSES:-2}", "2") for word in services["web"]["command"]]
    assert in_image == in_compose


def compose_command() -> list[str]:
    """The compose tool of this machine, either generation; empty when there is none."""
    if shutil.which("docker-compose"):
        return ["docker-compose"]
    if shutil.which("docker"):
        plugin = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
        return ["docker", "compose"] if plugin.returncode == 0 else []
    return []


def compose_config(variables: Path) -> "subprocess.CompletedProcess[str]":
    command = compose_command()
    if not command:
        if os.environ.get("CI") == "true":
            pytest.fail("no docker compose to check the compose file with")
        pytest.skip("no docker compose on this machine")
    bare = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    arguments = [*command, "--env-file", str(variables), "config", "-q"]
    return subprocess.run(arguments, cwd=ROOT, env=bare, capture_output=True, text=True, check=False)


def test_compose_accepts_the_file_once_the_example_is_filled_in(tmp_path: Path) -> None:
    filled = tmp_path / "env"
    filled.write_text((ROOT / ".env.example").read_text().replace("=\n", "=filled\n"))
    outcome = compose_config(filled)
    assert (outcome.returncode, outcome.stderr) == (0, "")


def test_compose_refuses_the_example_as_it_stands() -> None:
    outcome = compose_config(ROOT / ".env.example")
    assert outcome.returncode != 0
    assert "set SECRET_KEY in .env" in outcome.stderr
