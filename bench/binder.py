"""``python -m bench.binder``: bind the case files that wait; prints the seconds it took and the most memory, in MB."""

import os
import re
import time
from pathlib import Path

from bench.database import set_up_django

if __name__ == "__main__":
    set_up_django(os.environ["DATABASE_URL"])
    from cases.actions.casefile import bind_files
    from core.clock import database_now

    began = time.perf_counter()
    bind_files(clock=database_now)
    seconds = time.perf_counter() - began
    # ru_maxrss would start from what the process that called this one held
    status = Path("/proc/self/status").read_text()
    print(seconds, int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024)
