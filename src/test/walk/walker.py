"""One walk: a tutorial with one tool set, on a machine of its own, row after row."""

import json
import os
import shutil
import signal
import time
import traceback

import machine
import report
from engine import Mismatch, NotHere, Walk


def home(work):
    """Where Millrace is unpacked; on a private machine a fresh copy stands there."""
    return work / "millrace"


def folder(work, tutorial, name):
    return work / f"{tutorial.key}-{name}"


def results(work, tutorial, name):
    """What the walk has written down; a walk that broke off says so."""
    file = folder(work, tutorial, name) / "results.json"
    found = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    if not found or not found[-1].get("end"):
        found.append({"row": f"{tutorial.key}.*", "set": name, "state": "failed", "why": "the walk broke off", "s": 0})
    return [result for result in found if not result.get("end")]


def walk(tutorial, tools, work, only, project):
    # Ctrl+C must reach what is typed, also where this runs behind an & of a script, which ignores it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    here = folder(work, tutorial, tools.name)
    here.mkdir(parents=True)
    furnish(here, work, project)
    reader = start(tutorial, tools, work, here)
    with (here / "results.json").open("w") as sink:
        def note(row, state, why="", seconds=0.0):
            sink.write(json.dumps({"row": row, "set": tools.name, "state": state, "why": why, "s": seconds}) + "\n")
            sink.flush()

        for row in report.rows(tutorial, tools.name, only):
            if tools.name in row.without:
                note(row.key, "not", row.without[tools.name])
                continue
            begun = time.monotonic()
            note(row.key, *check(row, reader), seconds=time.monotonic() - begun)
        sink.write('{"end": true}\n')


def furnish(here, work, project):
    machine.furnish(here, [project])
    copy = here / "millrace"
    shutil.copytree(home(work), copy, copy_function=os.link, symlinks=True)
    machine.mount("--bind", copy, home(work))


def start(tutorial, tools, work, here):
    """The reader's home: that of Millrace, or one that has Kafka's own tools in `bin`."""
    if tools.own:
        reader = Walk(tools, home(work), home(work), here)
        tutorial.arrive(reader)
        return reader
    reader_home = here / "home"
    reader_home.mkdir()
    (reader_home / "bin").symlink_to(tools.folder() / "bin")
    reader = Walk(tools, reader_home, home(work), here)
    tutorial.prepare(reader)
    return reader


def check(row, reader):
    try:
        row.check(reader)
        return "ok", ""
    except NotHere as missing:
        return "skipped", str(missing)
    except Mismatch as wrong:
        return "failed", str(wrong)
    except Exception:  # A row that is itself wrong fails too, with where.
        return "failed", traceback.format_exc()
    finally:
        reader.end_spawned()
