@echo off
"%~dp0millrace.bat" zookeeper-server-start %*
