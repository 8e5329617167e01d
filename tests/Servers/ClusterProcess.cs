using System.Diagnostics;

namespace Holoflow.Servers;

/// <summary>A process that a Slurm of a test's own has started: a job, or the step daemon over it. Both outlive the node's daemon.</summary>
sealed class ClusterProcess
{
    readonly int _id;
    readonly string[] _environment;

    ClusterProcess(int id, string[] environment)
    {
        _id = id;
        _environment = environment;
    }

    /// <summary>True for what runs on a node, false for commands that a test calls.</summary>
    public bool IsJob => Value("SLURM_JOB_ID") is not null || Name().StartsWith("slurmstepd", StringComparison.Ordinal);

    /// <summary>The processes whose environment names a configuration file.</summary>
    public static IEnumerable<ClusterProcess> All(string configuration) =>
        Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Select(name => int.TryParse(name, out var id) ? new ClusterProcess(id, Read(id, "environ").Split('\0')) : null)
            .OfType<ClusterProcess>().Where(process => string.Equals(process.Value("SLURM_CONF"), configuration, StringComparison.Ordinal));

    /// <summary>A variable of its environment.</summary>
    public string? Value(string name) => _environment.FirstOrDefault(entry => entry.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    /// <summary>True for a job's processes and for the daemon of its batch step.</summary>
    public bool IsOf(long job) => string.Equals(Value("SLURM_JOB_ID"), $"{job}", StringComparison.Ordinal) || Name().StartsWith($"slurmstepd: [{job}.", StringComparison.Ordinal);

    /// <summary>Its number.</summary>
    public int Id => _id;

    /// <summary>Sends a signal, by its name without SIG, to those that have not ended by themselves.</summary>
    public static async Task Signal(string name, IEnumerable<ClusterProcess> processes)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{name}", "--", .. processes.Select(process => $"{process._id}")]) { UseShellExecute = false, RedirectStandardError = true })!;
        _ = await kill.StandardError.ReadToEndAsync();
        await kill.WaitForExitAsync();
    }

    string Name() => Read(_id, "cmdline");

    static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
