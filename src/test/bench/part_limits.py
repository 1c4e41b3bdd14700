"""What the machine itself gives, and how far each path is from it."""

import json
import subprocess

from ground import RAW
from table import figure, median, spread

TITLE = "The machine's limits, and how far away Millrace is"
PEER = True


def longest_s(ground):
    return 60 + 90 * ground.rounds


def run(ground, results):
    for _ in range(ground.rounds):
        with ground.quiet():
            results.measure("limits", "machine", lambda: limits(ground))


def limits(ground):
    out = subprocess.run([ground.peer / "limits", "--dir", RAW / "limits"], stdout=subprocess.PIPE, text=True, check=True)
    flat = {}
    for key, value in json.loads(out.stdout).items():
        if isinstance(value, dict):
            flat.update({f"{key}_{name}": number for name, number in value.items()})
        else:
            flat[key] = value
    return flat


SHOWN = [
    ("memory copy, one thread, GB/s", "memory_copy_GB_s"), ("CRC32C, one thread, GB/s", "crc32c_GB_s"),
    ("loopback TCP one way, 64 KB writes, GB/s", "loopback_one_way_GB_s"),
    ("loopback from a cached file by sendfile, GB/s", "loopback_sendfile_cached_GB_s"),
    ("loopback round trip of 100 B, p50, µs", "loopback_round_trip_100B_us_p50"),
    ("file write, new pages, GB/s", "file_write_cached_new_GB_s"),
    ("file write over cached pages, GB/s", "file_write_cached_again_GB_s"),
    ("file write, new, fdatasync at the end, GB/s", "file_write_new_then_fdatasync_GB_s"),
    ("append 1 KB + fdatasync, p50, µs", "fdatasync_after_1KB_append_us_p50"),
    ("append 64 KB + fdatasync, p50, µs", "fdatasync_after_64KB_append_us_p50"),
]


def section(results, parts):
    rounds = results.of("limits", "machine")
    lines = ["| The machine | |", "|---|---|"]
    lines += [f"| {what} | {spread([r[key] for r in rounds if key in r])} |" for what, key in SHOWN]
    distances = distance(lambda key: median(results, "limits", "machine", key), parts)
    if distances:
        lines += ["", "The least that a path can cost is the sum of its steps at the speeds above, each on a core of its own:",
                  "receiving over the loopback, checking the CRC and writing into new pages of the page cache for produce;",
                  "sendfile for consume; a shared frame through the loopback for fan-out. Speeds of the loopback are those of both",
                  "ends together, so that a broker alone can be below the bound.", "",
                  "| Path | the machine's bound | Millrace | Millrace / bound |", "|---|---|---|---|", *distances]
    return lines


def distance(limit, parts):
    """A line for each path that was measured."""
    if limit("loopback_one_way_GB_s") is None:
        return []
    produce = 1 / limit("loopback_one_way_GB_s") + 1 / limit("crc32c_GB_s") + 1 / limit("file_write_cached_new_GB_s")
    load, durable, fanout = parts.get("load"), parts.get("durable"), parts.get("fanout")
    out = []
    for what, case, bound in (("produce 1 KB in 16 KB batches", "produce-1k", produce),
                              ("produce 1 KB in 256 KB batches", "produce-1k-batch256k", produce),
                              ("consume 1 KB, warm", "consume-warm", 1 / limit("loopback_sendfile_cached_GB_s"))):
        ours = median(load, case, "millrace", "cpu_s_per_GB")
        if ours is not None:
            out.append(compared(f"{what}: CPU, s/GB", bound, ours))
    for case in fanout.cases if fanout else ():
        ours = median(fanout, case, "millrace", "cpu_us_per_delivery")
        if ours is not None and case.startswith("full"):
            frame = median(fanout, case, "millrace", "bytes_per_delivery")
            out.append(compared(f"fan-out to {case.split()[1]} sockets, {frame:.0f} B each: CPU, µs per delivery",
                                frame / limit("loopback_one_way_GB_s") / 1e3, ours))
    for case in durable.cases if durable else ():
        ours = median(durable, case, "millrace", "syncs_per_s")
        if ours is not None:
            out.append(compared(f"{case}: fdatasync/s", 1e6 / limit("fdatasync_after_1KB_append_us_p50"), ours))
    return out


def compared(what, bound, ours):
    return f"| {what} | {figure(bound)} | {figure(ours)} | {ours / bound:.2f} |"
