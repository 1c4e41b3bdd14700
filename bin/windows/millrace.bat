@echo off
rem Runs Millrace on Windows. The other .bat files of this folder name a command of it:
rem   millrace.bat start [--config FILE] [--override key=value]...    a broker
rem   millrace.bat kafka-topics ...                                  a tool; --help lists them
rem In a distribution each of them lies in bin and in bin\windows.
rem
rem Variables, as Kafka's scripts have them: JAVA_HOME, KAFKA_HEAP_OPTS (or MILLRACE_HEAP_OPTS),
rem KAFKA_JVM_PERFORMANCE_OPTS, KAFKA_OPTS (and MILLRACE_OPTS), CLASSPATH, LOG_DIR; and for a broker
rem KAFKA_GC_LOG_OPTS, KAFKA_JMX_OPTS, JMX_PORT.
rem
rem Paths may have blanks and parentheses, so none is expanded inside a block of parentheses.
setlocal EnableExtensions DisableDelayedExpansion

set "home="
set "libs=libs"
for %%h in ("%~dp0.." "%~dp0..\..") do if not defined home if exist "%%~fh\libs\millrace.jar" set "home=%%~fh"
if not defined home set "libs=target\libs"
for %%h in ("%~dp0.." "%~dp0..\..") do if not defined home if exist "%%~fh\target\libs\millrace.jar" set "home=%%~fh"
if not defined home goto :no_jar
set "libs=%home%\%libs%"

rem The other name of conf: a link needs a privilege here, a junction does not.
if not exist "%home%\config" mklink /J "%home%\config" "%home%\conf" >nul 2>nul

set "command=%~1"
set rest=%*
if "%command%"=="zookeeper-server-start" goto :zookeeper_start
if "%command%"=="zookeeper-server-stop" goto :zookeeper_stop
if "%command%"=="zookeeper-shell" goto :zookeeper_shell
if "%command%"=="connect-standalone" goto :connect_standalone
if "%command%"=="connect-distributed" goto :connect_distributed
if "%command%"=="connect-mirror-maker" goto :connect_mirror_maker
if "%command%"=="kafka-mirror-maker" goto :kafka_mirror_maker
if "%command%"=="kafka-storage" goto :storage
if "%command%"=="kafka-server-stop" goto :stop
if "%command%"=="stop" goto :stop
if "%command%"=="kafka-run-class" goto :run_class
if "%command%"=="kafka-server-start" goto :server_start
set "main=io.millrace.cli.Main"
goto :run

rem --- commands that are more than a command of the program -----------------------------------

:server_start
if "%~2"=="" goto :start_usage
if "%~2"=="-daemon" goto :no_daemon
set "main=io.millrace.cli.Kafka"
set rest=%rest:*kafka-server-start=%
goto :run

:start_usage
echo USAGE: kafka-server-start.bat server.properties [--override property=value]*
exit /b 1

:no_daemon
echo There is no -daemon on Windows; a window of its own does it: start "Kafka" bin\windows\kafka-server-start.bat config\server.properties 1>&2
exit /b 1

rem Windows has no signal for a polite end, so the process is ended; what it acknowledged is on disk
rem or with the system, and the next start checks the ends of its files.
:stop
powershell -NoProfile -Command "$found = @(Get-CimInstance Win32_Process -Filter 'Name = ''java.exe''' | Where-Object { $_.CommandLine -match 'io\.millrace\.cli\.(Kafka|Main\W+start)' }); if ($found.Count -eq 0) { 'No kafka server to stop'; exit 1 }; $found | ForEach-Object { Stop-Process -Id $_.ProcessId -Force; 'Stopped the broker (pid {0}).' -f $_.ProcessId }"
exit /b %errorlevel%

:zookeeper_start
echo ZooKeeper is not needed, Millrace keeps its metadata itself: go on with kafka-server-start.bat.
exit /b 0

:zookeeper_stop
echo There is no ZooKeeper to stop, Millrace keeps its metadata itself: kafka-server-stop.bat stops the broker.
exit /b 0

:zookeeper_shell
echo There is no ZooKeeper to look into, Millrace keeps its metadata itself: kafka-topics.bat, kafka-configs.bat and kafka-cluster.bat show it.
exit /b 0

:connect_standalone
echo Millrace has no Connect of its own, and Kafka's works with it: type this line in a folder of Kafka 2.8 or newer; since 3.1.1, its file connectors need plugin.path=libs/connect-file-VERSION.jar in config/connect-standalone.properties. 1>&2
exit /b 1

:connect_distributed
echo Millrace has no Connect of its own, and Kafka's works with it: type this line in a folder of Kafka 2.8 or newer. 1>&2
exit /b 1

:connect_mirror_maker
echo Millrace has no MirrorMaker of its own, and Kafka's works with it, as source and as target: type this line in a folder of Kafka 2.8 or newer. 1>&2
exit /b 1

:kafka_mirror_maker
echo Millrace has no MirrorMaker of its own, and Kafka's works with it, as source and as target: type this line in a folder of Kafka 2.5 to 3.9, or use MirrorMaker 2, connect-mirror-maker.bat, which newer ones have. 1>&2
exit /b 1

:storage
if "%~2"=="format" goto :storage_format
if "%~2"=="random-uuid" goto :storage_uuid
echo Usage: kafka-storage.bat random-uuid, or format ..., which does nothing: a start prepares its folders
if "%~2"=="" exit /b 0
if "%~2"=="--help" exit /b 0
exit /b 1

:storage_format
echo Formatting is not needed, Millrace prepares its folders when it starts: go on with kafka-server-start.bat.
exit /b 0

:storage_uuid
powershell -NoProfile -Command "do { $id = [Convert]::ToBase64String([Guid]::NewGuid().ToByteArray()).Substring(0, 22).Replace('+', '-').Replace('/', '_') } while ($id[0] -eq '-'); $id"
exit /b %errorlevel%

rem One of Kafka's own classes is the command that stands for it; any other runs on the class path.
:run_class
if "%~2"=="" goto :run_class_usage
set "class=%~2"
for %%c in ("%class:.=\%") do set "simple=%%~nxc"
set "stands="
if "%simple%"=="Kafka" set "stands=kafka-server-start"
if "%simple%"=="TopicCommand" set "stands=kafka-topics"
if "%simple%"=="CreateTopicCommand" set "stands=kafka-create-topic"
if "%simple%"=="ConfigCommand" set "stands=kafka-configs"
if "%simple%"=="ConsoleProducer" set "stands=kafka-console-producer"
if "%simple%"=="ConsoleConsumer" set "stands=kafka-console-consumer"
if "%simple%"=="ConsumerGroupCommand" set "stands=kafka-consumer-groups"
if "%simple%"=="GroupsCommand" set "stands=kafka-groups"
if "%simple%"=="VerifiableProducer" set "stands=kafka-verifiable-producer"
if "%simple%"=="VerifiableConsumer" set "stands=kafka-verifiable-consumer"
if "%simple%"=="DeleteRecordsCommand" set "stands=kafka-delete-records"
if "%simple%"=="BrokerApiVersionsCommand" set "stands=kafka-broker-api-versions"
if "%simple%"=="ClusterTool" set "stands=kafka-cluster"
if "%simple%"=="GetOffsetShell" set "stands=kafka-get-offsets"
if "%simple%"=="LogDirsCommand" set "stands=kafka-log-dirs"
if "%simple%"=="ReassignPartitionsCommand" set "stands=kafka-reassign-partitions"
if "%simple%"=="LeaderElectionCommand" set "stands=kafka-leader-election"
if "%simple%"=="MetadataQuorumCommand" set "stands=kafka-metadata-quorum"
if "%simple%"=="DumpLogSegments" set "stands=kafka-dump-log"
if "%simple%"=="ProducerPerformance" set "stands=kafka-producer-perf-test"
if "%simple%"=="ConsumerPerformance" set "stands=kafka-consumer-perf-test"
if "%simple%"=="StorageTool" set "stands=kafka-storage"
if "%simple%"=="QuorumPeerMain" set "stands=zookeeper-server-start"
if not "%class:~0,6%"=="kafka." if not "%class:~0,11%"=="org.apache." set "stands="
call set rest=%%rest:*%class%=%%
if defined stands goto :run_stand_in
set "main=%class%"
set "command=class"
goto :run

:run_stand_in
"%~f0" %stands% %rest%

:run_class_usage
echo USAGE: kafka-run-class.bat classname [opts]
exit /b 1

rem --- running ----------------------------------------------------------------------------------

:run
if defined JAVA_HOME goto :java_of_home
set "java="
for %%j in (java.exe) do set "java=%%~$PATH:j"
if not defined java goto :no_java
goto :java_version

:java_of_home
set "java=%JAVA_HOME:"=%\bin\java.exe"
if not exist "%java%" goto :no_java_in_home

rem The release file tells the version at no cost; else Java is asked.
:java_version
for %%j in ("%java%") do set "root=%%~dpj.."
set "release="
if exist "%root%\release" for /f "usebackq tokens=1,2 delims==" %%k in ("%root%\release") do if "%%k"=="JAVA_VERSION" set "release=%%~l"
if defined release goto :java_major
set "said=%TEMP%\millrace-java-%RANDOM%.txt"
"%java%" -version 2>"%said%"
for /f "usebackq tokens=2,3" %%k in ("%said%") do if "%%k"=="version" if not defined release set "release=%%~l"
del "%said%" >nul 2>nul
:java_major
set "major=0"
for /f "tokens=1,2 delims=.-_+" %%k in ("%release%") do set "major=%%k" & if "%%k"=="1" set "major=%%l"
if %major% LSS 17 goto :old_java

set jvm=-Dio.netty.jfr.enabled=false -Dio.netty.tryReflectionSetAccessible=true --add-opens java.base/java.nio=ALL-UNNAMED
if %major% GEQ 24 set jvm=%jvm% --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
if %major% GEQ 25 set jvm=%jvm% -XX:+UseCompactObjectHeaders
if not defined KAFKA_JVM_PERFORMANCE_OPTS set KAFKA_JVM_PERFORMANCE_OPTS=-XX:+UseSerialGC -XX:MaxTenuringThreshold=4
if defined MILLRACE_HEAP_OPTS set KAFKA_HEAP_OPTS=%MILLRACE_HEAP_OPTS%
if "%main%"=="io.millrace.cli.Kafka" goto :broker_options
if "%command%"=="start" goto :broker_options
if not defined KAFKA_HEAP_OPTS set KAFKA_HEAP_OPTS=-Xmx512m
set jvm=-XX:TieredStopAtLevel=1 %jvm%
goto :options_done

:broker_options
if not defined KAFKA_HEAP_OPTS set KAFKA_HEAP_OPTS=-Xms32m -Xmx512m
rem Methods are compiled in smaller pieces: half the work, and no slower code for what a broker does.
set KAFKA_JVM_PERFORMANCE_OPTS=-XX:MetaspaceSize=64m -XX:MaxInlineLevel=9 -XX:FreqInlineSize=100 -XX:InlineSmallCode=1000 %KAFKA_JVM_PERFORMANCE_OPTS%
if defined JMX_PORT if not defined KAFKA_JMX_OPTS set KAFKA_JMX_OPTS=-Dcom.sun.management.jmxremote=true -Dcom.sun.management.jmxremote.authenticate=false -Dcom.sun.management.jmxremote.ssl=false
if defined JMX_PORT set KAFKA_JMX_OPTS=%KAFKA_JMX_OPTS% -Dcom.sun.management.jmxremote.port=%JMX_PORT% -Dcom.sun.management.jmxremote.rmi.port=%JMX_PORT%
set jvm=%jvm% -XX:+ExitOnOutOfMemoryError %KAFKA_GC_LOG_OPTS% %KAFKA_JMX_OPTS%

:options_done
set "classes=%libs%\*"
if defined CLASSPATH set "classes=%classes%;%CLASSPATH:"=%"
set jvm=%KAFKA_HEAP_OPTS% %KAFKA_JVM_PERFORMANCE_OPTS% %jvm% %KAFKA_OPTS% %MILLRACE_OPTS%
if "%main%"=="io.millrace.cli.Main" goto :run_command
"%java%" %jvm% "-Dmillrace.home=%home%" -cp "%classes%" %main% %rest%
exit /b %errorlevel%

:run_command
"%java%" %jvm% "-Dmillrace.home=%home%" -cp "%classes%" %main% %*
exit /b %errorlevel%

rem --- what stands in the way -----------------------------------------------------------------

:no_jar
echo There is no libs\millrace.jar beside "%~dp0": unpack Millrace again, or in a checkout type first: mvn package 1>&2
exit /b 1

:no_java
echo Millrace needs Java 17 or newer, and there is none: winget install EclipseAdoptium.Temurin.21.JRE 1>&2
exit /b 1

:no_java_in_home
echo JAVA_HOME is "%JAVA_HOME:"=%", but there is no bin\java.exe in it: correct it, or unset it and: winget install EclipseAdoptium.Temurin.21.JRE 1>&2
exit /b 1

:old_java
echo Millrace needs Java 17 or newer, but "%java%" is Java %release%: winget install EclipseAdoptium.Temurin.21.JRE 1>&2
exit /b 1
