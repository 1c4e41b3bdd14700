@echo off
"%~dp0millrace.bat" kafka-metadata-quorum %*
