#!/bin/sh
echo "There is no ZooKeeper to look into, Millrace keeps its metadata itself: kafka-topics.sh, kafka-configs.sh and kafka-cluster.sh show it."
