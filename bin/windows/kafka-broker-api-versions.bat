@echo off
"%~dp0millrace.bat" kafka-broker-api-versions %*
