# Becomes the given command, and kills it when standard input ends.
#
#   sh tether.sh <command...>
#
# The owner holds the other end of standard input, so that the command cannot outlive it. The watcher is in a session
# of its own: a signal for the owner's whole process group does not take it away before it has done its work.
exec 3<&0
setsid sh -c '
  while read -r line; do :; done
  # Once the command has ended, its id may belong to somebody else, and the watcher to another parent.
  read -r me name state parent rest </proc/self/stat
  if [ "$parent" = "$1" ]; then kill -s KILL "$1"; fi
' watcher $$ <&3 3<&- >/dev/null 2>&1 &
exec "$@" </dev/null 3<&-
