# The rest of the supervisor in a Slurm job: no agent is there to keep what the program prints. Arguments: the program and its arguments.
# Through pipes: a program that opens /dev/stderr anew would empty a file.
{ trap : TERM INT HUP; run "$@" 2>&3 3>&- | keep "$out" 3>&-; } 3>&1 | keep "$err"
# For whoever started this: what became of the program.
read -r status <"$exit" && exit "$status"
exit 1
