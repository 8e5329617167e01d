# The rest of the supervisor on the agent's machine. Arguments: working directory, then the program and its arguments. Descriptors 6 and 7 are the
# pipes that the program prints into, 3 and 4 their other ends, which the agent reads too: it keeps the output, for two processes less a run.
# On 5 it says that it has kept all; where it dies, or cannot go on, what is left and what comes is kept here.
{
    trap '' TERM INT HUP
    read -r _ <&5 || {
        keep "$out" <&3 &
        keep "$err" <&4
        wait
    }
} 6>&- 7>&- &
cd "$1" 2>&7 || set -- "$1" sh -c 'exit 126'
shift
run "$@" >&6 2>&7 3<&- 4<&- 5<&- 6>&- 7>&-
exec 3<&- 4<&- 5<&- 6>&- 7>&-
# A signal ends a wait too.
until wait; do :; done
# For whoever started this: what became of the program.
read -r status <"$exit" && exit "$status"
exit 1
