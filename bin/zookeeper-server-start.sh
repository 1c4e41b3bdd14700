#!/bin/sh
echo "ZooKeeper is not needed, Millrace keeps its metadata itself: go on with kafka-server-start.sh."
