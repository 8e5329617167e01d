using Holoflow.Slurm.Calls;
using Holoflow.Slurm.Jobs;

namespace Holoflow.Slurm.Submission;

/// <summary>A request as the arguments of sbatch. Every value is an argument of its own or part of one, or in a file of the directory; none is ever text of a script.</summary>
static class SubmitArguments
{
    const int LongestLabel = 200;

    /// <exception cref="SubmitRequestException">Something cannot be put without being changed; every such thing is named.</exception>
    public static IReadOnlyList<string> Of(SubmitRequest request)
    {
        var faults = Faults(request).ToList();
        if (faults.Count > 0)
            throw new SubmitRequestException(faults);
        return [.. Options(request), new JobDirectory(request.Directory).Script, request.Directory];
    }

    public static string Comment(JobKey key, string label) => label.Length == 0 ? $"holoflow key={key}" : $"holoflow key={key}; {label}";

    static IEnumerable<string> Options(SubmitRequest request)
    {
        yield return "--parsable";
        yield return $"--job-name={request.Key}";
        yield return $"--comment={Comment(request.Key, request.Label)}";
        yield return $"--chdir={request.Directory}";
        // A per cent sign begins a pattern in this option only. One file a job: %j is each array task's own id.
        yield return $"--output={request.Directory.Replace("%", "%%", StringComparison.Ordinal)}/slurm-%j.out";
        yield return "--open-mode=append";
        yield return "--input=/dev/null";
        yield return "--export=ALL";
        yield return "--nodes=1";
        yield return "--ntasks=1";
        yield return $"--cpus-per-task={request.Cores}";
        yield return request.Requeue ? "--requeue" : "--no-requeue";
        if (request.MemoryMiB is { } memory)
            yield return $"--mem={memory}M";
        if (request.Walltime is { } walltime)
            yield return $"--time={Math.Max(1, (long)Math.Ceiling(walltime.TotalMinutes))}";
        if (request.Partition is { } partition)
            yield return $"--partition={partition}";
        if (request.Account is { } account)
            yield return $"--account={account}";
        if (request.Array is { } array)
            yield return $"--array={ArrayTasks.Format(array)}{(request.Throttle is { } throttle ? $"%{throttle}" : "")}";
        if (request.Hold)
            yield return "--hold";
        foreach (var directive in request.Directives)
            yield return directive.Argument;
    }

    static IEnumerable<string> Faults(SubmitRequest request)
    {
        if (SlurmText.LineFault(request.Directory) is { } directory)
            yield return $"its directory {directory}";
        else if (!request.Directory.StartsWith('/') || request.Directory.Length < 2 || request.Directory.EndsWith('/'))
            yield return $"its directory '{request.Directory}' is not an absolute path without a slash at its end";
        else if (request.Directory.Contains('\\'))
            yield return $"its directory '{request.Directory}' has a backslash, which Slurm takes out of paths";
        if (SlurmText.LineFault(request.Label) is { } label)
            yield return $"its label {label}";
        else if (request.Label.Length > LongestLabel)
            yield return $"its label has {request.Label.Length} characters, more than {LongestLabel}";
        if (request.Partition is { } partition && !DirectiveRules.IsName(partition))
            yield return $"partition '{Shown(partition)}' is not a name: letters, digits and . _ @ + - (several with commas)";
        if (request.Account is { } account && !DirectiveRules.IsName(account))
            yield return $"account '{Shown(account)}' is not a name: letters, digits and . _ @ + -";
        if (request.Command.Count == 0 || request.Command[0].Length == 0)
            yield return "it has no program to run";
        foreach (var (argument, i) in request.Command.Select((a, i) => (a, i)))
        {
            if (SlurmText.Fault(argument) is { } fault)
                yield return $"argument {i} of its program {fault}";
        }

        foreach (var (name, value) in request.Environment)
        {
            if (name.Length == 0 || name.Contains('=') || SlurmText.LineFault(name) is not null)
                yield return $"'{Shown(name)}' is not the name of an environment variable";
            if (value is not null && SlurmText.Fault(value) is { } fault)
                yield return $"environment variable {Shown(name)} {fault}";
        }

        if (request.Cores < 1)
            yield return $"{request.Cores} cores: at least 1";
        if (request.MemoryMiB is < 1)
            yield return $"{request.MemoryMiB} MiB of memory: at least 1";
        if (request.Walltime is { } walltime && walltime <= TimeSpan.Zero)
            yield return $"a walltime of {walltime}: it must be longer than 0";
        if (request.Array is { Count: 0 } || request.Array?.Any(i => i < 0) == true)
            yield return "its array has no index, or one below 0";
        if (request.Throttle is < 1)
            yield return $"a throttle of {request.Throttle}: at least 1";
    }

    static string Shown(string text) => new([.. text.Take(80).Select(c => char.IsControl(c) ? '\ufffd' : c)]);
}
