using System.Text;

namespace Holoflow.Slurm.Profiles;

/// <summary>Writes cluster profiles.</summary>
public static class ProfileWriter
{
    /// <summary>The profile as a file; <see cref="ProfileReader"/> reads the same from it.</summary>
    public static string Write(ClusterProfile profile)
    {
        var text = new StringBuilder();
        Line("partition", profile.Partition is { } partition ? Quoted(partition) : null);
        Line("account", profile.Account is { } account ? Quoted(account) : null);
        Line("cores", $"{profile.Cores}");
        Line("processes", $"{profile.Processes}");
        Line("memory", profile.MemoryMiB is { } memory ? $"{memory}MiB" : null);
        Line("walltime", profile.Walltime is { } walltime ? Quoted(Quantity.Text(walltime)) : null);
        Lines("extra_directives", profile.Directives.Select(d => d.Argument));
        Lines("prologue", profile.Prologue);
        Line("log_directory", profile.LogDirectory is { } directory ? Quoted(directory) : null);
        Line("minimum_allocations", $"{profile.MinimumAllocations}");
        Line("maximum_allocations", $"{profile.MaximumAllocations}");
        Line("calls_per_minute", $"{profile.CallsPerMinute}");
        Line("idle_timeout", $"{profile.IdleTimeoutSeconds}");
        Line("after_crash", profile.CancelAfterCrash ? "cancel" : "adopt");
        return text.ToString();

        void Line(string key, string? value)
        {
            if (value is not null)
                text.Append($"{key}: {value}\n");
        }

        void Lines(string key, IEnumerable<string> values)
        {
            var list = values.ToList();
            if (list.Count > 0)
                text.Append($"{key}:\n{string.Concat(list.Select(value => $"  - {Quoted(value)}\n"))}");
        }
    }

    /// <summary>A double-quoted scalar: every control character is escaped.</summary>
    static string Quoted(string value) =>
        $"\"{string.Concat(value.Select(c => c switch { '"' => "\\\"", '\\' => "\\\\", '\n' => "\\n", '\t' => "\\t", _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufeff' => $"\\u{(int)c:x4}", _ => $"{c}" }))}\"";
}
