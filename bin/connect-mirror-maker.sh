#!/bin/sh
echo "Millrace has no MirrorMaker of its own, and Kafka's works with it, as source and as target: type this line in a folder of Kafka 2.8 or newer." >&2
exit 1
