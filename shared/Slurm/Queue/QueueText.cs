using Holoflow.Slurm.Jobs;

namespace Holoflow.Slurm.Queue;

/// <summary>squeue's columns, separated by control characters, so that line breaks and separators in names do no harm.</summary>
static class QueueText
{
    const char FieldEnd = '\x1f';
    const char RecordEnd = '\x1e';

    static readonly (string Column, int Width)[] Columns =
    [
        ("JobID", 20), ("JobArrayID", 1024), ("State", 32), ("Reason", 160), ("RestartCnt", 12), ("exit_code", 12), ("StartTime", 24), ("EndTime", 24),
        ("Partition", 64), ("NodeList", 256), ("Name", 120), ("Comment", 320),
    ];

    /// <summary>The value of squeue's --Format.</summary>
    public static string Format { get; } = string.Join(',', Columns.Select((c, i) => $"{c.Column}:{c.Width}{(i == Columns.Length - 1 ? RecordEnd : FieldEnd)}"));

    public static QueueAnswer Parse(string output)
    {
        var entries = new List<QueueEntry>();
        var strange = new List<string>();
        foreach (var record in output.Split(RecordEnd))
        {
            var line = record.TrimStart('\n', '\r');
            if (line.Length == 0)
                continue;
            if (Entry([.. line.Split(FieldEnd).Select(field => field.Trim(' '))]) is { } entry)
                entries.Add(entry);
            else
                strange.Add(line);
        }

        return new(entries, strange);
    }

    static QueueEntry? Entry(string[] fields)
    {
        // Columns that a newer version adds come after ours; with fewer there is no telling which is which.
        if (fields.Length < Columns.Length || !long.TryParse(fields[0], out var id))
            return null;
        var (array, tasks) = ArrayOf(fields[1]);
        return new(
            id, array, tasks, JobState.Parse(fields[2]), fields[3],
            int.TryParse(fields[4], out var restarts) ? restarts : 0,
            long.TryParse(fields[5], out var exit) ? JobExit.FromWait(exit) : null,
            SlurmTime.Unix(fields[6]), SlurmTime.Unix(fields[7]), fields[8], fields[9], fields[10], fields[11]);
    }

    static (long?, ArrayTasks?) ArrayOf(string text)
    {
        var at = text.IndexOf('_');
        if (at < 0 || !long.TryParse(text[..at], out var array))
            return (null, null);
        var tasks = text[(at + 1)..];
        if (tasks.StartsWith('['))
            // Without its end the list was wider than the column.
            tasks = tasks.EndsWith(']') ? tasks[1..^1] : tasks[1..] + "...";
        return (array, ArrayTasks.Parse(tasks));
    }
}
