@echo off
"%~dp0millrace.bat" kafka-get-offsets %*
