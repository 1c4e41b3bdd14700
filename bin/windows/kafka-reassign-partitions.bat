@echo off
"%~dp0millrace.bat" kafka-reassign-partitions %*
