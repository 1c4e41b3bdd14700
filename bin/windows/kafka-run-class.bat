@echo off
"%~dp0millrace.bat" kafka-run-class %*
