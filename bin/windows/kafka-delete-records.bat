@echo off
"%~dp0millrace.bat" kafka-delete-records %*
