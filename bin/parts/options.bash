# Part of bin/millrace: what the environment asks of the JVM, as Kafka's scripts understand it.

# Sets options for a mode (broker, load or tool), and logs, the folder of the log files.
choose_options() {
  local mode=$1 heap=${MILLRACE_HEAP_OPTS:-${KAFKA_HEAP_OPTS:-}}
  options=()
  choose_log_folder
  add_options KAFKA_HEAP_OPTS "$heap"
  add_options KAFKA_JVM_PERFORMANCE_OPTS "${KAFKA_JVM_PERFORMANCE_OPTS:-}"
  if [ "$mode" = broker ]; then add_options_of_broker; fi
  add_options KAFKA_OPTS "${KAFKA_OPTS:-} ${MILLRACE_OPTS:-}"
  choose_collector
  choose_heap "$mode"
  case $mode in
    # Methods are compiled in smaller pieces: half the work, and no slower code for what a broker does.
    # No full collection stops a broker only because more classes than usual were loaded.
    broker)
      options=(-XX:+ExitOnOutOfMemoryError -XX:MetaspaceSize=64m -XX:MaxInlineLevel=9 -XX:FreqInlineSize=100 -XX:InlineSmallCode=1000
        ${options[@]+"${options[@]}"})
      # A process at rest sleeps: locks that nobody uses are tidied up every two seconds, not four times
      # in one. The JVM looks for other tidying every ten seconds, and samples what jstat shows once a
      # second, not twenty times; later Javas do neither. Whether Javas to come take these is not known.
      [ "$major" -ge 24 ] || options=(-XX:GuaranteedSafepointInterval=10000 -XX:PerfDataSamplingInterval=1000 "${options[@]}")
      [ "$major" -gt 25 ] || options=(-XX:+UnlockDiagnosticVMOptions -XX:AsyncDeflationInterval=2000 "${options[@]}")
      ;;
    # Short runs: the second compiler would only begin.
    tool) options=(-XX:TieredStopAtLevel=1 ${options[@]+"${options[@]}"}) ;;
  esac
}

# Adds the words of a variable, but not those that the JVM has no longer and refuses to start with:
# old books set them.
add_options() {
  local variable=$1 word words
  set -f
  # shellcheck disable=SC2206
  words=($2)
  set +f
  for word in ${words[@]+"${words[@]}"}; do
    case $word in
      -XX:*ConcMarkSweep* | -XX:*ParNewGC | -XX:[+-]CMS* | -XX:CMS* | -XX:*PermSize=* | -XX:*PrintGC*Stamps | \
      -XX:+PrintTenuringDistribution | -XX:+PrintGCApplication* | -XX:*GCLogFile* | -XX:*AggressiveOpts | -d32 | -d64)
        echo "$variable: $word is ignored, Java $major has it no longer." >&2 ;;
      *) options+=("$word") ;;
    esac
  done
}

add_options_of_broker() {
  if [ -n "${KAFKA_GC_LOG_OPTS:-}" ]; then
    add_options KAFKA_GC_LOG_OPTS "$KAFKA_GC_LOG_OPTS"
  elif [ -n "$log_gc" ]; then
    mkdir -p "$logs" 2>/dev/null || true
    options+=("-Xlog:gc*:file=$logs/$name-gc.log:time,tags:filecount=10,filesize=100M")
  fi
  local jmx=${KAFKA_JMX_OPTS:-}
  if [ -n "${JMX_PORT:-}" ]; then
    [ -n "$jmx" ] || jmx="-Dcom.sun.management.jmxremote=true -Dcom.sun.management.jmxremote.authenticate=false -Dcom.sun.management.jmxremote.ssl=false"
    jmx="$jmx -Dcom.sun.management.jmxremote.port=$JMX_PORT"
    case $jmx in
      *jmxremote.rmi.port=*) ;;
      *) jmx="$jmx -Dcom.sun.management.jmxremote.rmi.port=$JMX_PORT" ;;
    esac
  fi
  add_options KAFKA_JMX_OPTS "$jmx"
  add_log_options
  if [ -n "${KAFKA_DEBUG:-}" ]; then
    local debug=${JAVA_DEBUG_OPTS:--agentlib:jdwp=transport=dt_socket,server=y,suspend=${DEBUG_SUSPEND_FLAG:-n},address=${JAVA_DEBUG_PORT:-5005}}
    echo "Enabling Java debug options: $debug"
    add_options JAVA_DEBUG_OPTS "$debug"
  fi
}

# The folder, absolute, so that it can be found by others who look at the process.
choose_log_folder() {
  logs=${LOG_DIR:-}
  case " ${KAFKA_LOG4J_OPTS:-}" in
    *' '-Dkafka.logs.dir=*)
      [ -n "$logs" ] || { logs=${KAFKA_LOG4J_OPTS##*-Dkafka.logs.dir=}; logs=${logs%%[[:space:]]*}; }
      ;;
  esac
  [ -n "$logs" ] || logs=$home/logs
  case $logs in /*) ;; *) logs=$PWD/$logs ;; esac
}

# There is no Log4j: its files are named as ignored; the folder of the logs was taken over already,
# and what else the variable sets is a property of the JVM, as it would be for Kafka.
add_log_options() {
  local word words ignored=
  set -f
  # shellcheck disable=SC2206
  words=(${KAFKA_LOG4J_OPTS:-})
  set +f
  for word in ${words[@]+"${words[@]}"}; do
    case $word in
      -Dkafka.logs.dir=*) ;;
      -Dlog4j.configuration=* | -Dlog4j.configurationFile=* | -Dlog4j2.configurationFile=*) ignored=$word ;;
      *) options+=("$word") ;;
    esac
  done
  [ -z "$ignored" ] ||
    echo "KAFKA_LOG4J_OPTS: $ignored is ignored, there is no Log4j; the log is in $logs, -Dlogback.configurationFile=FILE changes it." >&2
}

# The collector that needs least memory, unless another was asked for. What lives as long as the
# process is copied by four of its collections, not by fifteen.
choose_collector() {
  case " ${options[*]-} " in
    *' -XX:+Use'*GC' '*) ;;
    *) options=(-XX:+UseSerialGC -XX:MaxTenuringThreshold=4 ${options[@]+"${options[@]}"}) ;;
  esac
}

# A first heap without a limit is the books' slip -Xms400m -Xms400m: on their small machine the JVM
# makes it the limit too, elsewhere it would take a quarter of the memory. Here it is the limit
# everywhere, though not less than a broker needs.
choose_heap() {
  local mode=$1 word first='' limit=''
  for word in "${options[@]}"; do
    case $word in
      -Xmx* | -XX:MaxHeapSize=* | -XX:*RAMPercentage=* | -XX:MaxRAM*) limit=$word ;;
      -Xms*) first=${word#-Xms} ;;
      -XX:InitialHeapSize=*) first=${word#*=} ;;
    esac
  done
  [ -z "$limit" ] || return 0
  if [ -n "$first" ]; then
    local size
    size=${first%[kKmMgGtT]}
    case $first in
      *[!0-9kKmMgGtT]* | [!0-9]*) return 0 ;;
      *[kK]) size=$((size >> 10)) ;;
      *[mM]) ;;
      *[gG]) size=$((size << 10)) ;;
      *[tT]) size=$((size << 20)) ;;
      *) size=$((size >> 20)) ;;
    esac
    if [ "$size" -lt 256 ]; then options+=(-Xmx256m); else options+=("-Xmx$first"); fi
    return 0
  fi
  case $mode in
    broker) options+=(-Xms32m -Xmx512m) ;;
    load) options+=(-Xmx512m) ;;
    tool) options+=(-Xmx256m) ;;
  esac
}
