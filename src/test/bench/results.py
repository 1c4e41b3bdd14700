"""The figures of one part: what was measured, what failed, when and how; kept as JSON."""

import json
import subprocess
import time

from ground import RAW, machine, say

FAILURES = (RuntimeError, OSError, ValueError, KeyError, AttributeError, IndexError, subprocess.SubprocessError)


class Results:
    """Rounds by case and server. Written after each of them, so that what was measured is not lost."""

    def __init__(self, part, rounds, told=None):
        self.part = part
        told = told or {"date": time.strftime("%Y-%m-%d"), "machine": machine(), "rounds": rounds, "cases": {}, "failed": []}
        self.told, self.cases, self.failed = told, told["cases"], told["failed"]

    @staticmethod
    def earlier(part):
        """What an earlier run left, or None."""
        path = RAW / f"{part}.json"
        return Results(part, 0, json.loads(path.read_text())) if path.exists() else None

    def of(self, case, server):
        return self.cases.get(case, {}).get(server, [])

    def add(self, case, server, figures):
        self.cases.setdefault(case, {}).setdefault(server, []).append(figures)
        shown = {key: round(value, 4) if isinstance(value, float) else value for key, value in figures.items()}
        say(f"{self.part}: {case}: {server} {json.dumps(shown)}")
        self.keep()

    def fail(self, what):
        say(f"{self.part}: FAILED {what}")
        self.failed.append(what)
        self.keep()

    def keep(self):
        (RAW / f"{self.part}.json").write_text(json.dumps(self.told, indent=1))

    def measure(self, case, server, work):
        """Runs the work and adds its figures; a failure is noted, and the rest goes on."""
        try:
            figures = work()
        except FAILURES as e:
            self.fail(f"{case}: {server}: {e}")
        else:
            self.add(case, server, figures)

    def in_turns(self, case, servers, number, work):
        """One round of a case on each server: A B, in the next round B A."""
        for server in servers if number % 2 == 0 else servers[::-1]:
            self.measure(case, server.name, lambda server=server: work(server))
