"""Where the site will listen, and whether it can."""

import errno
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from tools.console import CommandError


@dataclass(frozen=True)
class Address:
    """A host and a port to listen on."""

    host: str
    port: int

    @property
    def bind(self) -> str:
        """As gunicorn wants it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it."""
        everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound
        return f"http://{Address(everywhere.get(self.host, self.host), self.port).bind}"

    @property
    def is_local(self) -> bool:
        return self.host in ("127.0.0.1", "::1", "localhost")


def read_address(environ: Mapping[str, str]) -> Address:
    """HOST and PORT, by default 127.0.0.1 and 8000.

    :raises CommandError: PORT is not a port.
    """
    text = environ.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise CommandError(
            f"PORT 应为 1 至 65535 的整数，现为：{text}", f"PORT must be a whole number from 1 to 65535, not: {text}"
        )
    return Address(environ.get("HOST") or "127.0.0.1", int(text))


def refuse_unless_free(address: Address) -> None:
    """Try the address out before anything is started.

    :raises CommandError: somebody listens there, it needs more rights, or it is not this machine's.
    """
    try:
        _listen(address)
    except socket.gaierror:
        raise CommandError(f"HOST 无法解析：{address.host}", f"HOST cannot be resolved: {address.host}") from None
    except OSError as error:
        raise _refusal(address, error) from None


def _listen(address: Address) -> None:
    family, kind, protocol, _, place = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind(place)
        trial.listen(1)


def _refusal(address: Address, error: OSError) -> CommandError:
    if error.errno == errno.EADDRINUSE:
        other = _next_free(address)
        return CommandError(
            f"端口 {address.port} 已被占用。换一个端口：PORT={other} make run",
            f"Port {address.port} is taken. Choose another: PORT={other} make run",
        )
    if error.errno == errno.EACCES:
        return CommandError(
            f"没有权限监听端口 {address.port}（小于 1024 的端口需要管理员）。换一个端口：PORT=8000 make run",
            f"Not allowed to listen on port {address.port} (below 1024 needs an administrator): PORT=8000 make run",
        )
    return CommandError(
        f"无法在 {address.bind} 监听：{error.strerror}。请检查 HOST。",
        f"Cannot listen on {address.bind}: {error.strerror}. Check HOST.",
    )


def _next_free(address: Address) -> int:
    """The next port nobody listens on, or the same one when a hundred are taken."""
    for port in range(address.port + 1, min(address.port + 100, 65535) + 1):
        try:
            _listen(Address(address.host, port))
        except OSError:
            continue
        return port
    return address.port
