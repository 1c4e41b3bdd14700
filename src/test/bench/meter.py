"""What the system says of processes: CPU time, memory, system calls."""

import contextlib
import os
import re
import resource
import shutil
import subprocess
import time
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def cpu(pids):
    """Seconds of CPU that the processes have taken so far: user, kernel."""
    user = kernel = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        user, kernel = user + int(fields[11]), kernel + int(fields[12])
    return user / TICK, kernel / TICK


def machine_cpu():
    """Seconds of CPU that all processes have taken so far."""
    with open("/proc/stat") as file:
        return sum(map(int, file.readline().split()[1:4])) / TICK


def memory_mb(pids, field="VmRSS"):
    """Resident memory of all of them; VmHWM is the most since reset_peak()."""
    read = lambda pid: int(re.search(field + r":\s+(\d+)", Path(f"/proc/{pid}/status").read_text()).group(1))
    return sum(map(read, pids)) / 1024


def reset_peak(pids):
    for pid in pids:
        with contextlib.suppress(OSError), open(f"/proc/{pid}/clear_refs", "w") as file:
            file.write("5")


def live_heap_kb(pids):
    """Java objects alive, after the full collection that asking for them brings about."""
    total = 0
    for pid in pids:
        shown = subprocess.run(["jcmd", str(pid), "GC.class_histogram"], capture_output=True, text=True, check=True)
        total += int(shown.stdout.split()[-1])
    return total / 1024


@contextlib.contextmanager
def metered(pids, result, loads=()):
    """Puts into the result what the work inside cost these processes, and what others took meanwhile.

    Clients are the processes that end inside, and the loads, which go on.
    """
    reset_peak(pids)
    begun, machine, before, loaded = time.monotonic(), machine_cpu(), cpu(pids), sum(cpu(loads))
    client = resource.getrusage(resource.RUSAGE_CHILDREN)
    yield result
    user, kernel = (now - then for now, then in zip(cpu(pids), before))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    clients = after.ru_utime + after.ru_stime - client.ru_utime - client.ru_stime + sum(cpu(loads)) - loaded
    seconds = time.monotonic() - begun
    result.update(seconds=seconds, user_s=user, kernel_s=kernel, client_cpu_s=clients,
                  others_cores=(machine_cpu() - machine - user - kernel - clients) / seconds,
                  peak_rss_MB=memory_mb(pids, "VmHWM"))


def per_unit(result, bytes_=0, count=0):
    """Adds CPU per GB of payload and per million records."""
    for kind in ("user", "kernel"):
        if bytes_:
            result[f"{kind}_s_per_GB"] = result[f"{kind}_s"] / (bytes_ / 1e9)
        if count:
            result[f"{kind}_us_per_record"] = result[f"{kind}_s"] * 1e6 / count
    return result


class Syncs:
    """Counts fdatasync and fsync of a running process with perf, which does not slow them."""

    EVENTS = "syscalls:sys_enter_fdatasync,syscalls:sys_enter_fsync"

    @staticmethod
    def possible():
        return shutil.which("perf") and subprocess.run(
            ["perf", "stat", "-x,", "-e", Syncs.EVENTS, "true"], capture_output=True).returncode == 0

    def __init__(self, pids):
        self.process = subprocess.Popen(["perf", "stat", "-x,", "-e", self.EVENTS, "-p", ",".join(map(str, pids))],
                                        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        time.sleep(0.5)  # until it has attached itself to all threads; it does not say so

    def stop(self):
        """How many there were."""
        self.process.send_signal(2)
        _, told = self.process.communicate(timeout=20)
        return sum(int(line.split(",")[0]) for line in told.splitlines() if "sync" in line and line[0].isdigit())
