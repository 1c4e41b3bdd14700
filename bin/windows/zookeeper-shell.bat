@echo off
"%~dp0millrace.bat" zookeeper-shell %*
