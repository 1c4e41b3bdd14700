"""What it costs to push records to many browsers, beside NATS where it is installed."""

import os
import shutil
import signal
import socket
import statistics
import subprocess
import time

import ports
from ground import PROJECT, RAW, fresh, last_json, own_command, say, finished
from table import Row, table

TITLE = "Fan-out to browsers"
PEER = False
RECORD_BYTES = 200
WINDOW = 150
START_S = 30
# A socket that is subscribed gets a heartbeat every 20 s: two of them are counted.
IDLE_REST_S, IDLE_S = 20, 40


def longest_s(ground):
    return 60 + (130 + 2 * (IDLE_REST_S + IDLE_S)) * len(ground.sockets) * ground.rounds


def run(ground, results):
    kinds = [Millrace] + ([Nats] if nats() else [])
    if len(kinds) == 1:
        say("nats-server is not installed (Debian: apt-get install nats-server): only Millrace is measured")
    timing = {"seconds": 5, "warmup": 3} if ground.quick else {"seconds": 10, "warmup": 5}
    for count in ground.sockets:
        turns(ground, results, kinds, f"full {count}", sockets=count, window=WINDOW, **timing)
        rates = [statistics.median(r["deliveries_per_s"] for r in rounds)
                 for rounds in results.cases.get(f"full {count}", {}).values()]
        if rates and not ground.quick:
            turns(ground, results, kinds, f"half {count}", sockets=count, rate=max(1, int(min(rates) / count / 2)), **timing)
        turns(ground, results, kinds, f"idle {count}", sockets=count, kind="idle", rest=IDLE_REST_S, seconds=IDLE_S)


def turns(ground, results, kinds, case, **arguments):
    for number in range(ground.rounds):
        results.in_turns(case, kinds, number, lambda server: measure(ground, server, arguments))


def measure(ground, start, arguments):
    """One load on a fresh server."""
    with ground.quiet():
        server = start()
        try:
            given = [a for a in server.arguments if not (a.startswith("kind=") and "kind" in arguments)]
            out = finished(own_command("FanoutLoad", *given, f"pid={server.process.pid}", f"size={RECORD_BYTES}",
                                       *(f"{key}={value}" for key, value in arguments.items())), 240)
        finally:
            server.stop()
    figures = last_json(out)
    if figures.get("missing"):
        raise RuntimeError(f"{figures['missing']} deliveries are missing")
    if figures.get("cpu_us_per_delivery"):
        figures["deliveries_per_cpu_s"] = 1e6 / figures["cpu_us_per_delivery"]
    return figures


class Server:
    """One running server; a fresh one for each measurement."""

    def run(self, command, home, port):
        with open(home / "console.txt", "w") as console:
            self.process = subprocess.Popen(command, stdout=console, stderr=subprocess.STDOUT,
                                            env=dict(os.environ, LOG_DIR=str(home / "logs")))
        await_port(port, self.process, home)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class Millrace(Server):
    name = "millrace"

    def __init__(self):
        home, port, web = fresh("fanout-millrace"), ports.free(), ports.free()
        self.run([PROJECT / "bin/millrace", "start", "--override", f"log.dirs={home}/data",
                  "--override", f"listeners=PLAINTEXT://127.0.0.1:{port}", "--override", f"http.port={web}"], home, web)
        subprocess.run([PROJECT / "bin/millrace", "topics", "create", "fanout", "--partitions", "1",
                        "--bootstrap-server", f"127.0.0.1:{port}"], check=True, stdout=subprocess.DEVNULL)
        self.arguments = ["kind=millrace", f"ws=127.0.0.1:{web}", "path=/ws/v1/topics/fanout",
                          f"publish=127.0.0.1:{port}", "topic=fanout"]


class Nats(Server):
    name = "nats"

    def __init__(self):
        home, port, web = fresh("fanout-nats"), ports.free(), ports.free()
        # As patient with slow readers as a log is: else it would drop them under load.
        (home / "nats.conf").write_text(
            f'listen: "127.0.0.1:{port}"\nwrite_deadline: "60s"\nmax_pending: 256MB\nping_interval: "20m"\n'
            f'websocket {{ listen: "127.0.0.1:{web}", no_tls: true, compression: false }}\n')
        self.run([nats(), "-c", home / "nats.conf"], home, web)
        self.arguments = ["kind=nats", f"ws=127.0.0.1:{web}", "path=/", f"publish=127.0.0.1:{port}", "topic=fanout",
                          'greeting=CONNECT {"verbose":false}\r\nSUB fanout 1\r\n']


def nats():
    return shutil.which("nats-server") or shutil.which("nats-server", path="/usr/sbin:/usr/local/sbin")


def await_port(port, process, home):
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    process.kill()
    raise RuntimeError(f"nothing listens on port {port}; its output lies in {home}")


WANTED = {1000: "≥ 1.5", 5000: "≥ 1.2"}


def section(results, parts):
    rows = []
    for count in sorted({int(case.split()[1]) for case in results.cases}):
        rows += [Row(f"{count:,} sockets, as fast as they take it: deliveries per second of the server's CPU", f"full {count}",
                     "deliveries_per_cpu_s", WANTED.get(count, "")),
                 Row("CPU of the server per delivery, µs", f"full {count}", "cpu_us_per_delivery"),
                 Row("deliveries/s", f"full {count}", "deliveries_per_s"),
                 Row("memory of the server under load (RSS), MiB", f"full {count}", "rss_mib"),
                 Row(f"{count:,} sockets at half of the slower one's rate: p50 from producer to browser, ms", f"half {count}", "p50_ms"),
                 Row("p99, ms", f"half {count}", "p99_ms"), Row("p99.9, ms", f"half {count}", "p999_ms"),
                 Row("CPU of the server per delivery, µs", f"half {count}", "cpu_us_per_delivery"),
                 Row(f"{count:,} idle sockets, each subscribed: memory of one (RSS), KiB", f"idle {count}", "kib_per_socket"),
                 Row("CPU of all of them, % of a core", f"idle {count}", "cpu_percent")]
    return [*table(rows, results, "nats"), "",
            f"Every socket gets every record of one topic, {RECORD_BYTES} bytes each, in JSON frames with offset and time from Millrace,",
            "as bare messages from NATS. Millrace stores each record first; its producer is Kafka's (acks=all), NATS' publisher",
            f"writes to its TCP port. Load and server share the cores; at most {WINDOW} records under way."]
