@echo off
"%~dp0millrace.bat" kafka-log-dirs %*
