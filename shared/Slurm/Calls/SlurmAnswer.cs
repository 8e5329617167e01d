namespace Holoflow.Slurm.Calls;

/// <summary>What a command's answer is worth.</summary>
public enum AnswerKind
{
    /// <summary>It did what was asked.</summary>
    Done,

    /// <summary>Slurm understood and said no; <see cref="SlurmAnswer.Errors"/> has its words.</summary>
    Refused,

    /// <summary>Nobody answered: what was asked may or may not have happened.</summary>
    Unreachable,

    /// <summary>The command is not installed here; nothing happened.</summary>
    Missing,
}

/// <summary>What a command printed and how it ended.</summary>
/// <param name="ExitStatus">Its exit status; null where it had to be ended because its time was over, or could not be started.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
/// <param name="NotFound">True where the program does not exist.</param>
public sealed record SlurmAnswer(int? ExitStatus, string Output, string Errors, bool NotFound = false)
{
    /// <summary>Slurm's words for "the controller or the accounting database did not answer", over its versions.</summary>
    static readonly string[] NobodyAnswered =
    [
        "Unable to contact slurm controller", "Socket timed out", "Connection refused", "Connection timed out", "Communication connection failure", "Zero Bytes were transmitted",
        "temporarily unable", "Unable to establish", "Transport endpoint is not connected", "Connection reset", "Unexpected message received", "error receiving message",
        "Could not establish a configuration source", "Problem talking to the database", "Broken pipe", "Network is unreachable", "No route to host", "Message send failure", "Message receive failure",
        "not responding", "Protocol authentication error", "Munge encode failed", "slurmdbd: ", "Sending PersistInit msg",
    ];

    public AnswerKind Kind =>
        NotFound ? AnswerKind.Missing
        : ExitStatus is null ? AnswerKind.Unreachable
        : ExitStatus == 0 ? AnswerKind.Done
        : NobodyAnswered.Any(words => Errors.Contains(words, StringComparison.OrdinalIgnoreCase)) ? AnswerKind.Unreachable
        : AnswerKind.Refused;

    /// <summary>The words of the last lines of its standard error, without the program's name before them.</summary>
    public string Words
    {
        get
        {
            var lines = Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(WithoutProgram).Distinct(StringComparer.Ordinal).TakeLast(3);
            var words = string.Join("; ", lines);
            return words.Length > 0 ? words : ExitStatus is { } status ? $"exit status {status} and no word" : "no answer in time";
        }
    }

    static string WithoutProgram(string line)
    {
        var at = line.IndexOf("error: ", StringComparison.Ordinal);
        return at is >= 0 and < 20 ? line[(at + 7)..] : line;
    }
}
