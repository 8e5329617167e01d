using System.Globalization;

namespace Holoflow.Slurm.Submission;

/// <summary>The directory of one job (an array has one for all its tasks), on the file system that the nodes share.</summary>
/// <param name="Path">Its absolute path.</param>
public sealed record JobDirectory(string Path)
{
    const string ScriptResource = "job.sh";

    public string Script => System.IO.Path.Combine(Path, "job.sh");

    /// <summary>Lines that the site wants to run before the work, from the cluster profile.</summary>
    public string Prologue => System.IO.Path.Combine(Path, "prologue.sh");

    string Command => System.IO.Path.Combine(Path, "command");

    string Intent => System.IO.Path.Combine(Path, "submission");

    string Claim => System.IO.Path.Combine(Path, "claim");

    /// <summary>True where a submission was begun from here before: it is searched for before another one.</summary>
    public bool WasSubmitted => File.Exists(Intent);

    /// <summary>The job that has begun the work; 0 where the work was given up; null before that.</summary>
    public long? Claimant => File.Exists(Claim) && long.TryParse(File.ReadAllText(Claim).Trim(), NumberStyles.None, null, out var job) ? job : null;

    /// <summary>
    /// Takes the work before any job does: one that comes later finds it taken, and leaves. For a submission that was given up, and may be accepted all the same.
    /// </summary>
    /// <returns>False where a job has it.</returns>
    public bool TryClose()
    {
        try
        {
            Directory.CreateDirectory(Path);
            using var claim = new FileStream(Claim, FileMode.CreateNew, FileAccess.Write);
            claim.Write("0\n"u8);
            return true;
        }
        catch (IOException) when (File.Exists(Claim))
        {
            return Claimant is 0;
        }
    }

    /// <summary>Writes the batch script, the program with its arguments, and the prologue.</summary>
    public async Task Prepare(IReadOnlyList<string> command, IReadOnlyList<string> prologue, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path);
        await using (var resource = typeof(JobDirectory).Assembly.GetManifestResourceStream(ScriptResource)!)
        await using (var script = File.Create(Script))
            await resource.CopyToAsync(script, cancellation);
        await File.WriteAllTextAsync(Command, string.Concat(command.Select(argument => argument + '\0')), cancellation);
        if (prologue.Count > 0)
            await File.WriteAllLinesAsync(Prologue, prologue, cancellation);
        else
            File.Delete(Prologue);
    }

    /// <summary>Notes that a submission is about to be made, before it is.</summary>
    public Task NoteIntent(string key, DateTimeOffset at, CancellationToken cancellation) =>
        File.WriteAllTextAsync(Intent, $"key={key}\nat={at.ToUnixTimeSeconds()}\n", cancellation);

    /// <summary>Takes the note back, where Slurm has said no: nothing is to be searched for.</summary>
    public void ForgetIntent() => File.Delete(Intent);

    /// <summary>When the first submission was made; null where there was none.</summary>
    public DateTimeOffset? SubmittedAt => WasSubmitted ? new DateTimeOffset(File.GetLastWriteTimeUtc(Intent), TimeSpan.Zero) : null;
}
