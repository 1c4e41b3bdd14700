@echo off
"%~dp0millrace.bat" kafka-console-producer %*
