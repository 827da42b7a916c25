# Removes a directory when standard input ends.
#
#   sh sweeper.sh <directory>
#
# The owner holds the other end of standard input. The sweeper works in a session of its own, out of reach of signals for
# the owner's process group, and it looks again: a process that is just being killed may still have written something.
exec 3<&0
setsid sh -c '
  while read -r line; do :; done
  clean=0
  tries=0
  while [ "$clean" -lt 3 ] && [ "$tries" -lt 100 ]; do
    rm -rf -- "$1"
    if [ -e "$1" ]; then clean=0; else clean=$((clean + 1)); fi
    tries=$((tries + 1))
    sleep 0.1
  done
' sweeper "$1" <&3 3<&-
