"""The tool sets that a tutorial is walked with, and the folders `bin` that hold their commands.

Kafka's own tools come as jars from Maven Central, without the scripts of the archive that people
download; here each gets a script of the same name, so that a line of a tutorial runs as it is typed.
"""

import os
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

CLIENTS = Path(__file__).resolve().parents[3] / ".clients"

CORE = "kafka.admin."
CORE_TOOLS = "kafka.tools."
TOOLS = "org.apache.kafka.tools."

# Script, and its class in the releases up to 3.2.
OLDER = {
    "kafka-topics": CORE + "TopicCommand",
    "kafka-configs": CORE + "ConfigCommand",
    "kafka-consumer-groups": CORE + "ConsumerGroupCommand",
    "kafka-delete-records": CORE + "DeleteRecordsCommand",
    "kafka-broker-api-versions": CORE + "BrokerApiVersionsCommand",
    "kafka-log-dirs": CORE + "LogDirsCommand",
    "kafka-reassign-partitions": CORE + "ReassignPartitionsCommand",
    "kafka-acls": CORE + "AclCommand",
    "kafka-console-producer": CORE_TOOLS + "ConsoleProducer",
    "kafka-console-consumer": CORE_TOOLS + "ConsoleConsumer",
    "kafka-consumer-perf-test": CORE_TOOLS + "ConsumerPerformance",
    "kafka-get-offsets": CORE_TOOLS + "GetOffsetShell",
    "kafka-dump-log": CORE_TOOLS + "DumpLogSegments",
    "kafka-producer-perf-test": TOOLS + "ProducerPerformance",
    "kafka-verifiable-producer": TOOLS + "VerifiableProducer",
    "kafka-verifiable-consumer": TOOLS + "VerifiableConsumer",
}
SINCE_2_4 = {"kafka-leader-election": CORE + "LeaderElectionCommand"}
SINCE_2_8 = {"kafka-cluster": CORE_TOOLS + "ClusterTool"}
SINCE_3_0 = {"kafka-transactions": TOOLS + "TransactionsCommand"}

# Script, and its class in the newest release.
NEWEST = {
    "kafka-topics": TOOLS + "TopicCommand",
    "kafka-configs": TOOLS + "ConfigCommand",
    "kafka-consumer-groups": TOOLS + "consumer.group.ConsumerGroupCommand",
    "kafka-share-groups": TOOLS + "consumer.group.ShareGroupCommand",
    "kafka-groups": TOOLS + "GroupsCommand",
    "kafka-delete-records": TOOLS + "DeleteRecordsCommand",
    "kafka-broker-api-versions": TOOLS + "BrokerApiVersionsCommand",
    "kafka-cluster": TOOLS + "ClusterTool",
    "kafka-log-dirs": TOOLS + "LogDirsCommand",
    "kafka-reassign-partitions": TOOLS + "reassign.ReassignPartitionsCommand",
    "kafka-leader-election": TOOLS + "LeaderElectionCommand",
    "kafka-acls": TOOLS + "AclCommand",
    "kafka-transactions": TOOLS + "TransactionsCommand",
    "kafka-metadata-quorum": TOOLS + "MetadataQuorumCommand",
    "kafka-features": TOOLS + "FeatureCommand",
    "kafka-console-producer": TOOLS + "ConsoleProducer",
    "kafka-console-consumer": TOOLS + "consumer.ConsoleConsumer",
    "kafka-consumer-perf-test": TOOLS + "ConsumerPerformance",
    "kafka-get-offsets": TOOLS + "GetOffsetShell",
    "kafka-dump-log": TOOLS + "DumpLogSegments",
    "kafka-producer-perf-test": TOOLS + "ProducerPerformance",
    "kafka-verifiable-producer": TOOLS + "VerifiableProducer",
    "kafka-verifiable-consumer": TOOLS + "VerifiableConsumer",
}

# The tools that start a producer or a consumer share other classes than those that administrate.
RECORDS = ("console", "perf-test", "verifiable")


@dataclass(frozen=True)
class ToolSet:
    """One column of the table: the version as a reader knows it, and the commands it has."""

    name: str
    classes: dict

    @property
    def own(self):
        return not self.classes

    def folder(self):
        return CLIENTS / f"kafka-{self.name}"


MILLRACE = ToolSet("millrace", {})
SETS = [
    MILLRACE,
    ToolSet("2.0.0", OLDER),
    ToolSet("2.5.0", OLDER | SINCE_2_4),
    ToolSet("2.8.2", OLDER | SINCE_2_4 | SINCE_2_8),
    ToolSet("3.2.0", OLDER | SINCE_2_4 | SINCE_2_8 | SINCE_3_0),
    ToolSet("4.4.0", NEWEST),
]
BY_NAME = {tools.name: tools for tools in SETS}
# Kafka's own tools of the releases that the tutorials use, and of the newest.
KAFKA = ("2.5.0", "2.8.2", "3.2.0", "4.4.0")
ALL = (MILLRACE.name, *KAFKA)


def java():
    home = os.environ.get("JAVA_HOME")
    return str(Path(home, "bin/java")) if home else "java"


def archives(tools):
    """Class archives of a tool set, by what the tools do."""
    folder = tools.folder()
    if not (folder / ".complete").exists():
        raise SystemExit(f"bin/walk: Kafka's tools of {tools.name} are not here; get them with: src/test/clients/resolve")
    return {"admin": folder / "admin-served.jsa", "records": folder / "records-served.jsa"}


def prepare(tools, broker):
    """Writes the scripts of a tool set into its `bin`; archives that are missing come from runs with a broker."""
    folder = tools.folder()
    bin_folder = folder / "bin"
    bin_folder.mkdir(exist_ok=True)
    class_path = ":".join(str(jar) for jar in sorted(folder.glob("*.jar")))
    files = archives(tools)
    archive(files["admin"], class_path, admin_line(tools, broker))
    archive(files["records"], class_path, records_line(tools, broker))
    for script, main in tools.classes.items():
        kind = "records" if any(word in script for word in RECORDS) else "admin"
        command = [java(), *light(files[kind]), "-cp", class_path, main]
        for name in (script + ".sh", script):
            write_script(bin_folder / name, f'exec {" ".join(command)} "$@"')
    run_class = [java(), *light(files["admin"]), "-cp", class_path]
    write_script(bin_folder / "kafka-run-class.sh", f'exec {" ".join(run_class)} "$@"')


def light(archive_file):
    """Few threads, the first compiler only, and no word about the archive."""
    flags = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xlog:disable", "-Xmx256m"]
    if archive_file.exists():
        flags.append(f"-XX:SharedArchiveFile={archive_file}")
    return flags


def archive(file, class_path, line):
    """The classes that one run loads, linked and kept: half of what each later run would spend."""
    if not file.exists():
        subprocess.run(
            [java(), f"-XX:ArchiveClassesAtExit={file}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
             "-Xlog:disable", "-Xmx256m", "-cp", class_path, *line],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            timeout=60, check=False)


def admin_line(tools, broker):
    return [tools.classes["kafka-topics"], "--bootstrap-server", broker, "--create", "--topic", tools.name,
            "--partitions", "1", "--replication-factor", "1"]


def records_line(tools, broker):
    """A tool that has a producer, a consumer and an admin in it."""
    package = TOOLS if tools.classes is NEWEST else CORE_TOOLS
    return [package + "EndToEndLatency", broker, tools.name, "5", "1", "20"]


def write_script(file, text):
    file.write_text("#!/bin/sh\n" + text + "\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
