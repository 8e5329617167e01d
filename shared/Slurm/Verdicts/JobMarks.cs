using System.Globalization;
using Holoflow.Slurm.Jobs;

namespace Holoflow.Slurm.Verdicts;

/// <summary>Reads the marks in a job's directory.</summary>
public static class JobMarks
{
    const string NotAnArray = "job";
    const string AttemptLine = "holoflow: attempt ";

    // Slurm tells the program to end as well as the batch script, and the program may be faster.
    const int TerminatedStatus = 128 + 15;
    const int MostOfFile = 64 * 1024;

    /// <summary>The mark of the newest attempt of each array task, by its index; of a job that is no array under -1.</summary>
    /// <returns>Null where the directory cannot be read now.</returns>
    public static async Task<IReadOnlyDictionary<int, JobMark>?> Read(string directory, CancellationToken cancellation)
    {
        var marks = new Dictionary<int, JobMark>();
        try
        {
            // A directory that is not made yet has no marks, one that cannot be reached is another matter: its parent tells.
            if (!Directory.Exists(directory))
                return Directory.Exists(Path.GetDirectoryName(directory)) ? marks : null;
            foreach (var newest in Directory.EnumerateFiles(directory, "*.started").Select(Name).OfType<(int Task, int Attempt)>().GroupBy(n => n.Task).Select(g => g.MaxBy(n => n.Attempt)))
                marks[newest.Task] = await Mark(directory, newest.Task, newest.Attempt, cancellation);
            return marks;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The mark of a job, or of one task of an array.</summary>
    public static JobMark Of(IReadOnlyDictionary<int, JobMark>? marks, int? task) => marks is null ? JobMark.Unreadable : marks.GetValueOrDefault(task ?? -1, JobMark.None);

    static async Task<JobMark> Mark(string directory, int task, int attempt, CancellationToken cancellation)
    {
        var name = Path.Combine(directory, $"{(task < 0 ? NotAnArray : $"{task}")}.{attempt}");
        var started = Lines(await File.ReadAllTextAsync(name + ".started", cancellation));
        long? job = long.TryParse(started.GetValueOrDefault("job"), out var id) ? id : null;
        var mark = new JobMark(MarkKind.Started, attempt, JobId: job, Node: started.GetValueOrDefault("node", ""), StartedAt: SlurmTime.Unix(started.GetValueOrDefault("at", "")));
        if (File.Exists(name + ".ended"))
        {
            var ended = Lines(await File.ReadAllTextAsync(name + ".ended", cancellation));
            mark = mark with
            {
                Kind = MarkKind.Ended, ExitStatus = int.TryParse(ended.GetValueOrDefault("exit"), out var exit) ? exit : 1, Terminated = ended.GetValueOrDefault("signal", "").Length > 0 || exit == TerminatedStatus,
                EndedAt = SlurmTime.Unix(ended.GetValueOrDefault("at", "")), PrologueFailed = ended.ContainsKey("prologue"),
            };
        }

        return mark is { Kind: MarkKind.Ended, ExitStatus: 0 } || job is null ? mark : mark with { Words = await Words(Path.Combine(directory, $"slurm-{job}.out"), attempt, cancellation) };
    }

    /// <summary>What Slurm wrote into the job's file since an attempt began.</summary>
    static async Task<LastWords> Words(string file, int attempt, CancellationToken cancellation)
    {
        if (!File.Exists(file))
            return LastWords.None;
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Seek(-Math.Min(stream.Length, MostOfFile), SeekOrigin.End);
        using var reader = new StreamReader(stream);
        return WordsSince(await reader.ReadToEndAsync(cancellation), attempt);
    }

    internal static LastWords WordsSince(string text, int attempt)
    {
        var begin = text.LastIndexOf($"{AttemptLine}{attempt}\n", StringComparison.Ordinal);
        if (begin < 0)
            return LastWords.None;
        // Only lines of Slurm's own daemon count: the prologue of a profile writes here too.
        var lines = text[begin..].Split('\n').Where(line => line.StartsWith("slurmstepd", StringComparison.Ordinal)).ToList();
        return Sayings.FirstOrDefault(saying => lines.Any(line => line.Contains(saying.Text, StringComparison.OrdinalIgnoreCase))).Words;
    }

    static readonly (string Text, LastWords Words)[] Sayings =
    [
        ("exceeded memory limit", LastWords.Memory), ("Exceeded job memory limit", LastWords.Memory), ("oom-kill", LastWords.Memory), ("oom_kill", LastWords.Memory), ("out-of-memory", LastWords.Memory),
        ("DUE TO TIME LIMIT", LastWords.TimeLimit), ("DUE TO PREEMPTION", LastWords.Preempted), ("DUE TO JOB REQUEUE", LastWords.Requeued), ("DUE TO JOB NOT RUNNING", LastWords.NodeFailure),
        ("DUE TO NODE FAILURE", LastWords.NodeFailure), ("CANCELLED AT", LastWords.Cancelled),
    ];

    static (int Task, int Attempt)? Name(string path) =>
        Path.GetFileName(path).Split('.') is [var task, var attempt, _] && int.TryParse(attempt, NumberStyles.None, null, out var number)
            ? task is NotAnArray ? (-1, number) : int.TryParse(task, NumberStyles.None, null, out var index) ? (index, number) : null
            : null;

    static Dictionary<string, string> Lines(string text) =>
        text.Split('\n').Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2).GroupBy(pair => pair[0], StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last()[1], StringComparer.Ordinal);
}
