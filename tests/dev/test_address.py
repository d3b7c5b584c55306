"""HOST and PORT: read, tried out, and refused with words that help."""

import socket
from collections.abc import Iterator

import pytest

from tools.address import Address, read_address, refuse_unless_free
from tools.console import CommandError

EVERYWHERE = "0.0.0.0"  # noqa: S104 - written down, never bound


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        yield taken


def test_the_default_is_this_machine_alone() -> None:
    assert read_address({}) == Address("127.0.0.1", 8000)
    assert read_address({"HOST": "", "PORT": ""}) == Address("127.0.0.1", 8000)


def test_host_and_port_are_honoured() -> None:
    assert read_address({"HOST": EVERYWHERE, "PORT": "9000"}) == Address(EVERYWHERE, 9000)


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1", "80 80", "８０００", "8000.0"])
def test_a_port_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(CommandError, match="PORT must be a whole number"):
        read_address({"PORT": text})


def test_a_free_port_is_accepted_and_left_free(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    listener.close()
    refuse_unless_free(Address("127.0.0.1", port))
    refuse_unless_free(Address("127.0.0.1", port))


def test_a_taken_port_is_named_with_one_that_is_free(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    with pytest.raises(CommandError, match=f"Port {port} is taken. Choose another: PORT=") as refusal:
        refuse_unless_free(Address("127.0.0.1", port))
    proposed = int(str(refusal.value).rpartition("PORT=")[2].split()[0])
    assert proposed > port
    refuse_unless_free(Address("127.0.0.1", proposed))


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(CommandError, match="Check HOST"):
        refuse_unless_free(Address("192.0.2.1", 8000))


def test_a_host_that_is_no_name_is_refused() -> None:
    with pytest.raises(CommandError, match="cannot be resolved"):
        refuse_unless_free(Address("no such host", 8000))


@pytest.mark.parametrize(
    ("host", "bind", "url"),
    [
        ("127.0.0.1", "127.0.0.1:8000", "http://127.0.0.1:8000"),
        (EVERYWHERE, "0.0.0.0:8000", "http://127.0.0.1:8000"),
        ("::", "[::]:8000", "http://[::1]:8000"),
        ("casemgr.example", "casemgr.example:8000", "http://casemgr.example:8000"),
    ],
)
def test_an_address_is_written_for_the_server_and_for_the_browser(host: str, bind: str, url: str) -> None:
    assert (Address(host, 8000).bind, Address(host, 8000).url) == (bind, url)
