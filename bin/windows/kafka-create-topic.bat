@echo off
"%~dp0millrace.bat" kafka-create-topic %*
