"""``python -m bench.binder``: bind the case files that wait; prints the seconds it took and the most memory, in MB."""

import os
import resource
import time

from bench.database import set_up_django

if __name__ == "__main__":
    set_up_django(os.environ["DATABASE_URL"])
    from cases.actions.casefile import bind_files
    from core.clock import database_now

    began = time.perf_counter()
    bind_files(clock=database_now)
    print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
