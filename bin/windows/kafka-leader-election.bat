@echo off
"%~dp0millrace.bat" kafka-leader-election %*
