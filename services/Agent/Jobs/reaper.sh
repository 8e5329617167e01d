# Runs a flow's program in a Slurm job, and ends what it leaves behind: only the job's node can, and a Slurm without control groups
# loses sight of a process whose parent has ended. Arguments: the program and its arguments.
trap : TERM INT HUP
"$@"
status=$?
mark=HOLOFLOW_LAUNCH=$HOLOFLOW_LAUNCH notes=$HOLOFLOW_RUN_DIR/agent.log
# What is started from here on is not of the program.
unset HOLOFLOW_LAUNCH
left() {
    ids=
    for file in $(grep -lzxF -e "$mark" /proc/[0-9]*/environ 2>/dev/null); do
        id=${file#/proc/} id=${id%/environ}
        [ "$id" = "$$" ] || ids="$ids $id"
    done
    [ -n "$ids" ]
}
if left; then
    printf 'processes that the flow left behind are ended:%s\n' "$ids" >>"$notes"
    kill -TERM $ids 2>/dev/null
    tries=0
    while sleep 0.1 && left; do
        tries=$((tries + 1))
        [ "$tries" -lt 20 ] || kill -KILL $ids 2>/dev/null
    done
fi
exit "$status"
