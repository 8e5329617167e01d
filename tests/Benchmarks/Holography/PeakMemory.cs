using System.Globalization;

namespace Holoflow.HolographyBenchmarks;

/// <summary>The largest memory that a process held, and that each of its descendants held, as the kernel counts it (VmHWM). Looked at again and again, as it goes with the process.</summary>
sealed class PeakMemory(int root)
{
    readonly Dictionary<int, long> _kilobytes = [];

    /// <summary>Of the process itself, MiB.</summary>
    public double Own => _kilobytes.GetValueOrDefault(root) / 1024.0;

    /// <summary>The largest of a descendant, MiB; 0 where there was none.</summary>
    public double LargestChild => _kilobytes.Where(entry => entry.Key != root).Select(entry => entry.Value).DefaultIfEmpty().Max() / 1024.0;

    public void Look()
    {
        var parents = Directory.GetDirectories("/proc").Select(path => Path.GetFileName(path)).Where(name => int.TryParse(name, out _))
            .Select(name => int.Parse(name, CultureInfo.InvariantCulture)).ToDictionary(id => id, id => Value(id, "PPid:"));
        foreach (var id in parents.Keys.Where(id => IsBelow(id, parents)))
            _kilobytes[id] = Math.Max(_kilobytes.GetValueOrDefault(id), Value(id, "VmHWM:") ?? 0);
    }

    bool IsBelow(int id, Dictionary<int, long?> parents)
    {
        for (var at = (long?)id; at is { } process and > 1; at = parents.GetValueOrDefault((int)process))
        {
            if (process == root)
                return true;
        }
        return false;
    }

    // Null where the process has gone.
    static long? Value(int id, string name)
    {
        try
        {
            return File.ReadLines($"/proc/{id}/status").Where(line => line.StartsWith(name, StringComparison.Ordinal))
                .Select(line => (long?)long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)).FirstOrDefault();
        }
        catch (IOException)
        {
            return null;
        }
    }
}
