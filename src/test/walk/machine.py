"""A private machine for each walk: own network, own process numbers, own /tmp, own /etc/hosts.

So two walks run side by side, each with the ports, names, addresses and folders that its tutorial
says, and nothing that it starts outlives it.
"""

import fcntl
import shutil
import socket
import struct
import subprocess
from pathlib import Path

# What the tutorials call their server, and the address that one of them prints.
PUBLIC_ADDRESS = "54.180.108.166"
NAMES = {
    PUBLIC_ADDRESS: ["my-kafka"],
    "127.0.0.1": ["localhost", "kafka-server", "kafka-broker01", "kafka-broker02", "kafka-broker03"],
}

ROOTLESS = ["unshare", "--map-root-user"]
SPACES = ["--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child"]


def prefix():
    """The command that opens a private machine here; None where the system does not allow it."""
    if not shutil.which("unshare"):
        return None
    for start in (["unshare"], ROOTLESS):
        tried = subprocess.run([*start, *SPACES, "mount", "-t", "tmpfs", "none", "/var/lib"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        if tried.returncode == 0:
            return [*start, *SPACES]
    return None


def furnish(work, keep):
    """Makes the machine that this process is in ready: loopback up, names, private folders."""
    bring_up("lo", "127.0.0.1", "255.0.0.0")
    bring_up("lo:1", PUBLIC_ADDRESS, "255.255.255.255")
    hosts = work / "hosts"
    hosts.write_text("".join(f"{address} {' '.join(names)}\n" for address, names in NAMES.items())
                     + f"127.0.0.1 {socket.gethostname()}\n")
    mount("--bind", hosts, "/etc/hosts")
    private("/tmp", work, keep)
    for folder in ("/var/lib", "/var/log"):
        private(folder, work, keep)


def private(folder, work, keep):
    """Another, empty folder in the place of a folder of the system, save what is to be kept of it."""
    stage = work / folder.strip("/").replace("/", "-")
    stage.mkdir(parents=True, exist_ok=True)
    stage.chmod(0o1777)
    for kept in keep:
        if Path(folder) in kept.parents:
            inside = stage / kept.relative_to(folder)
            inside.mkdir(parents=True, exist_ok=True)
            mount("--bind", kept, inside)
    mount("--rbind", stage, folder)


def mount(*arguments):
    subprocess.run(["mount", *map(str, arguments)], check=True)


def bring_up(interface, address, mask):
    SET_ADDRESS, SET_MASK, GET_FLAGS, SET_FLAGS, UP = 0x8916, 0x891C, 0x8913, 0x8914, 1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        def call(request, tail):
            return fcntl.ioctl(handle, request, struct.pack("16s24s", interface.encode(), tail))

        def of(text):
            return struct.pack("HH4s16x", socket.AF_INET, 0, socket.inet_aton(text))

        call(SET_ADDRESS, of(address))
        call(SET_MASK, of(mask))
        flags = struct.unpack("16sH22x", call(GET_FLAGS, b""))[1]
        call(SET_FLAGS, struct.pack("H22x", flags | UP))
