# Part of bin/millrace: a broker that goes on when its user has logged out. Kafka's script returns at
# once and says nothing; this one returns when the broker serves, or says why it does not.

# Runs the command as a session of its own. The broker says on descriptor 7 how its start went, and
# when it dies the other end of that pipe sees it: nothing is asked in turns, no log is searched.
detached() {
  trap '' HUP
  exec 7>&1 >>"$out" 2>&1 </dev/null
  if command -v setsid >/dev/null; then exec setsid "$@"; fi
  exec "$@"
}

run_in_background() {
  local out=$logs/$name.out patience=${MILLRACE_START_SECONDS:-60} waited=0 step said='' code
  mkdir -p "$logs" 2>/dev/null && [ -w "$logs" ] ||
    fail "The log folder $logs cannot be written to by this user: set LOG_DIR to another one."
  # Anew for each start, as Kafka does, unless a broker beside this one still writes to it.
  another_runs || : >"$out"
  local -a command=("$1" "-Dmillrace.ready.file=/dev/fd/7" "${@:2}")
  exec 8< <(detached "${command[@]}")
  local pid=$!
  while [ "$waited" -lt "$patience" ]; do
    step=$((patience - waited < 10 ? patience - waited : 10))
    code=0
    IFS= read -r -t "$step" said <&8 || code=$?
    [ "$code" -gt 128 ] || break
    waited=$((waited + step))
    [ "$waited" -ge "$patience" ] || echo "Starting for $waited s, see $logs/server.log ..." >&2
  done
  case $said in
    'ready '*) echo "Millrace is ready (pid $pid), ${said#ready }; log: $logs/server.log" ;;
    'failed '*) fail "${said#failed }" ;;
    *)
      [ "$waited" -lt "$patience" ] ||
        fail "Millrace (pid $pid) is not ready after $patience s; it goes on in the background, see $logs/server.log (MILLRACE_START_SECONDS waits longer)."
      # It ended without a word: the JVM did not come up, or it was only asked for its version.
      code=0
      wait "$pid" || code=$?
      tail -n 20 "$out" >&2
      return "$code"
      ;;
  esac
}

another_runs() {
  local other=
  [ -f "$logs/millrace.pid" ] && IFS= read -r other <"$logs/millrace.pid" && [ -n "$other" ] && kill -0 "$other" 2>/dev/null
}
