@echo off
"%~dp0millrace.bat" kafka-dump-log %*
