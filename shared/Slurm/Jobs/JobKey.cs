using System.Text.RegularExpressions;

namespace Holoflow.Slurm.Jobs;

/// <summary>
/// The name by which a job is found again whatever happens to its submission: it is the job's name in Slurm and stands in its comment. It carries the
/// run's id, so that what a dead flow left behind is found.
/// </summary>
public sealed partial record JobKey
{
    const string Prefix = "hf-";

    JobKey(string text) => Text = text;

    public string Text { get; }

    /// <param name="run">The flow run that the job works for.</param>
    /// <param name="part">What tells its jobs from each other, e.g. <c>beams-1</c>: letters, digits, '.', '_', '-', at most 60.</param>
    /// <exception cref="ArgumentException"><paramref name="part"/> has another character, or is too long.</exception>
    public static JobKey Of(Guid run, string part) =>
        Part().IsMatch(part) ? new($"{Of(run)}{part}") : throw new ArgumentException($"'{part}' cannot be part of a job's name: letters, digits, '.', '_' and '-', at most 60", nameof(part));

    /// <summary>What the keys of all jobs of a run begin with.</summary>
    public static string Of(Guid run) => $"{Prefix}{run:N}-";

    /// <summary>The key in a job's name or comment; null where the job is not one of Holoflow's.</summary>
    public static JobKey? Find(string name, string comment) =>
        Whole().Match(name) is { Success: true } inName ? new(inName.Value)
        : InComment().Match(comment) is { Success: true } inComment ? new(inComment.Groups["key"].Value)
        : null;

    public override string ToString() => Text;

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,60}\z", RegexOptions.None, 1000)]
    private static partial Regex Part();

    [GeneratedRegex(@"\Ahf-[0-9a-f]{32}-[A-Za-z0-9._-]{1,60}\z", RegexOptions.None, 1000)]
    private static partial Regex Whole();

    [GeneratedRegex(@"\Aholoflow key=(?<key>hf-[0-9a-f]{32}-[A-Za-z0-9._-]{1,60})(;|\z)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InComment();
}
