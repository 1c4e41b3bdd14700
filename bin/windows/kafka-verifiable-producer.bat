@echo off
"%~dp0millrace.bat" kafka-verifiable-producer %*
