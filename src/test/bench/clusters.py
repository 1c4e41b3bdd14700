"""Three brokers of each kind, whose single ones can be killed and started again."""

import os
import shutil
import signal
import subprocess
import time

import ports
from brokers import CONTROLLER_ABOVE, HEAP, await_ready, lines
from ground import PROJECT, fresh, finished

IDS = (1, 2, 3)


class Cluster:
    """Folders 1, 2 and 3 in home, in each the pid of its broker. In start_command {} stands for the one to start."""

    @property
    def pids(self):
        return [int((self.home / str(one) / "pid").read_text()) for one in IDS]

    def start(self, one):
        subprocess.run(["sh", "-c", self.start_command.replace("{}", str(one))], check=True)

    def kill(self, one):
        os.kill(int((self.home / str(one) / "pid").read_text()), signal.SIGKILL)


class KafkaCluster(Cluster):
    name = "kafka"

    def __init__(self, ground):
        self.ground, self.home = ground, fresh("kafka-cluster")
        # Three neighbours are needed, of the brokers and of their controllers.
        port = ports.free(1, 2, CONTROLLER_ABOVE, CONTROLLER_ABOVE + 1, CONTROLLER_ABOVE + 2)
        self.bootstrap = ",".join(f"127.0.0.1:{port + i}" for i in range(3))
        self.kill_command = f"{ground.peer}/kafka-node kill {self.home}/{{}}"
        self.start_command = f"HEAP={HEAP} {ground.peer}/kafka-node start {self.home}/{{}}"
        try:
            subprocess.run([ground.peer / "kafka-cluster-up", "--port", str(port), "--dir", self.home, "--heap", HEAP],
                           check=True, stdout=subprocess.DEVNULL)
        except BaseException:
            self.stop()
            raise

    def stop(self):
        subprocess.run([self.ground.peer / "kafka-down", "--dir", self.home])
        shutil.rmtree(self.home, ignore_errors=True)


class MillraceCluster(Cluster):
    name = "millrace"

    def __init__(self, ground):
        self.home = fresh("millrace-cluster")
        port = ports.free(1, 2)
        peers = [ports.free(1, 2, 3) for _ in IDS]
        self.bootstrap = ",".join(f"127.0.0.1:{port + i}" for i in range(3))
        for i, one in enumerate(IDS):
            folder = self.home / str(one)
            folder.mkdir()
            (folder / "server.properties").write_text(lines({
                "broker.id": one, "listeners": f"PLAINTEXT://127.0.0.1:{port + i}", "log.dirs": folder / "data",
                "http.port": 0, "cluster.host": "127.0.0.1", "cluster.port": peers[i],
                "cluster.join": ",".join(f"127.0.0.1:{peer}" for peer in peers), "cluster.name": f"bench-{port}",
                "default.replication.factor": 3, "min.insync.replicas": 2, "log.segment.delete.delay.ms": 1000}))
        self.start_command = (
            f"cd {self.home}/{{}} && LOG_DIR={self.home}/{{}}/logs KAFKA_HEAP_OPTS=-Xmx{HEAP} setsid {PROJECT}/bin/millrace start "
            f"--config server.properties >console.txt 2>&1 </dev/null & echo $! >{self.home}/{{}}/pid")
        self.kill_command = f"kill -9 $(cat {self.home}/{{}}/pid)"
        try:
            for one in IDS:
                self.start(one)
            await_ready([self.home / str(one) for one in IDS])
            finished(ground.peer_command("peer.Topics", "ready", self.bootstrap, "3", "90"), 100)
        except BaseException:
            self.stop()
            raise

    def stop(self):
        running = [pid for one in IDS for pid in self.of(one)]
        for pid in running:
            os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + 30
        while any(os.path.exists(f"/proc/{pid}") for pid in running) and time.monotonic() < until:
            time.sleep(0.1)
        for one in IDS:
            for pid in self.of(one):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.home, ignore_errors=True)

    def of(self, one):
        """The pid of that broker, while it is still this very broker."""
        file = self.home / str(one) / "pid"
        if not file.exists():
            return []
        pid = int(file.read_text())
        try:
            return [pid] if os.readlink(f"/proc/{pid}/cwd") == str(self.home / str(one)) else []
        except OSError:
            return []
