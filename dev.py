"""casemgr's commands for machines without make: `python3 dev.py help`. Needs nothing but Python."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python reads as far as here, and says what is wrong
    this = ".".join(str(number) for number in sys.version_info[:3])
    sys.exit(
        f"casemgr 需要 Python 3.11 或更高版本，当前是 {this}。安装后执行：make run PYTHON=python3.11\n"
        f"casemgr needs Python 3.11 or newer, this is {this}. Install one, then: make run PYTHON=python3.11"
    )

from tools.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
