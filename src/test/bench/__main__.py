"""Measures Millrace beside Apache Kafka (and NATS) on this machine, in turns, and writes docs/BENCHMARKS.md.

FOLDER (or $MILLRACE_PEER) is the peer harness: a folder outside this project that starts a real Kafka and
drives brokers with Kafka's own tools. Each part may take a bounded time, keeps what it has measured so far
in target/bench/PART.json, and writes a section of its own; sections of other parts stay as they are.
"""

import argparse
import os
import resource
import signal
import sys
import time
from pathlib import Path

import document
import inner
import part_cluster
import part_connections
import part_durable
import part_failover
import part_fanout
import part_groups
import part_limits
import part_load
import part_partitions
import part_startup
import part_tails
from ground import RAW, Ground, Overtime, at_most, build, say
from results import Results

# In the order of the document; the limits come last, for they are compared with what the others gave.
PARTS = {
    "startup": part_startup, "load": part_load, "durable": part_durable, "groups": part_groups,
    "connections": part_connections, "partitions": part_partitions, "tails": part_tails,
    "cluster": part_cluster, "failover": part_failover, "fanout": part_fanout, "limits": part_limits,
}


def main():
    options = parse()
    RAW.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    raise_file_limit()
    build()
    if options.inner:
        return inner.run(options.quick, options.write)
    ground = Ground(options.peer, options.rounds, options.quick, options.lock, options.sockets)
    done = {}
    for name, part in PARTS.items():
        earlier = Results.earlier(name) if options.keep else None
        if name in options.only and not (options.resume and earlier):
            done[name] = measured(name, part, ground)
        elif earlier:
            done[name] = earlier
    for name, results in done.items():
        text = document.section(PARTS[name].TITLE, results, PARTS[name].section(results, done))
        print(text)
        if options.write:
            document.write(name, text)
    return 1 if any(results.failed for results in done.values()) else 0


def measured(name, part, ground):
    results, begun = Results(name, ground.rounds), time.monotonic()
    limit = part.longest_s(ground)
    say(f"{name}: at most {limit / 60:.0f} minutes")
    try:
        with at_most(limit):
            part.run(ground, results)
    except Overtime as e:
        results.fail(str(e))
    except Exception as e:  # the other parts go on; the document tells what is missing
        results.fail(f"{type(e).__name__}: {e}")
    say(f"{name}: took {time.monotonic() - begun:,.0f} s")
    return results


def raise_file_limit():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def parse():
    p = argparse.ArgumentParser(prog="bin/bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--peer", type=folder, default=os.environ.get("MILLRACE_PEER"), metavar="FOLDER")
    p.add_argument("--rounds", type=int, help="of each measurement; 3 unless said, 1 with --quick")
    p.add_argument("--quick", action="store_true", help="one short round of everything: half an hour on a quiet machine")
    p.add_argument("--only", type=parts, default=list(PARTS), metavar="PART,...", help=f"of {','.join(PARTS)}")
    p.add_argument("--keep", action="store_true", help="write the sections of the other parts too, of what an earlier run left")
    p.add_argument("--resume", action="store_true", help="as --keep, and measure only parts of which nothing was left")
    p.add_argument("--lock", type=Path, metavar="FILE", help="hold this file locked while measuring, for machines shared with others")
    p.add_argument("--sockets", type=lambda text: tuple(map(int, text.split(","))), default=(1000, 5000))
    p.add_argument("--no-write", dest="write", action="store_false", help="leave docs/BENCHMARKS.md as it is")
    p.add_argument("--inner", action="store_true", help="run the benches of inner steps (JMH) instead")
    options = p.parse_args()
    options.rounds = options.rounds or (1 if options.quick else 3)
    options.keep |= options.resume
    if options.peer is None and not options.inner and any(PARTS[name].PEER for name in options.only):
        p.error("give the folder of the peer harness with --peer or $MILLRACE_PEER")
    return options


def folder(text):
    path = Path(text).resolve()
    if not (path / "bench").exists():
        raise argparse.ArgumentTypeError(f"{text} is not the folder of a peer harness: it has no program bench")
    return path


def parts(text):
    names = text.split(",")
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        raise argparse.ArgumentTypeError(f"there is no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    return names


if __name__ == "__main__":
    sys.exit(main())
