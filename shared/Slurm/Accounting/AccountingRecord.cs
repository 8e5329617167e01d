using Holoflow.Slurm.Jobs;
using Holoflow.Slurm.Queue;

namespace Holoflow.Slurm.Accounting;

/// <summary>What the accounting database knows of a job; it may be minutes behind.</summary>
/// <param name="SubmittedId">The id that sbatch gave.</param>
/// <param name="Task">The array task; null where it is no array, or still all of it.</param>
/// <param name="State">The state.</param>
/// <param name="Exit">How it ended.</param>
/// <param name="Restarts">How many earlier attempts of it are recorded.</param>
/// <param name="Start">When it started.</param>
/// <param name="End">When it ended.</param>
/// <param name="Nodes">Its nodes.</param>
/// <param name="Name">The job's name.</param>
public sealed record AccountingRecord(long SubmittedId, int? Task, JobState State, JobExit? Exit, int Restarts, DateTimeOffset? Start, DateTimeOffset? End, string Nodes, string Name);

/// <summary>sacct's columns.</summary>
static class AccountingText
{
    const char FieldEnd = '\x1f';
    const int Columns = 7;

    public static IReadOnlyList<string> Options { get; } =
        ["--allocations", "--noheader", "--parsable2", $"--delimiter={FieldEnd}", "--duplicates", "--format=JobID,State,ExitCode,Start,End,NodeList,JobName"];

    /// <summary>The newest record of each job and array task: with --duplicates each attempt has one, the oldest first.</summary>
    public static IReadOnlyList<AccountingRecord> Parse(string output)
    {
        var newest = new Dictionary<(long, int?), AccountingRecord>();
        foreach (var line in output.Split('\n'))
        {
            if (Record(line.Split(FieldEnd, Columns)) is not { } record)
                continue;
            var key = (record.SubmittedId, record.Task);
            newest[key] = newest.TryGetValue(key, out var earlier) ? record with { Restarts = earlier.Restarts + 1 } : record;
        }

        return [.. newest.Values];
    }

    static AccountingRecord? Record(string[] fields)
    {
        if (fields.Length < Columns || fields[0].Split('_') is not [var idText, .. var rest] || !long.TryParse(idText, out var id))
            return null;
        int? task = rest is [var index] && int.TryParse(index, out var i) ? i : null;
        JobExit? exit = fields[2].Split(':') is [var status, var signal] && int.TryParse(status, out var s) && int.TryParse(signal, out var n) ? new(s, n) : null;
        return new(id, task, JobState.Parse(fields[1]), exit, 0, SlurmTime.Unix(fields[3]), SlurmTime.Unix(fields[4]), fields[5], fields[6]);
    }
}
