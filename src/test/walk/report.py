"""What the walks came to: lines as they go, and the table at the end."""

STATES = {"ok": "ok", "failed": "FAILED", "not": "–", "skipped": "skipped"}


def rows(tutorial, name, only):
    """The rows of a tutorial that are walked with a tool set; all up to the last one that is asked for,
    since each builds on those before it."""
    found = [row for row in tutorial.rows if name in row.sets]
    if not only or tutorial.key in only:
        return found
    last = max((index for index, row in enumerate(found) if row.key in only), default=-1)
    return found[: last + 1]


def progress(tutorial, name, results, seconds):
    counts = {state: sum(result["state"] == state for result in results) for state in STATES}
    told = ", ".join(f"{count} {state}" for state, count in counts.items() if count and state != "not")
    return f"{tutorial.title}, tools of {name}: {told} ({seconds:.0f} s)"


def table(tutorials, results, sets, only):
    """One line per row, one column per tool set."""
    states = {(result["row"], result["set"]): result for result in results}
    lines = ["", "row".ljust(96) + "".join(name.ljust(10) for name in sets)]
    for tutorial in tutorials.values():
        lines.append(f"-- {tutorial.title}")
        for row in tutorial.rows:
            if row.later:
                lines.append(f"{row.says[:95].ljust(96)}later: with {row.later}")
                continue
            cells = [states.get((row.key, name)) for name in sets]
            if any(cells):
                lines.append(row.says[:95].ljust(96) + "".join(
                    (STATES[cell["state"]] if cell else "").ljust(10) for cell in cells))
                lines.extend(f"    {reason}" for reason in reasons(cells))
    return "\n".join(lines)


def reasons(cells):
    """Why a row was not walked with a tool set, each reason once."""
    told = {}
    for cell in cells:
        if cell and cell["state"] in ("not", "skipped"):
            told.setdefault(cell["why"], []).append(cell["set"])
    return [f"{', '.join(names)}: {why}" for why, names in told.items()]


def failure(result):
    return f"\nFAILED {result['row']} with the tools of {result['set']}: {result['why']}"


def summary(results, tutorials, seconds):
    counts = {state: sum(result["state"] == state for result in results) for state in STATES}
    later = sum(bool(row.later) for tutorial in tutorials.values() for row in tutorial.rows)
    return (f"\n{counts['ok']} ok, {counts['failed']} failed, {counts['skipped']} skipped, "
            f"{counts['not']} not possible with the tools of that release, {later} later; {seconds:.0f} s")
