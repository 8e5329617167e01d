using System.Data.Common;
using Holoflow.Persistence;
using Holoflow.Servers;

namespace Holoflow.Standalone.Tests;

/// <summary>A state directory of a test's own, and what its database says.</summary>
sealed class TemporaryHome : IDisposable
{
    /// <summary>Writes 100 tasks and lines, and waits for the file <c>go</c> between the halves.</summary>
    public const string Flow = """
        n=1; j=$HOLOFLOW_RUN_DIR/journal.ndjson; run=$(basename $HOLOFLOW_RUN_DIR)
        say() { printf '%s\n' "$1" >>"$j"; n=$((n + 1)); }
        say '{"k":"flow-started","n":'$n',"t":"2026-01-01T00:00:00Z","attempt":1,"processId":'$$',"host":"here"}'
        i=0
        while [ $i -lt 100 ]; do
            i=$((i + 1)); task="${run%????????????}$(printf %012d $i)"
            say '{"k":"task","n":'$n',"t":"2026-01-01T00:00:00Z","task":"'$task'","key":"t-'$i'","taskName":"t","runName":"t-'$i'"}'
            say '{"k":"state","n":'$n',"t":"2026-01-01T00:00:00Z","task":"'$task'","type":"Completed","runCount":1}'
            say '{"k":"log","n":'$n',"t":"2026-01-01T00:00:00Z","level":"Information","message":"journal '$i'"}'
            echo "out $i"
            if [ $i = 50 ]; then while [ ! -e "$HOLOFLOW_HOME/go" ]; do sleep 0.02; done; fi
        done
        say '{"k":"flow-ended","n":'$n',"t":"2026-01-01T00:00:00Z","attempt":1,"type":"Completed"}'
        """;

    public string Path { get; } = Directory.CreateTempSubdirectory("holoflow-standalone-").FullName;

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public string Program(string script)
    {
        var path = In($"flow-{Guid.CreateVersion7():N}.sh");
        ExecutableFile.Write(path, "#!/bin/sh\n" + script);
        return path;
    }

    public void Open() => File.WriteAllText(In("go"), "");

    /// <summary>The first column of the first row.</summary>
    public async Task<object?> Ask(string sql)
    {
        await using var connection = await Database.At(In("holoflow.db")).OpenForReading(TestContext.Current.CancellationToken);
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Completes when the answer is this: the database is what counts, and it has no bell, so it is asked again and again.</summary>
    public async Task Until(string sql, long answer)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (!Equals(await Ask(sql), answer))
            await timer.WaitForNextTickAsync(limit.Token);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
