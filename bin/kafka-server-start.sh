#!/bin/sh
# Starts a broker with Kafka's command line; what it understands stands in bin/millrace.
if [ "$*" = '' ] || [ "$*" = -daemon ]; then
  echo "USAGE: $0 [-daemon] server.properties [--override property=value]*"
  exit 1
fi
bin=${0%/*}
[ -x "$bin/millrace" ] || bin=$(dirname "$(readlink -f "$0")")
exec "$bin/millrace" kafka-server-start "$@"
