#!/bin/bash
# The batch script of every job of Holoflow, the same to the byte: all that varies lies in files of the job's directory.
# usage: job.sh DIRECTORY
# It reads DIRECTORY/command (a program and its arguments, each ended by a NUL: sbatch would drop an argument that is a colon) and, where there is one,
# prologue.sh. It leaves claim (the one Slurm job that may do this work), TASK.ATTEMPT.started and TASK.ATTEMPT.ended (each written whole, then named),
# and the streams of the program. Its own output is the file where Slurm puts its words on how a job ended.
set -u
directory=$1
task=${SLURM_ARRAY_TASK_ID:-job}
attempt=${SLURM_RESTART_COUNT:-0}
submitted=${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}

say() { printf 'holoflow: %s\n' "$*"; }

# write NAME LINE...: a file that is there whole or not at all
write() {
    local name=$1 part="$directory/.$1.$SLURM_JOB_ID.$attempt"
    shift
    printf '%s\n' "$@" 2>/dev/null >"$part" && mv -f "$part" "$directory/$name" || { rm -f "$part"; return 1; }
}

say "attempt $attempt"

# Where a submission was answered too late and done twice, the first job to come here has the work, and the other leaves.
part="$directory/.claim.$SLURM_JOB_ID.$attempt"
printf '%s\n' "$submitted" 2>/dev/null >"$part" && ln "$part" "$directory/claim" 2>/dev/null
rm -f "$part"
holder=
[ -r "$directory/claim" ] && read -r holder <"$directory/claim"
if [ -z "$holder" ]; then
    say "nothing can be written into $directory"
    exit 74
fi
if [ "$holder" != "$submitted" ]; then
    say "job $holder has this work: nothing is left to do"
    exit 0
fi

for ended in "$directory/$task".*.ended; do
    if [ -e "$ended" ] && grep -qx 'exit=0' "$ended"; then
        say "an earlier attempt has done this work: nothing is left to do"
        exit 0
    fi
done

write "$task.$attempt.started" "job=$SLURM_JOB_ID" "node=${SLURMD_NODENAME:-$(uname -n)}" "at=$(date +%s)" || say "the start could not be marked"

if [ -f "$directory/prologue.sh" ]; then
    source "$directory/prologue.sh" || { status=$?; say "the prologue failed with $status"; write "$task.$attempt.ended" "exit=$status" "signal=" "prologue=failed" "at=$(date +%s)"; exit "$status"; }
fi

command=()
while IFS= read -r -d '' argument; do command+=("$argument"); done <"$directory/command"

signal=
"${command[@]}" >>"$directory/$task.$attempt.stdout" 2>>"$directory/$task.$attempt.stderr" &
child=$!
trap 'signal=TERM; kill -TERM "$child" 2>/dev/null' TERM
status=0
wait "$child" || status=$?
while kill -0 "$child" 2>/dev/null; do
    status=0
    wait "$child" || status=$?
done
write "$task.$attempt.ended" "exit=$status" "signal=$signal" "at=$(date +%s)" || say "the end with $status could not be marked"
exit "$status"
