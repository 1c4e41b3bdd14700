"""Tables of docs/BENCHMARKS.md: median, spread, ratio, and whether what was wanted is reached."""

import re
import statistics
from dataclasses import dataclass
from fractions import Fraction

NAMES = {"kafka": "Kafka", "millrace": "Millrace", "nats": "NATS"}


@dataclass(frozen=True)
class Row:
    """One line. Wanted is a bound of the ratio to the other server, as "≤ 1/10" or "≥ 4"; empty: none.

    Server names whose figures stand in Millrace's column, where that is another run of it.
    """

    what: str
    case: str
    key: str
    wanted: str = ""
    scale: float = 1.0
    server: str = "millrace"


def table(rows, results, against="kafka"):
    """Lines of a table; rows of which nothing was measured are left out."""
    out = [f"| What | Wanted (Millrace / {NAMES[against]}) | {NAMES[against]} | Millrace | Ratio | Reached |",
           "|---|---|---|---|---|---|"]
    for row in rows:
        theirs, ours = values(results.of(row.case, against), row), values(results.of(row.case, row.server), row)
        if theirs or ours:
            out.append(line(row, theirs, ours))
    return out


def values(rounds, row):
    return [r[row.key] * row.scale for r in rounds if r.get(row.key) is not None]


def line(row, theirs, ours):
    ratio = verdict = ""
    if theirs and ours and statistics.median(theirs) > 0:
        quotient = statistics.median(ours) / statistics.median(theirs)
        ratio = f"{quotient:.2f}" if quotient >= 0.1 else f"{quotient:.3f}"
        verdict = ("yes" if reached(row.wanted, quotient) else "no") if row.wanted else ""
    return f"| {row.what} | {row.wanted} | {spread(theirs)} | {spread(ours)} | {ratio} | {verdict} |"


def reached(wanted, quotient):
    """Whether the ratio is within "≤ 1/10" or "≥ 4"."""
    sign, bound = re.fullmatch(r"([≤≥]) ([\d./]+)", wanted).groups()
    bound = float(Fraction(bound))
    return quotient <= bound if sign == "≤" else quotient >= bound


def spread(numbers):
    """Median (least–most); of one number that alone."""
    if not numbers:
        return "–"
    if len(numbers) == 1:
        return figure(numbers[0])
    return f"{figure(statistics.median(numbers))} ({figure(min(numbers))}–{figure(max(numbers))})"


def figure(number):
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"


def median(results, case, server, key):
    """Of a figure over all rounds; None when it was not measured."""
    numbers = [r[key] for r in results.of(case, server) if r.get(key) is not None] if results else []
    return statistics.median(numbers) if numbers else None
