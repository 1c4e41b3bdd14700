@echo off
"%~dp0millrace.bat" kafka-topics %*
