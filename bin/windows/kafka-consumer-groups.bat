@echo off
"%~dp0millrace.bat" kafka-consumer-groups %*
