#!/bin/sh
echo "Millrace has no Connect of its own, and Kafka's works with it: type this line in a folder of Kafka 2.8 or newer; since 3.1.1, its file connectors need plugin.path=libs/connect-file-VERSION.jar in config/connect-standalone.properties." >&2
exit 1
