#!/bin/sh
echo "Millrace has no MirrorMaker of its own, and Kafka's works with it, as source and as target: type this line in a folder of Kafka 2.5 to 3.9, or use MirrorMaker 2, connect-mirror-maker.sh, which newer ones have." >&2
exit 1
