#!/bin/sh
echo "Millrace has no Connect of its own, and Kafka's works with it: type this line in a folder of Kafka 2.8 or newer." >&2
exit 1
