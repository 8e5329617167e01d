namespace Holoflow.CliBenchmarks;

/// <summary>How busy the machine is beside this.</summary>
static class Load
{
    /// <summary>The load average of the last minute.</summary>
    public static string Now() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}

/// <summary>A folder that is gone afterwards.</summary>
sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("holoflow-bench-").FullName;

    /// <summary>The path of a home that is not there yet.</summary>
    public string NewHome() => System.IO.Path.Combine(Path, Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N"));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
