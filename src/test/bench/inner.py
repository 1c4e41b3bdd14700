"""Benches of the inner steps, by JMH: time and allocation of one step, without brokers."""

import json
import subprocess

import document
from ground import RAW, class_path, say
from results import Results

TITLE = "Inner steps"
WHAT = {
    "DecodeProduceBench.decode": "decode a produce request",
    "ValidateBatchBench.check": "check a batch of 15 KB",
    "ValidateBatchBench.crc": "its checksum alone",
    "LogBench.append": "append a batch of 15 KB and write it to the file",
    "LogBench.lookUp": "find the batch of an offset in a log of ten thousand",
    "EncodeFramesBench.json": "encode a batch as JSON for browsers",
    "EncodeFramesBench.binary": "encode it in binary",
}


def run(quick, write):
    """Runs them all and writes their section."""
    how = ["-f", "1", "-wi", "2", "-i", "2", "-w", "500ms", "-r", "500ms"] if quick else \
        ["-f", "3", "-wi", "5", "-i", "5", "-w", "1s", "-r", "1s"]
    out = RAW / "inner-jmh.json"
    command = ["java", "-cp", class_path(), "org.openjdk.jmh.Main", r"io\.millrace\.bench\.inner", "-bm", "avgt", "-tu", "us",
               "-prof", "gc", "-foe", "true", "-rf", "json", "-rff", out, *how, "-jvmArgs", "-Xmx512m -XX:+UseSerialGC"]
    if subprocess.run(command, timeout=1800).returncode:
        say("inner: JMH failed")
        return 1
    results = Results("inner", 3 if not quick else 1)
    for bench in json.loads(out.read_text()):
        name = ".".join(bench["benchmark"].split(".")[-2:])
        parameters = ", ".join(f"{key} {value}" for key, value in bench.get("params", {}).items())
        # The profiler's names begin with a dot in some releases.
        allocated = next(value["score"] for key, value in bench["secondaryMetrics"].items() if key.endswith("gc.alloc.rate.norm"))
        results.add(WHAT[name] + (f" ({parameters})" if parameters else ""), "millrace",
                    {"us": bench["primaryMetric"]["score"], "error_us": bench["primaryMetric"]["scoreError"], "bytes": allocated})
    text = document.section(TITLE, results, section(results))
    print(text)
    if write:
        document.write("inner", text)
    return 0


def section(results):
    lines = ["| Step | µs | ± (99.9 %) | allocated, B |", "|---|---|---|---|"]
    for case, by in results.cases.items():
        one = by["millrace"][0]
        error = f"{one['error_us']:.2g}" if isinstance(one["error_us"], float) else "–"
        lines.append(f"| {case} | {one['us']:.3g} | {error} | {one['bytes']:,.0f} |")
    return [*lines, "", "`bin/bench --inner`: JMH, one thread, the mean of all iterations of forked JVMs."]
