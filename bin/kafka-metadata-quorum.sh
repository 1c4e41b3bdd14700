#!/bin/sh
# kafka-metadata-quorum of Millrace, under the name that Kafka's scripts have.
bin=${0%/*}
[ -x "$bin/millrace" ] || bin=$(dirname "$(readlink -f "$0")")
exec "$bin/millrace" kafka-metadata-quorum "$@"
