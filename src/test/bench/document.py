"""docs/BENCHMARKS.md: one section for each part, between marks; what people wrote around them stays."""

import statistics

from ground import PROJECT

DOCUMENT = PROJECT / "docs/BENCHMARKS.md"


def begin(part):
    return f"<!-- {part}: written by bin/bench -->\n"


def end(part):
    return f"<!-- end of {part} -->\n"


def section(title, results, lines):
    """A section as it is written: title, how it was measured, table, failures."""
    told = results.told
    rounds = "one round, so no figure has a spread" if told["rounds"] == 1 else f"{told['rounds']} rounds, median (least–most)"
    failed = [f"- failed: {what.splitlines()[0][:200]}" for what in results.failed]
    parts = [f"## {title}", f"{told['date']}; {told['machine']}; {rounds}.{noise(results)}", "\n".join(lines)]
    return "\n\n".join([*parts, *(["\n".join(failed)] if failed else [])]) + "\n"


def noise(results):
    """What other work took, where it was seen."""
    others = [r["others_cores"] for by in results.cases.values() for rs in by.values() for r in rs if "others_cores" in r]
    if not others:
        return ""
    return f" Others took {max(0.0, statistics.median(others)):.2f} (up to {max(others):.2f}) cores meanwhile."


def write(part, text, path=DOCUMENT):
    """Puts a section in its place, at the end of the document when it is new."""
    document = path.read_text() if path.exists() else "# Benchmarks\n"
    marked = begin(part) + text + end(part)
    if begin(part) in document:
        before, rest = document.split(begin(part), 1)
        document = before + marked + rest.split(end(part), 1)[1]
    else:
        document = document.rstrip("\n") + "\n\n" + marked
    path.write_text(document)
