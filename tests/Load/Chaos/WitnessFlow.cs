using Holoflow.Servers;

namespace Holoflow.Load.Chaos;

/// <summary>A flow as a shell script: some tasks that write the run journal as any language may, and a witness of each execution.</summary>
static class WitnessFlow
{
    /// <summary>Tasks of one run.</summary>
    public const int Tasks = 6;

    const string Script = """
        #!/bin/sh
        # Task ids begin as the run's does and end with the task's number.
        run=${HOLOFLOW_RUN_DIR##*/}; j=$HOLOFLOW_RUN_DIR/journal.ndjson; n=0; i=0
        say() { n=$((n + 1)); printf '{"n":%d,"t":"2026-01-01T00:00:00Z",%s}\n' $n "$1" >>"$j"; }
        echo "$run" >>"{witness}"
        say '"k":"flow-started","attempt":1,"processId":'$$',"host":"here"'
        while [ $i -lt {tasks} ]; do
            i=$((i + 1)); id=${run%????????????}$(printf %012d $i)
            say '"k":"task","task":"'$id'","key":"step-'$i'","taskName":"step","runName":"step-'$i'"'
            say '"k":"state","task":"'$id'","type":"Running","runCount":1'
            echo "out $i"
            sleep 0.05
            say '"k":"state","task":"'$id'","type":"Completed","runCount":1'
        done
        say '"k":"flow-ended","attempt":1,"type":"Completed"'
        """;

    /// <summary>Writes the program; each execution adds a line with the run's id to <paramref name="witness"/>.</summary>
    public static string Write(string folder, string witness)
    {
        var path = Path.Combine(folder, "witness-flow");
        ExecutableFile.Write(path, Script.Replace("{witness}", witness, StringComparison.Ordinal).Replace("{tasks}", $"{Tasks}", StringComparison.Ordinal) + "\n");
        return path;
    }
}
