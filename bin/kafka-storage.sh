#!/usr/bin/env bash
# What Kafka's tool of this name does, as far as it makes sense here: nothing has to be formatted.
set -euo pipefail
self=${BASH_SOURCE[0]}
[ ! -L "$self" ] || self=$(readlink -f "$self")
case $self in */*) home=${self%/*}/.. ;; *) home=.. ;; esac

usage() {
  echo "Usage: kafka-storage.sh random-uuid | info -c FILE | format ..."
  echo "  random-uuid   prints an id as Kafka writes them"
  echo "  info          says what is in the data folders of a configuration"
  echo "  format        does nothing: a start prepares its folders"
}

# A random UUID in 22 characters of the URL's base64, not beginning with a dash, as Kafka's are.
random_uuid() {
  local alphabet=ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_
  local hex text=- i bits
  while [ "${text:0:1}" = - ]; do
    if [ -r /proc/sys/kernel/random/uuid ]; then
      read -r hex </proc/sys/kernel/random/uuid
    else
      hex=$(uuidgen)
    fi
    hex=${hex//-/}0
    text=
    for ((i = 0; i < 33; i += 3)); do
      bits=$((16#${hex:i:3}))
      text+=${alphabet:bits >> 6:1}${alphabet:bits & 63:1}
    done
  done
  echo "$text"
}

# The last value of a key in a file of properties.
value_of() {
  local key=$1 line found=
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      "$key="* | "$key "*=*) found=${line#*=}; found=${found%$'\r'}; found=${found#"${found%%[! ]*}"} ;;
    esac
  done <"$2"
  echo "$found"
}

info() {
  local file='' folders folder
  while [ $# -gt 0 ]; do
    case $1 in
      -c | --config) file=${2:-}; shift ;;
      --config=*) file=${1#*=} ;;
      *) echo "kafka-storage.sh info: unknown argument $1; it takes -c FILE" >&2; exit 1 ;;
    esac
    shift
  done
  [ -n "$file" ] || { echo "kafka-storage.sh info needs -c FILE" >&2; exit 1; }
  [ -f "$file" ] || { [ ! -f "$home/conf/${file##*/}" ] || file=$home/conf/${file##*/}; }
  [ -f "$file" ] || { echo "$file does not exist" >&2; exit 1; }
  folders=$(value_of log.dirs "$file")
  [ -n "$folders" ] || folders=$(value_of log.dir "$file")
  [ -n "$folders" ] || folders=/tmp/kafka-logs
  IFS=, read -ra folders <<<"$folders"
  if [ ${#folders[@]} -eq 1 ]; then echo "Found log directory:"; else echo "Found log directories:"; fi
  for folder in "${folders[@]}"; do echo "  $(absolute "$folder")"; done
  echo
  for folder in "${folders[@]}"; do
    folder=$(absolute "$folder")
    if [ -f "$folder/meta.properties" ]; then
      echo "Found metadata: $(grep -v '^#' "$folder/meta.properties" | sort | paste -sd, - | sed 's/,/, /g; s/.*/{&}/')"
    else
      echo "$folder has no data yet: the first start prepares it."
    fi
  done
}

# Relative folders lie in the folder of Millrace.
absolute() {
  local folder=${1# }
  case $folder in /*) echo "$folder" ;; *) echo "$(cd "$home" && pwd -P)/$folder" ;; esac
}

case ${1:-} in
  random-uuid) random_uuid ;;
  format) echo "Formatting is not needed, Millrace prepares its folders when it starts: go on with kafka-server-start.sh." ;;
  info) shift; info "$@" ;;
  -h | --help | '') usage ;;
  *) echo "kafka-storage.sh: unknown command $1" >&2; usage >&2; exit 1 ;;
esac
