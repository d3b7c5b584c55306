"""The commands of `make` and `python3 dev.py`: set up, run, start over, test, lint, bench, lock."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

from tools.address import Address, read_address, refuse_unless_free
from tools.console import CommandError, accept_any_terminal, say
from tools.environment import Place, held_or_refused, install, variables
from tools.readiness import wait_until_ready
from tools.supervisor import Program, Supervisor

PLACE = Place(Path(__file__).resolve().parent.parent)
RUN_LOCK = "run.lock"


def setup(place: Place, arguments: Sequence[str]) -> int:
    """Install what running needs into .venv, translations and static files included."""
    _set_up(place, variables(place, os.environ), dev=False)
    say("安装完成。", "Set up.")
    return 0


def run(place: Place, arguments: Sequence[str]) -> int:
    """Set up, prepare the database and the demo city, and run web, worker and beat until Ctrl-C (HOST, PORT)."""
    address = read_address(os.environ)
    with held_or_refused(place.var / RUN_LOCK):
        refuse_unless_free(address)
        environment = variables(place, os.environ, address.host, address.url)
        _clear_broker(place)
        _set_up(place, environment, dev=False)
        say("正在准备数据库和演示数据……", "Preparing the database and the demo city ...")
        _manage(place, environment, "migrate", "--noinput", "--verbosity", "0")
        _manage(place, environment, "load_law")
        _manage(place, environment, "load_forms")
        accounts = _demo_accounts(place, environment)
        refuse_unless_free(address)
        supervisor = Supervisor(
            programs(place, address), folder=place.root, logs=place.var / "log", environment=environment
        )
        greeting = threading.Thread(target=_greet, args=(address, accounts, supervisor), daemon=True)
        greeting.start()
        return supervisor.run()


def programs(place: Place, address: Address) -> list[Program]:
    """What `run` keeps running: one web process with threads, one worker, one beat."""
    python = str(place.python)
    celery = [python, "-m", "celery", "-A", "casemgr"]
    web = [python, "-m", "gunicorn", "--bind", address.bind, "--worker-class", "gthread", "--workers", "1"]
    web += ["--threads", "8", "--graceful-timeout", "8", "--no-control-socket", "casemgr.wsgi:application"]
    worker = [*celery, "worker", "-P", "threads", "-c", "2", "--loglevel", "INFO"]
    return [
        Program("web", web),
        Program("worker", [*worker, "--without-gossip", "--without-mingle", "--without-heartbeat"]),
        Program("beat", [*celery, "beat", "--loglevel", "INFO"]),
    ]


def reset(place: Place, arguments: Sequence[str]) -> int:
    """Delete everything under var/: database, logs, key. Asks first; --yes does not ask."""
    with held_or_refused(place.var / RUN_LOCK):
        if "--yes" not in arguments:
            _ask(place)
        for entry in place.var.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
    say("已清空，可执行 make run 重新开始。", "Emptied. Start over with: make run")
    return 0


def test(place: Place, arguments: Sequence[str]) -> int:
    """Install what testing needs and run the whole suite; arguments go to pytest."""
    _set_up(place, variables(place, os.environ), dev=True)
    command = [str(place.python), "-m", "pytest", "-n", "2", *arguments]
    return subprocess.run(command, cwd=place.root, check=False).returncode


def lint(place: Place, arguments: Sequence[str]) -> int:
    """Every check that is not a test; goes through all of them and fails when one did."""
    environment = variables(place, os.environ) | {"SECURE_COOKIES": "true"}
    _set_up(place, environment, dev=True)
    failed = []
    for name, command in checks(place):
        print(f"-- {name}", flush=True)
        if subprocess.run(command, cwd=place.root, env=environment, check=False).returncode != 0:
            failed.append(name)
    if failed:
        raise CommandError(f"未通过：{'、'.join(failed)}", f"Failed: {', '.join(failed)}")
    say("全部通过。", "All checks passed.")
    return 0


def checks(place: Place) -> list[tuple[str, list[str]]]:
    """Name and command of each check of `lint`."""
    python = str(place.python)
    manage = [python, "manage.py"]
    templates = sorted(str(path) for path in place.root.glob("*/templates/**/*.html"))
    return [
        ("ruff check", [python, "-m", "ruff", "check", "."]),
        ("ruff format", [python, "-m", "ruff", "format", "--check", "."]),
        ("mypy", [python, "-m", "mypy", "."]),
        ("import contracts", [str(place.venv / "bin" / "lint-imports")]),
        ("djade", [str(place.venv / "bin" / "djade"), "--check", "--target-version", "5.2", *templates]),
        ("migrations", [*manage, "makemigrations", "--check", "--dry-run"]),
        ("deployment check", [*manage, "check", "--deploy", "--fail-level", "WARNING"]),
        ("translations", [python, "-m", "tools.translations", "--check"]),
        ("generated reference", [*manage, "generate_reference", "--check"]),
    ]


def bench(place: Place, arguments: Sequence[str]) -> int:
    """Measure, one JSON line per figure, against the promised ratios; --full with a million clocks."""
    environment = variables(place, os.environ)
    _set_up(place, environment, dev=True)
    command = [str(place.python), "-m", "bench", *arguments]
    return subprocess.run(command, cwd=place.root, env=environment, check=False).returncode


def lock(place: Place, arguments: Sequence[str]) -> int:
    """Write both lock files anew from pyproject.toml with uv; --upgrade takes the newest releases."""
    uv = shutil.which("uv") or shutil.which("uv", path=place.venv / "bin")
    if uv is None:
        raise CommandError(
            "需要 uv：.venv/bin/python -m pip install uv", "This needs uv: .venv/bin/python -m pip install uv"
        )
    plain = ["--quiet", "--universal", "--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate"]
    for path, groups in ((place.lock(dev=False), []), (place.lock(dev=True), ["--group", "dev"])):
        command = [uv, "pip", "compile", "pyproject.toml", *groups, *plain, "--python-version", "3.11"]
        subprocess.run([*command, *arguments, "--output-file", path.name], cwd=place.root, check=True)
    return 0


def show_help(place: Place, arguments: Sequence[str]) -> int:
    """This list."""
    print("make <command> [ARGS=...]  |  python3 dev.py <command> ...\n")
    for name, command in COMMANDS.items():
        print(f"  {name:6} {(command.__doc__ or '').strip()}")
    return 0


COMMANDS: Mapping[str, Callable[[Place, Sequence[str]], int]] = {
    "run": run,
    "setup": setup,
    "reset": reset,
    "test": test,
    "lint": lint,
    "bench": bench,
    "lock": lock,
    "help": show_help,
}


def main(arguments: Sequence[str]) -> int:
    """Run the named command; the exit code. What cannot go on is a message, not a traceback."""
    accept_any_terminal()
    name, *rest = arguments or ["help"]
    command = COMMANDS.get(name)
    if command is None:
        show_help(PLACE, [])
        return 2
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return command(PLACE, rest)
    except KeyboardInterrupt:
        say("\n已中断。", "Interrupted.")
        return 130
    except CommandError as refusal:
        print(refusal, file=sys.stderr)
    except subprocess.CalledProcessError as failure:
        words = " ".join(str(word) for word in failure.cmd)
        print(f"命令失败，原因见上：{words}\nThis command failed ({failure.returncode}), see above.", file=sys.stderr)
    except OSError as failure:
        print(f"无法继续：{failure}\nCannot go on: {failure}", file=sys.stderr)
    return 1


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _set_up(place: Place, environment: Mapping[str, str], *, dev: bool) -> None:
    install(place, dev=dev)
    subprocess.run([place.python, "-m", "tools.translations"], cwd=place.root, check=True)
    _manage(place, environment, "collectstatic", "--noinput", "--verbosity", "0")


def _clear_broker(place: Place) -> None:
    """Forget the doorbells of the last run: the rows are the truth, and a kill may have left a file half-written,
    which the file broker does not survive."""
    broker = place.var / "broker"
    if broker.exists():
        shutil.rmtree(broker)


def _manage(place: Place, environment: Mapping[str, str], *arguments: str) -> None:
    subprocess.run([place.python, "manage.py", *arguments], cwd=place.root, env=environment, check=True)


def _ask(place: Place) -> None:
    if not sys.stdin.isatty():
        raise CommandError(
            f"将删除 {place.var} 下的全部数据；确认请加 --yes：make reset ARGS=--yes",
            f"This deletes everything under {place.var}; to confirm: make reset ARGS=--yes",
        )
    answer = input(f"删除 {place.var} 下的全部数据（数据库、日志、密钥）？| Delete everything there? [y/N] ")
    if answer.strip().lower() not in ("y", "yes", "是"):
        raise CommandError("未删除任何内容。", "Nothing was deleted.")


def _demo_accounts(place: Place, environment: Mapping[str, str]) -> str:
    """Build the demo city unless it is there; its accounts as the command prints them."""
    command = [str(place.python), "manage.py", "load_demo_city"]
    done = subprocess.run(command, cwd=place.root, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def _greet(address: Address, accounts: str, supervisor: Supervisor) -> None:
    if not wait_until_ready(address.url, given_up=lambda: supervisor.stopping):
        return
    say(f"已就绪：{address.url} （按 Ctrl-C 停止）", f"ready: {address.url} (Ctrl-C stops)")
    print(accounts, flush=True)
    if not address.is_local:
        say(
            "注意：演示账号的口令是公开的，不要把演示数据暴露给不可信的网络。",
            "Careful: the demo accounts' passwords are public, do not show this to a network you do not trust.",
        )
