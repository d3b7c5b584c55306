"""Programs kept together: restarted, given up, stopped without anybody left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from tools.supervisor import Child, Patience, Program, Supervisor

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="looks for processes where Linux lists them"
)
QUICK = Patience(stopping=1.0, leftovers=0.5, first_pause=0.05, longest_pause=0.1, glance=0.02)
STAYS = "import time; print('up', flush=True); time.sleep(60)"
DIES = "print('cannot find the database', flush=True); raise SystemExit(3)"
IS_DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
HAS_A_CHILD = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"
HOST = """
import os, sys
from pathlib import Path
from tools.supervisor import Patience, Program, Supervisor
patience = Patience(stopping=1.0, leftovers=0.5, first_pause=0.05, longest_pause=0.1, glance=0.02)
programs = [Program(f"p{n}", [sys.executable, "-c", code]) for n, code in enumerate(sys.argv[2:])]
folder = Path(sys.argv[1])
sys.exit(Supervisor(programs, folder=folder, logs=folder / "log", environment=os.environ, patience=patience).run())
"""


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline, "did not happen within 5 s"
        time.sleep(0.02)


def living() -> dict[int, int]:
    """Each living process with its parent, as Linux tells them."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):  # it ended between the listing and the look
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            if state != "Z":
                found[int(stat.parent.name)] = int(parent)
    return found


def descendants_of(pid: int) -> list[int]:
    parents = living()
    found = [pid]
    for ancestor in found:
        found += [child for child, parent in parents.items() if parent == ancestor]
    return found[1:]


def is_alive(pid: int) -> bool:
    return pid in living()


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a supervisor in a process of its own, over the given programs, and waits until all have spoken."""
    started: list[subprocess.Popen[str]] = []

    def begin(*programs: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", HOST, str(tmp_path), *programs]
        host = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        started.append(host)
        for number, code in enumerate(programs):
            if "print" in code:
                eventually((tmp_path / "log" / f"p{number}.log").exists)
        return host

    yield begin
    for host in started:
        host.kill()
        host.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_and_is_a_success(start: Start, number: signal.Signals) -> None:
    host = start(STAYS, STAYS)
    below = descendants_of(host.pid)
    assert len(below) == 2
    host.send_signal(number)
    output, _ = host.communicate(timeout=5)
    assert host.returncode == 0
    assert "Stopped." in output
    assert "Traceback" not in output
    assert not any(is_alive(pid) for pid in below)


def test_a_program_that_does_not_listen_is_killed(start: Start) -> None:
    host = start(IS_DEAF)
    below = descendants_of(host.pid)
    host.terminate()
    output, _ = host.communicate(timeout=5)
    assert host.returncode == 0
    assert "killed" in output
    assert not any(is_alive(pid) for pid in below)


def test_a_second_signal_does_not_wait(start: Start) -> None:
    host = start(IS_DEAF)
    began = time.monotonic()
    host.terminate()
    time.sleep(0.1)
    host.terminate()
    host.communicate(timeout=5)
    assert time.monotonic() - began < QUICK.stopping


def test_grandchildren_are_stopped_too(start: Start) -> None:
    host = start(HAS_A_CHILD)
    eventually(lambda: len(descendants_of(host.pid)) == 2)
    below = descendants_of(host.pid)
    host.terminate()
    host.communicate(timeout=5)
    eventually(lambda: not any(is_alive(pid) for pid in below))


def test_programs_do_not_outlive_a_killed_supervisor(start: Start) -> None:
    host = start(STAYS, STAYS)
    below = descendants_of(host.pid)
    host.kill()
    eventually(lambda: not any(is_alive(pid) for pid in below))


def test_a_program_that_died_is_started_again(start: Start, tmp_path: Path) -> None:
    host = start(STAYS)
    (first,) = descendants_of(host.pid)
    os.kill(first, signal.SIGKILL)
    eventually(lambda: (tmp_path / "log" / "p0.log").read_text().count("up") == 2)
    (second,) = descendants_of(host.pid)
    assert second != first
    host.terminate()
    output, _ = host.communicate(timeout=5)
    assert "died (signal 9), starting it again" in output
    assert host.returncode == 0


def test_what_a_dead_program_left_behind_is_ended_before_it_starts_again(start: Start) -> None:
    host = start(HAS_A_CHILD)
    eventually(lambda: len(descendants_of(host.pid)) == 2)
    leader, orphan = descendants_of(host.pid)
    os.kill(leader, signal.SIGKILL)
    eventually(lambda: not is_alive(orphan))
    eventually(lambda: len(descendants_of(host.pid)) == 2)


def run_here(tmp_path: Path, programs: Sequence[Program]) -> int:
    supervisor = Supervisor(programs, folder=tmp_path, logs=tmp_path, environment=os.environ, patience=QUICK)
    return supervisor.run()


def test_a_program_that_will_not_live_ends_everything(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = set(descendants_of(os.getpid()))
    bystander = Program("worker", [sys.executable, "-c", STAYS])
    assert run_here(tmp_path, [bystander, Program("web", [sys.executable, "-c", DIES])]) == 1
    output = capfd.readouterr().out
    assert output.count("died (exit 3)") == QUICK.deaths - 1
    assert "[web] cannot find the database" in output
    assert "everything is stopped" in output
    assert set(descendants_of(os.getpid())) <= before
    assert (tmp_path / "web.log").read_text().count("cannot find the database") == QUICK.deaths


def test_only_errors_reach_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code = """print('GET / 200'); print('[12:00] ERROR broken'); print('{"level": "error"}'); raise SystemExit(1)"""
    run_here(tmp_path, [Program("web", [sys.executable, "-c", code])])
    before_the_end = capfd.readouterr().out.partition("died")[0]
    assert "[web] [12:00] ERROR broken" in before_the_end
    assert '[web] {"level": "error"}' in before_the_end
    assert "GET /" not in before_the_end


def test_pauses_grow_and_old_deaths_are_forgotten(tmp_path: Path) -> None:
    child = Child(Program("web", []), tmp_path / "web.log")
    patience = Patience()
    assert [child.count_death(float(now), patience) for now in (0, 1, 3, 7)] == [1.0, 2.0, 4.0, 8.0]
    assert child.count_death(100.0, patience) == 1.0
    assert child.start_at == 101.0


def test_a_program_that_cannot_be_started_counts_as_dead(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run_here(tmp_path, [Program("web", [str(tmp_path / "nothing")])]) == 1
    assert "No such file" in capfd.readouterr().out


def test_a_long_log_is_put_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.supervisor.LOG_LIMIT", 10)
    run_here(tmp_path, [Program("web", [sys.executable, "-c", DIES])])
    assert (tmp_path / "web.log.1").exists()
    assert (tmp_path / "web.log").stat().st_size < 40
