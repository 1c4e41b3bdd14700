@echo off
"%~dp0millrace.bat" kafka-server-stop %*
