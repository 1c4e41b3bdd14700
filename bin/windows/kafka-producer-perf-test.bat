@echo off
"%~dp0millrace.bat" kafka-producer-perf-test %*
