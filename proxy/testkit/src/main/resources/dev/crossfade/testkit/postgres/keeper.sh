# Owns one database server: its process tree and its directory.
#
#   sh keeper.sh <directory> <keep|remove> <directory of the executables>
#
# Makes the directory, then reads one verb per line from standard input and answers each with one line. The other end
# of that pipe is held by the owning JVM alone, so end of file means that the owner closed it or died, however it died.
# Then the server's processes are killed and the directory is removed; if it is to be kept, the server is shut down in
# order. Whatever is under way is finished first.
directory=$1; afterwards=$2; executables=$3
mkdir -p -m 700 "$directory" && exec 2>>"$directory/server.log" || exit 1
# PostgreSQL refuses to run as root. A user namespace of its own makes root look like an ordinary user to it.
if [ "$(id -u)" = 0 ]; then launcher='unshare -U'; else launcher=; fi
pid=
# A signal ends `read`, and with it the loop: being told to go means cleaning up first. PIPE comes from answering an owner
# who has died. Handlers, unlike ignored signals, are not inherited by the server.
trap : HUP INT TERM PIPE

# Prints the state letter of process $1, nothing if there is none.
state() {
  { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
  line=${line##*) }
  echo "${line%% *}"
}

alive() {
  case $(state "$1") in '' | Z | X) return 1 ;; esac
}

# Sends signal $1 to every child of the postmaster, and keeps their ids. All server processes are its direct children.
signal_children() {
  children=
  for stat in /proc/[0-9]*/stat; do
    { read -r line <"$stat"; } 2>/dev/null || continue
    child=${line%% *} line=${line##*) }
    line=${line#* }
    if [ "${line%% *}" = "$pid" ]; then
      kill -s "$1" "$child" 2>/dev/null
      children="$children $child"
    fi
  done
}

# A stopped postmaster forks no more, so that the list of its children stays complete while it is walked.
freeze() {
  kill -s STOP "$pid" 2>/dev/null
  while alive "$pid" && [ "$(state "$pid")" != T ]; do :; done
  signal_children STOP
}

thaw() {
  signal_children CONT
  kill -s CONT "$pid" 2>/dev/null
}

destroy() {
  if [ -n "$pid" ]; then
    freeze
    signal_children KILL
    kill -s KILL "$pid" 2>/dev/null
    wait "$pid"
    pid=
    # Who is about to end still holds the shared memory, and a server that is started meanwhile refuses to.
    rounds=500
    for child in $children; do
      while alive "$child" && [ $rounds -gt 0 ]; do
        rounds=$((rounds - 1))
        sleep 0.02
      done
    done
  fi
}

# A fast shutdown, at most 20 seconds.
stop() {
  if [ -n "$pid" ]; then
    thaw
    kill -s INT "$pid" 2>/dev/null
    rounds=1000
    while alive "$pid" && [ $rounds -gt 0 ]; do
      rounds=$((rounds - 1))
      sleep 0.02
    done
    destroy
  fi
}

# Makes the server's data: a copy of what these executables and these options made before, which is ten times as quick.
# That lies beside the executables, whose directory is named after their digest.
initialise() {
  options='-U postgres -A trust -E UTF8 --locale=C --no-sync --no-instructions'
  made=${executables%/bin}-data-$(echo "$options" | cksum | cut -d ' ' -f 1)
  if [ -d "$made" ]; then
    cp -R "$made" "$directory/data" >&2
    return
  fi
  $launcher "$executables/initdb" -D "$directory/data" $options </dev/null >&2 || return
  # By one rename: who sees it sees all of it. Another one may have been quicker, or been killed with the same number.
  rm -rf "$made.$$"
  if cp -R "$directory/data" "$made.$$" >&2; then mv -T "$made.$$" "$made" 2>/dev/null; fi
  rm -rf "$made.$$"
}

while read -r verb; do
  case $verb in
    initialise)
      initialise
      echo $?
      ;;
    start)
      destroy
      $launcher "$executables/postgres" -D "$directory/data" </dev/null >&2 &
      pid=$!
      echo "$pid"
      ;;
    stop | destroy | freeze | thaw)
      if [ -n "$pid" ]; then $verb; fi
      echo done
      ;;
    *) echo "unknown verb $verb" ;;
  esac
done

if [ "$afterwards" = keep ]; then
  stop
else
  destroy
  # A killed server leaves a small System V segment, named in its pid file, that would stay until the machine restarts.
  if [ -r "$directory/data/postmaster.pid" ] && command -v ipcrm >/dev/null; then
    segment=$(sed -n '7s/.* //p' "$directory/data/postmaster.pid")
    if [ -n "$segment" ]; then ipcrm -m "$segment"; fi
  fi
  # Orphans may still write for a moment, which makes one pass of rm fail.
  rounds=100
  while [ -e "$directory" ] && [ $rounds -gt 0 ]; do
    rm -rf -- "$directory" 2>/dev/null || sleep 0.05
    rounds=$((rounds - 1))
  done
fi
