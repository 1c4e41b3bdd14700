#!/usr/bin/env bash
# Stops the brokers that were started from this folder, and no others, and waits until they are gone.
#   kafka-server-stop.sh [--node-id=N] [--process-role=broker|controller]
# A broker is its controller too, so a role chooses all. SIGNAL is what they are sent, TERM unless set.
set -euo pipefail
self=${BASH_SOURCE[0]}
[ ! -L "$self" ] || self=$(readlink -f "$self")
case $self in */*) home=${self%/*}/.. ;; *) home=.. ;; esac
home=$(CDPATH='' cd -- "$home" && pwd -P)
signal=${SIGNAL:-TERM}
patience=60

node=
for word; do
  case $word in
    --node-id=*) node=${word#*=} ;;
    --process-role=broker | --process-role=controller) ;;
    *)
      echo "kafka-server-stop.sh: unknown argument $word; it takes --node-id=N and --process-role=broker or controller" >&2
      exit 1
      ;;
  esac
done

# shellcheck source=bin/parts/brokers.bash
. "$home/bin/parts/brokers.bash"

# Whether a broker has the wanted id, which it wrote into the folder of its log.
is_wanted() {
  local pid=$1 logs=$2 written=
  [ -n "$node" ] || return 0
  [ -f "$logs/millrace-$node.pid" ] && IFS= read -r written <"$logs/millrace-$node.pid" && [ "$written" = "$pid" ]
}

exists() {
  if [ -d /proc/self ]; then [ -d "/proc/$1" ]; else ps -p "$1" >/dev/null 2>&1; fi
}

# Whether a process still runs. One that has ended stays as a zombie until its parent looks, and
# in a container that may be never.
runs() {
  local line state
  kill -0 "$1" 2>/dev/null || return 1
  if IFS= read -r line 2>/dev/null <"/proc/$1/stat"; then
    state=${line##*) }
    [ "${state%% *}" != Z ] || return 1
  fi
}

begun=$SECONDS
begun_us=${EPOCHREALTIME:-}
pids=()
while read -r pid logs; do
  if is_wanted "$pid" "$logs"; then pids+=("$pid"); fi
done < <(brokers)
if [ ${#pids[@]} -eq 0 ]; then
  echo "No kafka server to stop"
  exit 1
fi
for pid in "${pids[@]}"; do
  # Gone by itself meanwhile, or another user's.
  kill -s "$signal" "$pid" 2>/dev/null || ! exists "$pid" || {
    echo "The broker (pid $pid) belongs to another user: stop it as that user, or with sudo." >&2
    exit 1
  }
done
for pid in "${pids[@]}"; do
  while runs "$pid"; do
    if [ $((SECONDS - begun)) -ge "$patience" ]; then
      echo "The broker (pid $pid) is still there after $patience s; its log says what it does, kill -9 $pid ends it and loses nothing that is on disk." >&2
      exit 1
    fi
    sleep 0.05
  done
  took="$((SECONDS - begun)) s"
  [ -z "$begun_us" ] || took="$(((${EPOCHREALTIME//[!0-9]/} - ${begun_us//[!0-9]/}) / 1000)) ms"
  echo "Stopped the broker (pid $pid) in $took."
done
