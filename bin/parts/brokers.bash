# Part of bin/millrace and bin/kafka-server-stop.sh: finds the brokers that run from this folder, $home.

# Prints "PID LOGFOLDER" of each broker of this folder; only brokers have both of these words.
brokers() {
  local file pid line word logs ours
  if [ -d /proc/self ]; then
    for file in $(grep -laF -e "-Dmillrace.home=$home" /proc/[0-9]*/cmdline 2>/dev/null); do
      pid=${file//[!0-9]/}
      ours='' logs=''
      while IFS= read -r -d '' word; do
        case $word in
          "-Dmillrace.home=$home") ours=yes ;;
          -Dkafka.logs.dir=*) logs=${word#*=} ;;
        esac
      done 2>/dev/null <"$file" || true
      if [ -n "$ours" ] && [ -n "$logs" ]; then echo "$pid $logs"; fi
    done
  else
    ps -axww -o pid=,command= | while read -r pid line; do
      case " $line " in
        *" -Dmillrace.home=$home "*' -Dkafka.logs.dir='*)
          logs=${line#*-Dkafka.logs.dir=}
          echo "$pid ${logs%% -D*}"
          ;;
      esac
    done
  fi
}
