"""The virtual environment and what is made at set-up: installed packages, the secret key, the variables."""

import base64
import fcntl
import hashlib
import importlib.util
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.console import CommandError, say

PROBE = "import sys, pip; print(sys.version_info >= (3, 11))"


@dataclass(frozen=True)
class Place:
    """One copy of casemgr on disk."""

    root: Path

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def marker(self) -> Path:
        return self.venv / "installed.json"

    @property
    def var(self) -> Path:
        return self.root / "var"

    def lock(self, *, dev: bool) -> Path:
        """The hashed requirements; those for development contain all of the others."""
        return self.root / ("requirements-dev.lock" if dev else "requirements.lock")


@dataclass(frozen=True)
class Installed:
    """What the marker in the virtual environment remembers: digests of the locks, and where it was made."""

    venv: str
    runtime: str
    dev: str

    def covers(self, wanted: "Installed", *, dev: bool) -> bool:
        """True when nothing is left to install."""
        return self.venv == wanted.venv and (self.dev == wanted.dev if dev else self.runtime == wanted.runtime)


def read_marker(place: Place) -> Installed | None:
    """The marker, or None when there is none that can be read (an install that did not finish leaves none)."""
    try:
        values = json.loads(place.marker.read_text())
        return Installed(venv=values["venv"], runtime=values["runtime"], dev=values["dev"])
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        return None


def wanted_marker(place: Place, *, dev: bool) -> Installed:
    """The marker to leave after installing: the development lock contains the other, so it covers both."""
    return Installed(
        venv=str(place.venv),
        runtime=_digest(place.lock(dev=False)),
        dev=_digest(place.lock(dev=True)) if dev else "",
    )


def why_rebuild(place: Place) -> str:
    """Why the virtual environment must be made anew; empty when it can be kept."""
    if not place.venv.exists():
        return "absent"
    marker = read_marker(place)
    if marker is not None and marker.venv != str(place.venv):
        return "moved"
    try:
        probe = subprocess.run([place.python, "-c", PROBE], capture_output=True, text=True, check=False)
    except OSError:
        return "broken"
    if probe.returncode != 0:
        return "broken"
    return "" if probe.stdout.strip() == "True" else "too old"


def install(place: Place, *, dev: bool) -> None:
    """Make `.venv` hold exactly the hashed lock; takes no time when it already does.

    :raises CommandError: this Python cannot make virtual environments, or pip failed.
    """
    with held(place.var / "setup.lock"):
        reason = why_rebuild(place)
        if reason:
            _make_venv(place, reason)
        wanted = wanted_marker(place, dev=dev)
        marker = read_marker(place)
        if marker is not None and marker.covers(wanted, dev=dev):
            return
        say("正在安装依赖，首次约需半分钟……", "Installing packages, about half a minute the first time ...")
        place.marker.unlink(missing_ok=True)
        _pip_install(place, place.lock(dev=dev))
        _write_whole(place.marker, json.dumps(wanted.__dict__), mode=0o644)


def _make_venv(place: Place, reason: str) -> None:
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise CommandError(
            f"这个 Python（{sys.executable}）缺少 venv/ensurepip。Debian/Ubuntu 请执行：apt install python3-venv",
            f"This Python ({sys.executable}) lacks venv/ensurepip. On Debian/Ubuntu: apt install python3-venv",
        )
    if Path(sys.prefix) == place.venv:
        raise CommandError(
            f"虚拟环境需要重建（{reason}），请改用系统的 Python 执行：python3 dev.py",
            f"The virtual environment must be rebuilt ({reason}): run this with the system's Python, python3 dev.py",
        )
    if reason != "absent":
        say("虚拟环境不可用，正在重建……", f"The virtual environment is {reason}, making it anew ...")
    if place.venv.is_symlink() or place.venv.is_file():
        place.venv.unlink()
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", str(place.venv)], check=False)
    if done.returncode != 0:
        shutil.rmtree(place.venv, ignore_errors=True)
        raise CommandError("创建虚拟环境失败，原因见上。", "Making the virtual environment failed, see above.")


def _pip_install(place: Place, lock: Path) -> None:
    command = [str(place.python), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    done = subprocess.run([*command, "--require-hashes", "-r", str(lock)], cwd=place.root, check=False)
    if done.returncode != 0:
        raise CommandError(
            "安装依赖失败，原因见上。请检查网络；可用 PIP_INDEX_URL 指定就近的软件源，再执行一次即可。",
            "Installing failed, see above. Check the network (PIP_INDEX_URL chooses a nearer index), then run again.",
        )


def secret_key(place: Place) -> str:
    """This copy's own key: made once, readable by its owner alone."""
    path = place.var / "secret_key"
    if not path.exists() or not path.read_text().strip():
        _write_whole(path, secrets.token_urlsafe(50), mode=0o600)
    return path.read_text().strip()


def informant_keys(place: Place) -> str:
    """This copy's own key for sealing informants, beside the secret key; losing it loses what it sealed."""
    path = place.var / "informant_keys"
    if not path.exists() or not path.read_text().strip():
        _write_whole(path, f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}", mode=0o600)
    return path.read_text().strip()


def variables(
    place: Place, outer: Mapping[str, str], host: str = "127.0.0.1", url: str = "http://127.0.0.1:8000"
) -> dict[str, str]:
    """Environment for the programs: production's settings, usable over plain http on this machine.

    What the caller already set (DATABASE_URL, REDIS_URL, SECRET_KEY, ALLOWED_HOSTS ...) is kept.
    """
    chosen = {
        "DEBUG": "false",
        "SECURE_COOKIES": "false",
        "ALLOWED_HOSTS": ",".join(_names_of(host)),
        "SITE_URL": url,
        "PYTHONUNBUFFERED": "1",
        **outer,
        "VAR_DIR": str(place.var),
        "DJANGO_SETTINGS_MODULE": "casemgr.settings",
    }
    if not chosen.get("SECRET_KEY"):
        chosen["SECRET_KEY"] = secret_key(place)
    if not chosen.get("INFORMANT_KEYS"):
        chosen["INFORMANT_KEYS"] = informant_keys(place)
    return chosen


def _names_of(host: str) -> list[str]:
    names = ["localhost", "127.0.0.1", "[::1]"]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound: the operator asked to be reachable from outside
        addresses = {str(found[4][0]) for found in _addresses_of(socket.gethostname())}
        names += [socket.gethostname(), *sorted(addresses)]
    else:
        names.append(f"[{host}]" if ":" in host else host)
    return list(dict.fromkeys(names))


def _addresses_of(name: str) -> list[tuple[object, object, int, str, tuple[str | int | bytes, ...]]]:
    try:
        return list(socket.getaddrinfo(name, None))
    except socket.gaierror:
        return []


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold a lock file, waiting for whoever has it. The system frees it when the process ends, however it ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def held_or_refused(path: Path) -> Iterator[None]:
    """Hold the lock of a running copy.

    :raises CommandError: somebody holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip()
            raise CommandError(
                f"本目录的 casemgr 已在运行（进程 {holder}）。请先在那个终端按 Ctrl-C 停止。",
                f"casemgr is already running from this folder (process {holder}). Stop it there with Ctrl-C first.",
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write_whole(path: Path, text: str, *, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{os.getpid()}")
    half.touch(mode=mode)
    half.write_text(text)
    half.replace(path)
