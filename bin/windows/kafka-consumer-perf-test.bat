@echo off
"%~dp0millrace.bat" kafka-consumer-perf-test %*
