#!/bin/bash
# The work of every allocation of Holoflow, the same to the byte: fills each slot with a worker process, and with a new one where that died.
# usage: slots.sh DIRECTORY COUNT PROGRAM [ARGUMENT...]
# It leaves exit.SLOT.START (the exit status of a worker) in the directory. The slot of an array task is its index.
set -u
directory=$1 count=$2
shift 2
first=${SLURM_ARRAY_TASK_ID:-0}
most=5

# fill SLOT PROGRAM [ARGUMENT...]
fill() {
    local slot=$1 start=0 status child= stopping= part
    shift
    trap 'stopping=1; [ -n "$child" ] && kill -TERM "$child" 2>/dev/null' TERM INT
    while [ -z "$stopping" ]; do
        HOLOFLOW_WORKER_DIR=$directory HOLOFLOW_WORKER_SLOT=$slot HOLOFLOW_WORKER_START=$start "$@" &
        child=$!
        status=0
        wait "$child" || status=$?
        while kill -0 "$child" 2>/dev/null; do
            status=0
            wait "$child" || status=$?
        done
        part="$directory/.exit.$slot.$start"
        printf '%s\n' "$status" 2>/dev/null >"$part" && mv -f "$part" "$directory/exit.$slot.$start" || rm -f "$part"
        [ "$status" = 0 ] && return 0
        start=$((start + 1))
        [ "$start" -lt "$most" ] || return "$status"
    done
    return "$status"
}

if [ "$count" = 1 ]; then
    fill "$first" "$@"
    exit
fi

slots=()
trap 'kill -TERM "${slots[@]}" 2>/dev/null' TERM INT
for ((i = 0; i < count; i++)); do
    fill "$i" "$@" &
    slots+=($!)
done
result=0
for slot in "${slots[@]}"; do
    status=0
    wait "$slot" || status=$?
    while kill -0 "$slot" 2>/dev/null; do
        status=0
        wait "$slot" || status=$?
    done
    [ "$status" = 0 ] || result=$status
done
exit "$result"
