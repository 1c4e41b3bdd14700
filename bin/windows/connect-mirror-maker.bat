@echo off
"%~dp0millrace.bat" connect-mirror-maker %*
