"""Start a program that must not outlive its starter: `leash.py <pid of the starter> <program> <argument>...`

Ctrl-C and SIGTERM are the supervisor's business; this covers the supervisor itself being killed outright.
Linux only: elsewhere the program is just started.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1

if __name__ == "__main__":
    starter, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != starter:
        sys.exit("the starter is gone")
    os.execv(command[0], command)  # noqa: S606 - the whole point: becomes the program named by the supervisor
