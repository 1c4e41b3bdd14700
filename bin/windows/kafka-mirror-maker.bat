@echo off
"%~dp0millrace.bat" kafka-mirror-maker %*
