#!/bin/sh
echo "There is no ZooKeeper to stop, Millrace keeps its metadata itself: kafka-server-stop.sh stops the broker."
