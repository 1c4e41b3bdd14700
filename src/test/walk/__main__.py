"""Walks the tutorials that readers follow, and prints what came of each of their lines."""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path

import machine
import report
import tools as toolsets
import walker
from tutorials import TUTORIALS

PROJECT = Path(__file__).resolve().parents[3]
WORK = PROJECT / "target/walk"
LONGEST_WALK_S = 1200


def main():
    options = parse()
    if options.inside:
        key, set_name = options.inside
        walker.walk(TUTORIALS[key], toolsets.BY_NAME[set_name], WORK, options.only, PROJECT)
        return 0
    if options.list:
        for tutorial in TUTORIALS.values():
            for row in tutorial.rows:
                print(f"{row.key:40} {row.says}")
        return 0
    begun = time.monotonic()
    prefix = machine.prefix()
    if prefix is None:
        print("bin/walk: SKIPPED: no row is walked, since this system does not let `unshare` make a private "
              "machine with the ports, names and folders of the tutorials; root may, or a user of whom "
              "sysctl kernel.unprivileged_userns_clone=1 allows it")
        return 0
    unpack()
    prepare_tools(options.sets)
    results = walk_all(options, prefix)
    print(report.table(TUTORIALS, results, options.sets, options.only))
    failed = [result for result in results if result["state"] == "failed"]
    for result in failed:
        print(report.failure(result))
    print(report.summary(results, TUTORIALS, time.monotonic() - begun))
    return 1 if failed else 0


def parse():
    parser = argparse.ArgumentParser(prog="bin/walk", description=__doc__)
    parser.add_argument("only", nargs="*", help="tutorials, or rows as TUTORIAL.ROW; all when none is named")
    parser.add_argument("--sets", type=lambda text: text.split(","), default=list(toolsets.BY_NAME),
                        help=f"tool sets, by commas: {','.join(toolsets.BY_NAME)}")
    parser.add_argument("--lanes", type=int, default=min(4, os.cpu_count() or 1), help="walks at the same time")
    parser.add_argument("--list", action="store_true", help="only name the rows")
    parser.add_argument("--inside", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    names = {row.key for tutorial in TUTORIALS.values() for row in tutorial.rows} | TUTORIALS.keys()
    for name in options.only:
        if name not in names:
            parser.error(f"there is no tutorial or row {name}; see --list")
    for name in options.sets:
        if name not in toolsets.BY_NAME:
            parser.error(f"there is no tool set {name}; there are {', '.join(toolsets.BY_NAME)}")
    return options


def unpack():
    """Unpacks the distribution as a reader does, and starts it once, so that later starts are quick."""
    archives = sorted((PROJECT / "target").glob("millrace-*.tar.gz"))
    if not archives:
        sys.exit("bin/walk: there is no target/millrace-*.tar.gz; make it with: mvn package -DskipTests")
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    with tarfile.open(archives[-1]) as packed:
        packed.extractall(WORK)
    next(WORK.glob("millrace-*")).rename(walker.home(WORK))
    subprocess.run(["bin/millrace", "--version"], cwd=walker.home(WORK), check=True, stdout=subprocess.DEVNULL)


def prepare_tools(names):
    """Makes the scripts of Kafka's own tools; the class archives stay beside the jars."""
    sets = [toolsets.BY_NAME[name] for name in names if not toolsets.BY_NAME[name].own]
    missing = [file for tools in sets for file in toolsets.archives(tools).values() if not file.exists()]
    with broker() if missing else nullcontext() as address, ThreadPoolExecutor(os.cpu_count()) as pool:
        for each in [pool.submit(toolsets.prepare, tools, address) for tools in sets]:
            each.result()


@contextmanager
def broker():
    """A broker for the while, at a port that is free; gives its address."""
    place = WORK / "archives"
    port, web_port = free_port(), free_port()
    settings = [f"listeners=PLAINTEXT://127.0.0.1:{port}", f"log.dirs={place}/data", f"http.port={web_port}",
                "offsets.topic.num.partitions=1"]
    words = [word for setting in settings for word in ("--override", setting)]
    command = ["bin/millrace", "start", *words]
    place.mkdir()
    with (place / "broker.txt").open("wb") as sink:
        process = subprocess.Popen(command, cwd=walker.home(WORK), env=os.environ | {"LOG_DIR": str(place)},
                                   stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT)
    try:
        await_port(port, process)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def await_port(port, process, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit(f"bin/walk: the broker for the class archives does not start; see {WORK}/archives/broker.txt")


def walk_all(options, prefix):
    """Each tutorial with each tool set, in as many lanes as asked for, the longest first."""
    walks = [(tutorial, name) for tutorial in TUTORIALS.values() for name in tutorial.sets()
             if name in options.sets and report.rows(tutorial, name, options.only)]
    walks.sort(key=lambda walk: -len(report.rows(walk[0], walk[1], options.only)))
    with ThreadPoolExecutor(options.lanes) as pool:
        return [result for results in pool.map(lambda walk: walk_one(options, prefix, *walk), walks)
                for result in results]


def walk_one(options, prefix, tutorial, name):
    begun = time.monotonic()
    inside = [sys.executable, "-B", str(Path(__file__).parent), *options.only, "--inside", tutorial.key, name]
    # The shell is the first process of the machine and takes in what daemons leave behind.
    command = [*prefix, "sh", "-c", '"$@"; exit $?', "walk", *inside]
    try:
        subprocess.run(command, stdin=subprocess.DEVNULL, check=False, timeout=LONGEST_WALK_S)
    except subprocess.TimeoutExpired:
        print(f"{tutorial.title}, tools of {name}: ended after {LONGEST_WALK_S} s", flush=True)
    results = walker.results(WORK, tutorial, name)
    print(report.progress(tutorial, name, results, time.monotonic() - begun), flush=True)
    return results


if __name__ == "__main__":
    sys.exit(main())
