"""The book chapter for 3.2.0, its first half: one broker on a machine with 1 GiB."""

import samples
from engine import Mismatch, Tutorial

BROKER = "my-kafka:9092"


def prepare(walk):
    """The broker as the chapter configures it."""
    configure(walk)
    walk.serve("bin/kafka-server-start.sh -daemon config/server.properties").succeeds()


def configure(walk):
    samples.write(walk.server / "config/server.properties", samples.KAFKA_3_2 | {
        "listeners": "PLAINTEXT://:9092",
        "advertised.listeners": f"PLAINTEXT://{BROKER}",
        "log.dirs": "/tmp/kafka-logs",
    })


tutorial = Tutorial("small-machine", "book chapter for 3.2.0 on a small machine", prepare)
row = tutorial.row


# -- the broker ------------------------------------------------------------------------------------


@row("kafka-server-start.sh without a file prints how to call it")
def usage(walk):
    walk.run("bin/kafka-server-start.sh").exits(1).says(
        r"^USAGE: .*kafka-server-start\.sh \[-daemon\] server\.properties \[--override property=value\]\*$")


@row("zookeeper-server-start.sh -daemon says that it is not needed")
def zookeeper(walk):
    walk.run("bin/zookeeper-server-start.sh -daemon config/zookeeper.properties").succeeds().says("(?i)not needed")
    walk.run("test -s config/zookeeper.properties").succeeds()
    walk.run("bin/zookeeper-server-stop.sh").succeeds().says("(?i)no ZooKeeper")


@row("the unedited sample file of 3.2 passes the check of the configuration")
def sample_file(walk):
    samples.write(walk.home / "config/server-3.2.properties", samples.KAFKA_3_2)
    walk.run("bin/kafka-server-start.sh --check-config config/server-3.2.properties").succeeds()


@row("the placeholder {ec2.host.name} left in advertised.listeners is refused with what to write")
def placeholder(walk):
    samples.write(walk.home / "config/unedited.properties", samples.KAFKA_3_2 | {
        "advertised.listeners": "PLAINTEXT://{ec2.host.name}:9092"})
    walk.run("bin/kafka-server-start.sh config/unedited.properties").fails_in_one_line().says(
        r"advertised\.listeners.*\{ec2\.host\.name\}")


@row("a mistyped key is refused, and the right one named")
def mistyped_key(walk):
    samples.write(walk.home / "config/mistyped.properties", samples.KAFKA_3_2 | {"log.retension.hours": "1"})
    walk.run("bin/kafka-server-start.sh config/mistyped.properties").fails_in_one_line().says(r"log\.retention\.hours")


@row("a mistyped key is only named where config.unknown=warn says so")
def mistyped_key_warned(walk):
    walk.run("bin/kafka-server-start.sh --check-config config/mistyped.properties --override config.unknown=warn"
             ).succeeds().says(r"log\.retention\.hours")


@row("several listeners, each with a name and a port of its own")
def listeners(walk):
    configure(walk)
    walk.run("bin/kafka-server-start.sh -daemon config/server.properties "
             "--override listeners=PLAINTEXT://:9092,INSIDE://localhost:9093 "
             f"--override advertised.listeners=PLAINTEXT://{BROKER},INSIDE://localhost:9093 "
             "--override listener.security.protocol.map=PLAINTEXT:PLAINTEXT,INSIDE:PLAINTEXT").succeeds()
    walk.run("bin/kafka-broker-api-versions.sh --bootstrap-server localhost:9093").succeeds().shows(r"^localhost:9093 \(id: 0 ")
    walk.run(f"bin/kafka-broker-api-versions.sh --bootstrap-server {BROKER}").succeeds().shows(rf"^{BROKER} \(id: 0 ")
    walk.run("bin/kafka-server-stop.sh").succeeds()


@row("the broker serves with 128 MiB of heap, and takes less than 300 MiB when idle")
def little_memory(walk):
    configure(walk)
    walk.run('export KAFKA_HEAP_OPTS="-Xmx128m -Xms64m"; bin/kafka-server-start.sh -daemon config/server.properties').succeeds()
    kibibytes = int(walk.run("ps -o rss= -p $(cat logs/millrace.pid)").succeeds().out)
    if kibibytes > 300 * 1024:
        raise Mismatch(f"it takes {kibibytes // 1024} MiB")
    walk.run("bin/kafka-server-stop.sh").succeeds()


@row("the slip -Xms400m -Xms400m without -Xmx starts, with 400 MiB at most")
def heap_slip(walk):
    walk.run('export KAFKA_HEAP_OPTS="-Xms400m -Xms400m"; bin/kafka-server-start.sh -daemon config/server.properties').succeeds()
    walk.run("jcmd $(cat logs/millrace.pid) VM.flags").shows("MaxHeapSize=419430400")
    walk.run("bin/kafka-server-stop.sh").succeeds()


@row("KAFKA_HEAP_OPTS is honoured exactly, and the other variables of Kafka's scripts too")
def environment(walk):
    walk.env |= {"KAFKA_HEAP_OPTS": "-Xmx400m -Xms400m"}
    walk.run("echo $KAFKA_HEAP_OPTS").lines_are("-Xmx400m -Xms400m")
    walk.run("bin/kafka-server-start.sh -daemon config/server.properties", KAFKA_OPTS="-Dx=1",
             KAFKA_JVM_PERFORMANCE_OPTS="-Dy=2", KAFKA_GC_LOG_OPTS="-Xlog:gc:file=logs/kafkaServer-gc.log",
             KAFKA_LOG4J_OPTS="-Dlog4j.configuration=file:config/log4j.properties",
             EXTRA_ARGS="-name kafkaServer -loggc", KAFKA_DEBUG="").succeeds()
    walk.run("jcmd $(cat logs/millrace.pid) VM.flags").shows("MaxHeapSize=419430400", "InitialHeapSize=419430400")
    walk.run("jcmd $(cat logs/millrace.pid) VM.system_properties").shows("^x=1$", "^y=2$")
    walk.run("test -s logs/kafkaServer-gc.log").succeeds()
    walk.run("bin/kafka-server-stop.sh").succeeds()


@row("JMX_PORT opens the port of the JVM's own monitoring")
def jmx(walk):
    walk.run("bin/kafka-server-start.sh -daemon config/server.properties", JMX_PORT="9999").succeeds()
    walk.run("exec 3<>/dev/tcp/localhost/9999").succeeds()
    walk.run("bin/kafka-server-stop.sh").succeeds()


@row("LOG_DIR moves the log")
def log_dir(walk):
    walk.run("bin/kafka-server-start.sh -daemon config/server.properties", LOG_DIR="/tmp/elsewhere").succeeds()
    walk.run("grep -c 'ready in' /tmp/elsewhere/server.log").succeeds()
    walk.run("bin/kafka-server-stop.sh", LOG_DIR="/tmp/elsewhere").succeeds()


@row("-daemon returns when the broker is ready: a tool finds it without a pause")
def daemon(walk):
    walk.run("rm -f logs/server.log")
    walk.run("bin/kafka-server-start.sh -daemon config/server.properties && bin/kafka-topics.sh "
             f"--bootstrap-server {BROKER} --list").succeeds()


@row("jps -m shows Kafka config/server.properties")
def jps(walk):
    walk.needs("jps")
    walk.run("jps -m").shows(r"^\d+ Kafka config/server\.properties")
    walk.run("jps -vm").shows(r"^\d+ Kafka config/server\.properties.* -Xmx400m -Xms400m")


@row("logs/server.log is short, and says listeners, folder, ids, version and how long the start took")
def server_log(walk):
    walk.run("test $(wc -l < logs/server.log) -lt 40").succeeds()
    walk.run("cat logs/server.log").shows(
        "9092", "/tmp/kafka-logs", r"broker 0 of cluster [\w-]{22}", r"(?i)millrace \d+\.\d+", r"ready in \d+ ms")


@row("logs/server.log says that port 2181 is not needed, and what zookeeper.connect is read as")
def no_zookeeper(walk):
    walk.run("grep -c 'not needed: 2181' logs/server.log").succeeds()
    walk.run("cat logs/server.log").shows("zookeeper.connect")


@row("data folders under /tmp draw a warning")
def temporary_folder(walk):
    walk.run("cat logs/server.log").shows(r"WARN.*/tmp/kafka-logs")


@row("the broker listens on every address")
def listens(walk):
    walk.needs("ss")
    walk.run("ss -ltn").shows(r"(\*|0\.0\.0\.0|\[::\]):9092\b")


@row("the keys for threads have an effect or say that they have none")
def thread_keys(walk):
    walk.run(f"bin/kafka-configs.sh --bootstrap-server {BROKER} --describe --entity-type brokers --entity-name 0 --all").shows(
        r"num\.io\.threads=8", r"num\.network\.threads=3")
