@echo off
"%~dp0millrace.bat" connect-distributed %*
