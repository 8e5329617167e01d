# Runs one attempt of a flow in a session of its own and leaves on disk what became of it, so that the agent may die and
# come back. Arguments: process file, exit file, stdout file, stderr file, then what follows this part is given.
# Whoever creates the process file owns the attempt: an agent that comes back and finds none creates it, and then this ends.
exec </dev/null >/dev/null 2>&1
process=$1 exit=$2 out=$3 err=$4
shift 4
field() { started=${20}; }
read -r stat </proc/$$/stat || exit 125
field ${stat##*) }
set -C
printf '%s %s\n' "$$" "$started" >"$process" || exit 125
set +C
# A handler, not an ignored signal: the program must not inherit it.
trap : TERM INT HUP
run() {
    trap : TERM INT HUP
    HOLOFLOW_LAUNCH=${HOLOFLOW_LAUNCH%.plumbing} "$@"
    status=$?
    tries=0
    until printf '%s\n' "$status" >"$exit"; do
        tries=$((tries + 1))
        [ "$tries" -lt 600 ] && [ -d "${exit%/*}" ] || break
        sleep 1
    done
}
# A disk that is full makes the program wait and loses what was on its way to the file, with a mark: it neither ends the
# program nor hides what it prints afterwards.
keep() {
    # Slurm tells every process of a job to end: what keeps the output does so when nobody writes any more.
    trap '' TERM INT HUP
    until cat >>"$1"; do
        # Killed, as all of a job is at its end: that is no full disk.
        [ $? -lt 128 ] || continue
        until printf '\n[output was lost here: the disk was full]\n' >>"$1"; do
            [ -d "${1%/*}" ] || return
            sleep 1
        done
    done
}
